package import VideoTypes

/// `profile_tier_level()` of the whole stream (H.265 7.3.3); its values for sub-layers are skipped.
package struct HEVCProfileTierLevel: Hashable, Sendable {
    /// `general_profile_space`, `0...3`.
    package let profileSpace: Int
    /// `general_tier_flag`.
    package let tier: HEVCCodecString.Tier
    /// `general_profile_idc`, `0...31`.
    package let profileIdc: Int
    /// `general_profile_compatibility_flag[0]` in the highest bit, as they are in the bitstream.
    package let compatibility: UInt32
    /// The six bytes from `general_progressive_source_flag` to `general_inbld_flag`.
    package let constraints: [UInt8]
    /// `general_level_idc`: thirty times the level's number.
    package let levelIdc: Int

    /// The bytes that the fields have in a parameter set, in which they are at a byte's beginning.
    package static let byteCount = 12

    /// Reads the fields, and over those of the sub-layers.
    package init(reading reader: inout BitReader, maxSubLayersMinus1: Int) throws(BitstreamError) {
        profileSpace = try reader.bits(2, "general_profile_space")
        tier = try reader.flag("general_tier_flag") ? .high : .main
        profileIdc = try reader.bits(5, "general_profile_idc")
        compatibility = UInt32(try reader.bits(32, "general_profile_compatibility_flag"))
        var constraints: [UInt8] = []
        for _ in 0..<6 { constraints.append(UInt8(try reader.bits(8, "general_constraint_indicator_flags"))) }
        self.constraints = constraints
        levelIdc = try reader.bits(8, "general_level_idc")
        try Self.skipSubLayers(&reader, count: maxSubLayersMinus1)
    }

    private static func skipSubLayers(_ reader: inout BitReader, count: Int) throws(BitstreamError) {
        guard count > 0 else { return }
        var present: [(profile: Bool, level: Bool)] = []
        for _ in 0..<count {
            let profile = try reader.flag("sub_layer_profile_present_flag")
            present.append((profile, try reader.flag("sub_layer_level_present_flag")))
        }
        _ = try reader.bits((8 - count) * 2, "reserved_zero_2bits")
        for (profile, level) in present {
            if profile { for _ in 0..<11 { _ = try reader.bits(8, "sub_layer_profile") } }
            if level { _ = try reader.bits(8, "sub_layer_level_idc") }
        }
    }
}

extension HEVCProfileTierLevel {
    /// The values that a codec string names.
    package init(_ string: HEVCCodecString) {
        profileSpace = string.profileSpace
        tier = string.tier
        profileIdc = string.profileIdc
        compatibility = string.compatibilityFlags.bitReversed
        constraints = string.constraints
        levelIdc = string.levelIdc
    }

    /// The codec string of a stream with these values.
    package var codecString: HEVCCodecString {
        HEVCCodecString(
            profileSpace: profileSpace,
            profileIdc: profileIdc,
            compatibilityFlags: compatibility.bitReversed,
            tier: tier,
            levelIdc: levelIdc,
            constraints: constraints
        )
    }

    /// The bytes as they are in parameter sets and, but for the last, in the decoder configuration record.
    package var bytes: [UInt8] {
        let first = UInt8(profileSpace << 6 | (tier == .high ? 0x20 : 0) | profileIdc)
        let flags = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: compatibility >> UInt32($0)) }
        return [first] + flags + constraints + [UInt8(levelIdc)]
    }
}

extension UInt32 {
    /// The same bits, the lowest first.
    var bitReversed: UInt32 {
        var (rest, reversed) = (self, UInt32(0))
        for _ in 0..<32 {
            reversed = reversed << 1 | rest & 1
            rest >>= 1
        }
        return reversed
    }
}
