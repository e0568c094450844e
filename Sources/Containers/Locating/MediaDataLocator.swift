/// Finds chunks in MP4, in its `mdat` boxes (ISO/IEC 14496-12 8.1.1). The only one of a file without fragments has everything
/// in the order of writing. That of a fragment has everything that was written since the last one, stream by stream, with the
/// video first.
package struct MediaDataLocator: PayloadLocator {
    private enum Entry {
        case chunk(Int)
        case other(Int)
    }

    private var walker = ByteWalker()
    private var expected: [Entry] = []
    private var located: [Range<Int>] = []
    private var isWrong = false
    /// Where the next chunk is in the `mdat` that has no length before the end of the file.
    private var open: Int?

    package var isComplete: Bool { chunks.isEmpty }

    package init() {}

    package mutating func expect(byteCount: Int) { expect(.chunk(byteCount)) }

    package mutating func passOver(byteCount: Int) { expect(.other(byteCount)) }

    private mutating func expect(_ entry: Entry) {
        expected.append(entry)
        if open != nil { locateInOrder() }
    }

    private var chunks: [Int] { expected.compactMap { if case .chunk(let size) = $0 { size } else { nil } } }

    package mutating func append(_ bytes: RawSpan) {
        // The walker and what it finds are members of one value.
        var walker = walker
        walker.walk(bytes) { box($0, $1) }
        self.walker = walker
    }

    package mutating func takeLocated() -> [Range<Int>]? {
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
                locateInOrder()
            }
            return .max
        }
        let rest = max(0, size - header.count)
        if isMediaData { locateFragment(end..<end + rest) }
        return rest
    }

    private mutating func locateInOrder() {
        guard var start = open else { return }
        for entry in expected {
            switch entry {
            case .chunk(let size):
                located.append(start..<start + size)
                start += size
            case .other(let size): start += size
            }
        }
        expected = []
        open = start
    }

    /// After the chunks, the fragment has data of the other streams, perhaps only a part: libavformat may keep some of it for
    /// the next fragment.
    private mutating func locateFragment(_ data: Range<Int>) {
        let others = others
        var start = data.lowerBound
        for size in chunks {
            located.append(start..<start + size)
            start += size
        }
        let rest = data.upperBound - start
        isWrong = isWrong || !(0...others).contains(rest)
        expected = others > rest ? [.other(others - rest)] : []
    }

    private var others: Int { expected.reduce(0) { if case .other(let size) = $1 { $0 + size } else { $0 } } }
}

private func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(clamping: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
}
