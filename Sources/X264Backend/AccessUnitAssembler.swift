internal import Bitstream
internal import VideoTypes

/// Makes a chunk's bytes of what libx264 gives: NAL units behind 4-byte lengths.
struct AccessUnitAssembler {
    let parameterSets: X264ParameterSets
    let format: AVCFormat
    /// Parameter sets stand in the stream, before each key frame.
    let inBand: Bool

    /// The access unit, and the quantizer in its first slice's header.
    func assemble(
        _ payload: UnsafeBufferPointer<UInt8>,
        isKey: Bool,
        isFirst: Bool
    ) throws(BitstreamError) -> (data: [UInt8], quantizer: Int) {
        let prefix = isKey && inBand ? parameterSets.prefix(withSEI: isFirst) : []
        var data: [UInt8] = []
        data.reserveCapacity(prefix.count + payload.count)
        // An access unit delimiter, where one is asked for, stays first (H.264 7.4.1.2.3).
        let delimiter = unsafe Self.delimiterLength(payload)
        unsafe data.append(contentsOf: payload.prefix(delimiter))
        data.append(contentsOf: prefix)
        unsafe data.append(contentsOf: payload.dropFirst(delimiter))
        let starts = try unitStarts(in: data)
        let quantizer = try firstQuantizer(in: data, starts: starts)
        if format == .annexB { replaceLengths(in: &data, at: starts) }
        return (data, quantizer)
    }

    private static func delimiterLength(_ payload: UnsafeBufferPointer<UInt8>) -> Int {
        // An access unit delimiter NAL unit is a header, one byte, and its length before it.
        let type: UInt8? = payload.count > 6 ? unsafe payload[4] & 0x1F : nil
        return type == NALUnitType.accessUnitDelimiter.rawValue ? 6 : 0
    }

    private func unitStarts(in data: [UInt8]) throws(BitstreamError) -> [Int] {
        try LengthPrefixed.split(data).map(\.startIndex)
    }

    private func firstQuantizer(in data: [UInt8], starts: [Int]) throws(BitstreamError) -> Int {
        for start in starts {
            let unit = data[start...]
            guard try NALUnitHeader(parsing: unit).type.isVCL else { continue }
            return try SliceHeader(parsing: unit, sps: parameterSets.sps, pps: parameterSets.pps).quantizer
        }
        return parameterSets.pps.initialQuantizer
    }

    /// A start code of four bytes takes the place of each length.
    private func replaceLengths(in data: inout [UInt8], at starts: [Int]) {
        for start in starts {
            data.replaceSubrange((start - 4)..<start, with: [0, 0, 0, 1])
        }
    }
}
