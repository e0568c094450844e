/// Computes picture order counts of H.264 (8.2.1), of frames and of the first fields of frames.
package struct AVCPictureCounter: Sendable {
    /// `prevPicOrderCntMsb` and `prevPicOrderCntLsb`.
    private var previous = (high: 0, low: 0)
    private var pictures = 0
    private var cycle = PictureOrderCycle()

    /// A counter at the beginning of a stream.
    package init() {}

    /// The place of the next picture.
    ///
    /// - Parameters:
    ///   - header: The header of its first slice.
    ///   - sps: The sequence parameter set of the slice.
    package mutating func order(
        of header: SliceHeader,
        _ sps: SequenceParameterSet
    ) throws(BitstreamError) -> PictureOrder {
        switch sps.pictureOrderCount {
        case .decodingOrder:
            pictures += 1
            return header.isIDR || pictures == 1 ? .first(pictures) : .count(pictures)
        case .cycle(let parameters):
            let count = cycle.count(of: header, parameters, modulus: 1 << sps.log2MaxFrameNum)
            return header.isIDR || header.resetsOrder ? .first(header.resetsOrder ? 0 : count) : .count(count)
        case .leastSignificantBits(let bits):
            return order(of: header, low: header.picOrderCntLsb ?? 0, modulus: 1 << bits)
        }
    }

    /// 8.2.1.1.
    private mutating func order(of header: SliceHeader, low: Int, modulus: Int) -> PictureOrder {
        if header.isIDR { previous = (0, 0) }
        var high = previous.high
        if low < previous.low, previous.low - low >= modulus / 2 {
            high += modulus
        } else if low > previous.low, low - previous.low > modulus / 2 {
            high -= modulus
        }
        if header.resetsOrder {
            // Afterwards, the picture counts as if it were 0.
            previous = (0, 0)
            return .first(0)
        }
        if header.refIdc != 0 { previous = (high, low) }
        return header.isIDR ? .first(high + low) : .count(high + low)
    }
}
