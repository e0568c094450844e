internal import Bitstream
internal import CX264
internal import VideoTypes

/// Makes a chunk's bytes of the NAL units that libx264 gives: as they are, but for the SPS, which is ours.
struct AccessUnitAssembler {
    let parameterSets: X264ParameterSets
    let format: AVCFormat
    /// Parameter sets are before each key frame although the format has them elsewhere (`avc3`).
    let addsParameterSets: Bool

    /// The access unit, and the quantizer in its first slice's header.
    func assemble(
        _ units: UnsafeBufferPointer<x264_nal_t>,
        isKey: Bool
    ) throws(BitstreamError) -> (data: [UInt8], quantizer: Int) {
        var data = isKey && addsParameterSets ? parameterSets.prefix : []
        data.reserveCapacity(unsafe units.reduce(data.count + 64) { unsafe $0 + Int($1.i_payload) })
        var quantizer: Int?
        for index in units.indices {
            let unit = unsafe units[index]
            let type = unsafe NALUnitType(rawValue: UInt8(clamping: unit.i_type))
            if type == .sequenceParameterSet {
                data += [0, 0, 0, 1] + parameterSets.spsBytes
                continue
            }
            let start = data.count
            // SAFETY: a unit's payload has i_payload bytes and stays until the next call of the encoder (x264.h).
            unsafe data.append(contentsOf: UnsafeBufferPointer(start: unit.p_payload, count: Int(unit.i_payload)))
            guard quantizer == nil, type.isVCL else { continue }
            quantizer = try self.quantizer(ofSlice: data[(start + prefixLength(data[start...]))...])
        }
        return (data, quantizer ?? parameterSets.pps.initialQuantizer)
    }

    private func quantizer(ofSlice unit: ArraySlice<UInt8>) throws(BitstreamError) -> Int {
        try SliceHeader(parsing: unit, sps: parameterSets.sps, pps: parameterSets.pps).quantizer
    }

    /// A start code has three bytes or four, a length always four.
    private func prefixLength(_ unit: ArraySlice<UInt8>) -> Int {
        format == .annexB && unit.dropFirst(2).first == 1 ? 3 : 4
    }
}
