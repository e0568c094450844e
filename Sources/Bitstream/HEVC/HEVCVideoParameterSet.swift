/// The beginning of a video parameter set (H.265 7.3.2.1), as far as a stream of one layer needs it.
package struct HEVCVideoParameterSet: Hashable, Sendable {
    /// `vps_video_parameter_set_id`, `0...15`.
    package let id: Int
    /// `vps_max_sub_layers_minus1` plus 1, `1...7`.
    package let maxSubLayers: Int
    /// `vps_temporal_id_nesting_flag`.
    package let temporalIDNesting: Bool
    /// Profile, tier and level.
    package let profileTierLevel: HEVCProfileTierLevel

    /// Bytes of the NAL unit, without emulation prevention, in front of profile, tier and level.
    static let profileTierLevelOffset = 6

    /// Reads a video parameter set.
    ///
    /// - Parameter nalUnit: The NAL unit as it is in a stream, from its header on.
    package init(parsing nalUnit: ArraySlice<UInt8>) throws(BitstreamError) {
        _ = try HEVCNALUnitHeader(of: nalUnit, expecting: .videoParameterSet, "a video parameter set")
        var reader = BitReader(EmulationPrevention.unescape(nalUnit))
        _ = try reader.bits(16, "nal_unit_header")
        id = try reader.bits(4, "vps_video_parameter_set_id")
        _ = try reader.bits(2, "vps_base_layer_internal_flag")
        _ = try reader.bits(6, "vps_max_layers_minus1")
        let maxSubLayersMinus1 = try reader.subLayers("vps_max_sub_layers_minus1")
        maxSubLayers = maxSubLayersMinus1 + 1
        temporalIDNesting = try reader.flag("vps_temporal_id_nesting_flag")
        _ = try reader.bits(16, "vps_reserved_0xffff_16bits")
        profileTierLevel = try HEVCProfileTierLevel(reading: &reader, maxSubLayersMinus1: maxSubLayersMinus1)
    }

    /// Reads a video parameter set.
    package init(parsing nalUnit: [UInt8]) throws(BitstreamError) { try self.init(parsing: nalUnit[...]) }
}

extension BitReader {
    /// `u(3)`: the number of sub-layers less one, which is at most 6.
    mutating func subLayers(_ field: String) throws(BitstreamError) -> Int {
        let value = try bits(3, field)
        guard value <= 6 else { throw .outOfRange(field, value, in: 0...6, at: bitOffset - 3) }
        return value
    }
}
