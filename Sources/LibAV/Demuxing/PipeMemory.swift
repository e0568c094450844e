/// The bytes of a pipe that libavformat may read again: it goes back to where a picture of a GIF begins, once it knows where
/// it ends.
struct PipeMemory {
    /// Bytes that are kept, at most.
    private static let limit = 64 << 20
    /// libavformat goes back to a little before the place that it wants.
    private static let margin = 256 << 10

    private var bytes: [UInt8] = []
    /// The place of the first of them.
    private var start = 0
    /// The place of the byte that is read next.
    private(set) var position = 0

    /// Nothing has been read.
    init() {}

    /// Keeps bytes that were read from the pipe.
    mutating func keep(_ fresh: RawSpan) {
        // SAFETY: the bytes are copied while the span is there.
        unsafe fresh.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        position = start + bytes.count
        if bytes.count > Self.limit { drop(bytes.count - Self.limit / 2) }
    }

    /// Gives out bytes that are read again.
    ///
    /// - Returns: How many; 0 where the pipe is to be read.
    mutating func read(into target: inout MutableRawSpan) -> Int {
        let offset = position - start
        let count = min(bytes.count - offset, target.byteCount)
        for index in 0..<count { target.storeBytes(of: bytes[offset + index], toByteOffset: index, as: UInt8.self) }
        position += count
        return count
    }

    /// Goes to a place; false if its bytes are not kept.
    mutating func seek(to place: Int) -> Bool {
        guard place >= start, place <= start + bytes.count else { return false }
        position = place
        return true
    }

    /// Nothing before a place is read again.
    mutating func forget(before place: Int) {
        let count = place - Self.margin - start
        // Few bytes are not worth to move the others.
        if count > Self.margin, count > bytes.count / 2 { drop(min(count, position - start)) }
    }

    private mutating func drop(_ count: Int) {
        bytes.removeFirst(count)
        start += count
    }
}
