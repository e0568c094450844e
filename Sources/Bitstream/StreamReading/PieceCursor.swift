/// The position of a splitter in a stream whose pieces, NAL units or OBUs, store their lengths.
struct PieceCursor: Sendable {
    private var buffer: StreamBuffer
    private let piece: String
    /// Where the next piece begins, counted from the first byte that was not taken.
    private(set) var position = 0

    /// - Parameters:
    ///   - piece: The name of a piece of the stream, with its article.
    ///   - limit: The most bytes that a unit may have.
    init(_ piece: String, limit: Int) {
        self.piece = piece
        buffer = StreamBuffer(limit: limit)
    }

    /// Where the next piece begins in the stream.
    var offset: Int { buffer.taken + position }

    mutating func append(_ bytes: ArraySlice<UInt8>) { buffer.append(bytes) }

    /// Up to `length` bytes of what follows, after the first `skipped`; fewer at the end.
    func bytes(behind skipped: Int = 0, upTo length: Int) -> ArraySlice<UInt8> {
        buffer.bytes(from: position + skipped, upTo: length)
    }

    /// Moves to the end of a piece.
    ///
    /// - Returns: The unit that ends at `boundary`, if there is one.
    mutating func skip(_ length: Int, boundary: Int?) throws(BitstreamError) -> StreamUnit? {
        position += length
        if let boundary { return take(boundary) }
        try buffer.check(unit: position)
        return nil
    }

    /// The rest of a stream that has ended.
    mutating func end() throws(BitstreamError) -> StreamUnit? {
        guard position == buffer.count else {
            let expected = position > buffer.count ? "\(position - buffer.count) bytes more" : piece
            throw buffer.truncated("the stream ends within \(piece)", at: buffer.count, expected: expected)
        }
        return buffer.isEmpty ? nil : take(buffer.count)
    }

    /// That what follows is not as it must be.
    func invalid(_ what: String, expected: String) -> BitstreamError {
        buffer.invalid(what, at: position, expected: expected)
    }

    private mutating func take(_ length: Int) -> StreamUnit {
        position -= length
        return StreamUnit(offset: buffer.taken, bytes: buffer.take(length))
    }
}
