/// Finds pictures and beginnings of pictures that are missing in a stream of HEVC, by the headers of its slice segments.
///
/// Every picture names those that it refers to by their distance in output order (8.3.2), so that one of them that never came
/// shows. A picture that none refers to, and one that is referred to as a long-term picture only, is not missed.
struct HEVCContinuity: Sendable {
    private var counter = HEVCPictureCounter()
    /// Order counts of the pictures that may be referred to; `nil` before the first random access picture.
    private var kept: Set<Int>?
    /// What the slice segments of the unit's picture share; `nil` before its first one.
    private var current: (type: HEVCNALUnitType, low: Int)?
    /// `slice_segment_address` of the slice segment before.
    private var lastAddress = 0

    /// The next access unit begins.
    mutating func beginUnit() { current = nil }

    /// The sequence ends.
    mutating func endSequence() { counter.endSequence() }

    /// A header could not be read: what follows cannot be held against it, up to the next random access picture.
    mutating func lose() { kept = nil }

    /// Takes a further slice segment of a picture; throws if the picture's first one is missing.
    ///
    /// - Parameters:
    ///   - header: Its header; `nil` if it is a dependent one or cannot be read.
    ///   - address: Its `slice_segment_address`; `nil` if it cannot be read.
    ///   - offset: Its place, for errors.
    mutating func takeFurther(_ header: HEVCSliceHeader?, address: Int?, at offset: Int) throws(BitstreamError) {
        if let current {
            guard let header, current != (header.nalUnitType, header.picOrderCntLsb) else {
                try checkOrder(address, at: offset)
                return
            }
        }
        let what = "a picture begins with a further slice segment"
        throw BitstreamError(.invalid, what, at: .byte(offset), expected: "its first one")
    }

    /// 7.4.2.4.5: a slice segment that comes again, or is out of order, would be decoded over what is there.
    private mutating func checkOrder(_ address: Int?, at offset: Int) throws(BitstreamError) {
        guard let address else { return }
        guard address > lastAddress else {
            let what = "a slice segment at block \(address) after one at \(lastAddress)"
            throw BitstreamError(.invalid, what, at: .byte(offset), expected: "slice segments in increasing order")
        }
        lastAddress = address
    }

    /// Takes a picture's first slice segment; throws if a picture is missing that it refers to.
    mutating func take(
        _ header: HEVCSliceHeader,
        _ sps: HEVCSequenceParameterSet,
        at offset: Int
    ) throws(BitstreamError) {
        (current, lastAddress) = ((header.nalUnitType, header.picOrderCntLsb), 0)
        switch counter.order(of: header, sps) {
        case nil: break
        case .first(let count): kept = [count]
        case .count(let count): try check(header, count, at: offset)
        }
    }

    private mutating func check(_ header: HEVCSliceHeader, _ count: Int, at offset: Int) throws(BitstreamError) {
        guard let kept else { return }
        let entries = header.shortTermReferences.all
        if let missing = entries.first(where: { $0.isUsed && !kept.contains(count + $0.delta) }) {
            let what = "picture \(count) refers to picture \(count + missing.delta), which is missing"
            throw BitstreamError(.invalid, what, at: .byte(offset), expected: "an earlier picture")
        }
        self.kept = kept.intersection(entries.map { count + $0.delta }).union([count])
    }
}
