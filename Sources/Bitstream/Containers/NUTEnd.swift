/// Whether a NUT file has its end: the index, which its writer adds last, and whose own last bytes say how long it is.
///
/// The index is that of FFmpeg's `nutdec.c`: a start code, entries, 8 bytes with the distance from the end of the file to the
/// start code, and 4 of a checksum.
package struct NUTEnd: Sendable {
    /// The last bytes that were read.
    private var tail: [UInt8] = []
    /// Where they end.
    private var position = 0

    /// Nothing has been read.
    package init() {}

    /// Takes bytes that were read at a position.
    package mutating func take(_ bytes: RawSpan, at start: Int) {
        let end = start + bytes.byteCount
        // An index is read twice where bytes can be read in any order: first of all, and as the last.
        guard bytes.byteCount > 0, end > position else { return }
        let kept = min(bytes.byteCount, 12)
        if start != position { tail = [] }
        for offset in bytes.byteCount - kept..<bytes.byteCount {
            tail.append(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
        }
        tail.removeFirst(max(0, tail.count - 12))
        position = end
    }

    /// Whether an index is the last thing in the file.
    ///
    /// - Parameter end: Where the last packet ended.
    package func hasIndex(after end: Int) -> Bool {
        guard tail.count == 12 else { return false }
        let length = tail.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length >= 20, length <= UInt64(position) else { return false }
        return position - Int(length) >= end
    }
}
