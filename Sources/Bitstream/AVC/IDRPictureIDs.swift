/// Gives consecutive IDR pictures different numbers (`idr_pic_id`, H.264 7.4.3), if access units come from independent
/// encoders.
package struct IDRPictureIDs: Sendable {
    private let framing: NALUnitFraming
    private var sets = AVCParameterSets()
    /// The number of the last access unit's picture, if it was an IDR picture.
    private var last: Int?

    /// Before the first access unit.
    ///
    /// - Parameter isLengthPrefixed: NAL units are after their lengths of four bytes, rather than after start codes.
    package init(isLengthPrefixed: Bool) { framing = NALUnitFraming(lengthSize: isLengthPrefixed ? 4 : nil) }

    /// Reads the parameter sets that do not be in the stream.
    package mutating func take(record: [UInt8]) throws(BitstreamError) {
        for nalUnit in try AVCDecoderConfigurationRecord(parsing: record).parameterSets { try sets.take(nalUnit[...]) }
    }

    /// An access unit as it may be after the last one.
    package mutating func distinct(_ accessUnit: [UInt8]) throws(BitstreamError) -> [UInt8] {
        let units = try framing.split(accessUnit)
        var number: Int?
        for unit in units {
            try sets.take(unit)
            guard try NALUnitHeader(parsing: unit).type == .idrSlice else { continue }
            number = try sets.header(ofSlice: unit).header.idrPicID
            break
        }
        defer { last = number }
        guard let own = number, own == last else { return accessUnit }
        let other = own == 0 ? 1 : 0
        number = other
        return try rewriting(accessUnit, units, to: other)
    }

    private mutating func rewriting(
        _ accessUnit: [UInt8],
        _ units: [ArraySlice<UInt8>],
        to number: Int
    ) throws(BitstreamError) -> [UInt8] {
        var (bytes, place) = ([UInt8](), 0)
        for unit in units {
            let slice = try NALUnitHeader(parsing: unit).type == .idrSlice
            let rewritten = slice ? try sets.rewriting(unit, idrPicID: number)[...] : unit
            if framing != .annexB {
                framing.append(rewritten, to: &bytes)
            } else {
                bytes += accessUnit[place..<unit.startIndex] + rewritten
            }
            place = unit.endIndex
        }
        return bytes + accessUnit[place...]
    }
}
