/// Cuts a low-overhead AV1 stream (section 5 of the specification) into temporal units, each with its delimiter.
public struct TemporalUnitSplitter: StreamSplitter {
    private var buffer: StreamBuffer
    /// Where the next OBU begins.
    private var position = 0

    /// A splitter at the beginning of a stream.
    ///
    /// - Parameter limit: The most bytes that a temporal unit may have.
    public init(limit: Int = StreamLimit.unitBytes) { buffer = StreamBuffer(limit: limit) }

    /// Takes bytes of the stream.
    public mutating func append(_ bytes: ArraySlice<UInt8>) { buffer.append(bytes) }

    /// The next temporal unit whose successor has begun.
    public mutating func next() throws(BitstreamError) -> StreamUnit? {
        while buffer.count > position {
            let field = buffer.bytes(from: position, upTo: OBUFraming.longestHeader)
            guard let unit = try OBUFraming(field, at: buffer.taken + position) else { return nil }
            guard unit.isTemporalDelimiter || buffer.taken + position > 0 else {
                throw buffer.invalid("obu_type \(unit.type)", at: 0, expected: "2, a temporal delimiter")
            }
            let boundary = unit.isTemporalDelimiter && position > 0 ? position : nil
            position += unit.byteCount
            if let boundary { return take(boundary) }
            try buffer.check(unit: position)
        }
        return nil
    }

    /// The temporal units that are left.
    public mutating func end() throws(BitstreamError) -> StreamUnit? {
        if let unit = try next() { return unit }
        guard position == buffer.count else {
            let expected = position > buffer.count ? "\(position - buffer.count) bytes more" : "an OBU"
            throw buffer.truncated("the stream ends within an OBU", at: buffer.count, expected: expected)
        }
        return buffer.isEmpty ? nil : take(buffer.count)
    }

    private mutating func take(_ length: Int) -> StreamUnit {
        position -= length
        return StreamUnit(offset: buffer.taken, bytes: buffer.take(length))
    }
}
