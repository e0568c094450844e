/// Computes picture order counts of HEVC (H.265 8.3.1).
package struct HEVCPictureCounter: Sendable {
    /// `PicOrderCntVal` of `prevTid0Pic`; `nil` where decoding begins.
    private var previous: Int?
    /// Pictures that lead the last random access picture may refer to what is not there.
    private var skipsLeading = false

    /// A counter at the beginning of a stream.
    package init() {}

    /// The place of the next picture.
    ///
    /// - Parameters:
    ///   - header: The header of its first slice segment.
    ///   - sps: The sequence parameter set of the slice.
    /// - Returns: `nil` for a picture that refers to pictures before the point where decoding began: no decoder shows it.
    package mutating func order(of header: HEVCSliceHeader, _ sps: HEVCSequenceParameterSet) -> PictureOrder? {
        let type = header.nalUnitType
        if type.isRandomAccess {
            // BLA, IDR, and whatever comes first: decoding can begin here (`NoRaslOutputFlag`).
            let begins = previous == nil || type != .cleanRandomAccess
            skipsLeading = begins && !type.isIDR
            if begins {
                previous = header.picOrderCntLsb
                return .first(header.picOrderCntLsb)
            }
        }
        guard !(type.isSkippedLeading && skipsLeading) else { return nil }
        let count = count(header.picOrderCntLsb, modulus: 1 << sps.log2MaxPicOrderCntLsb)
        if header.temporalID == 0, type.isOrderReference { previous = count }
        return .count(count)
    }

    /// The sequence ends here: a random access picture that follows begins another.
    package mutating func endSequence() { previous = nil }

    private func count(_ low: Int, modulus: Int) -> Int {
        let last = previous ?? 0
        let lastLow = last & (modulus - 1)
        var high = last - lastLow
        if low < lastLow, lastLow - low >= modulus / 2 {
            high += modulus
        } else if low > lastLow, low - lastLow > modulus / 2 {
            high -= modulus
        }
        return high + low
    }
}

extension HEVCNALUnitType {
    /// `RASL_N` and `RASL_R`.
    package var isSkippedLeading: Bool { rawValue == 8 || rawValue == 9 }
    /// Neither leading (RADL, RASL) nor a sub-layer non-reference picture, which later counts ignore.
    fileprivate var isOrderReference: Bool {
        !(6...9).contains(rawValue) && !(rawValue < 16 && rawValue % 2 == 0)
    }
}
