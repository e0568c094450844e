/// Ranges of bytes that do not overlap. Those that follow each other are one, so that a file in order costs one.
struct ByteRanges {
    /// In order.
    private var ranges: [Range<Int>] = []

    /// Adds a range that is not empty.
    ///
    /// - Returns: The range that it overlaps, and then it is not added.
    mutating func insert(_ range: Range<Int>) -> Range<Int>? {
        let next = firstIndex(endingBehind: range.lowerBound)
        if next < ranges.count, ranges[next].lowerBound < range.upperBound { return ranges[next] }
        let followsLast = next > 0 && ranges[next - 1].upperBound == range.lowerBound
        let leadsNext = next < ranges.count && ranges[next].lowerBound == range.upperBound
        switch (followsLast, leadsNext) {
        case (true, true):
            ranges[next - 1] = ranges[next - 1].lowerBound..<ranges[next].upperBound
            ranges.remove(at: next)
        case (true, false): ranges[next - 1] = ranges[next - 1].lowerBound..<range.upperBound
        case (false, true): ranges[next] = range.lowerBound..<ranges[next].upperBound
        case (false, false): ranges.insert(range, at: next)
        }
        return nil
    }

    private func firstIndex(endingBehind position: Int) -> Int {
        // Nearly always it is after all.
        guard let last = ranges.last, last.upperBound > position else { return ranges.count }
        var (low, high) = (0, ranges.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound > position { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
