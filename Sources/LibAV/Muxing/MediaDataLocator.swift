/// Finds chunks in MP4: in `mdat` boxes they stand one behind the other (ISO/IEC 14496-12 8.1.1).
struct MediaDataLocator: PayloadLocator {
    private var walker = ByteWalker()
    private var expected: [Int] = []
    private var located: [Range<Int>] = []
    private var isWrong = false
    /// Where the next chunk stands in the `mdat` that has no length before the end of the file.
    private var open: Int?

    var isComplete: Bool { expected.isEmpty }

    mutating func expect(byteCount: Int) {
        expected.append(byteCount)
        if open != nil { locate(upTo: .max) }
    }

    mutating func append(_ bytes: RawSpan) {
        // The walker and what it finds are members of one value.
        var walker = walker
        walker.walk(bytes) { box($0, $1) }
        self.walker = walker
    }

    mutating func takeLocated() -> [Range<Int>]? {
        defer { located = [] }
        return isWrong ? nil : located
    }

    private mutating func box(_ header: [UInt8], _ end: Int) -> Int? {
        guard header.count >= 8 else { return nil }
        var size = bigEndian(header[0..<4])
        if size == 1 {
            guard header.count >= 16 else { return nil }
            size = bigEndian(header[8..<16])
        }
        let isMediaData = Array(header[4..<8]) == Array("mdat".utf8)
        guard size > 0 else {
            // To the end of the file; the length is put in there.
            if isMediaData {
                open = end
                locate(upTo: .max)
            }
            return .max
        }
        let rest = max(0, size - header.count)
        if isMediaData {
            open = end
            locate(upTo: end + rest)
            isWrong = isWrong || open != end + rest
            open = nil
        }
        return rest
    }

    private mutating func locate(upTo end: Int) {
        guard var start = open else { return }
        var count = 0
        while count < expected.count, expected[count] <= end - start {
            located.append(start..<start + expected[count])
            start += expected[count]
            count += 1
        }
        expected.removeFirst(count)
        open = start
    }
}

private func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(clamping: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
}
