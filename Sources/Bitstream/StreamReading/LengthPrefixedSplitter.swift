/// Cuts NAL units behind their lengths (ISO/IEC 14496-15 5.3.4.2), one after the other in a stream, into access units.
public struct LengthPrefixedSplitter: StreamSplitter {
    private var buffer: StreamBuffer
    private var rules: AccessUnitRules
    private let lengthSize: Int
    /// Where the next length stands.
    private var position = 0

    /// A splitter at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - isHEVC: H.265 rather than H.264.
    ///   - lengthSize: Bytes of a length: 1, 2 or 4, the default.
    ///   - limit: The most bytes that an access unit may have.
    public init(isHEVC: Bool, lengthSize: Int = 4, limit: Int = StreamLimit.unitBytes) {
        precondition([1, 2, 4].contains(lengthSize), "a NAL unit's length has 1, 2 or 4 bytes")
        buffer = StreamBuffer(limit: limit)
        rules = AccessUnitRules(isHEVC: isHEVC)
        self.lengthSize = lengthSize
    }

    /// Takes bytes of the stream.
    public mutating func append(_ bytes: ArraySlice<UInt8>) { buffer.append(bytes) }

    /// The next access unit whose successor has begun.
    public mutating func next() throws(BitstreamError) -> StreamUnit? {
        while buffer.count >= position + lengthSize {
            let length = buffer.bytes(from: position, upTo: lengthSize).reduce(0) { $0 << 8 | Int($1) }
            guard length > 0 else { throw buffer.invalid("NAL unit length 0", at: position, expected: "1 or more") }
            let header = buffer.bytes(from: position + lengthSize, upTo: min(length, rules.headerBytes))
            guard header.count == min(length, rules.headerBytes) else { return nil }
            let boundary = rules.boundary(at: position, header: header)
            position += lengthSize + length
            if let boundary { return take(boundary) }
            try buffer.check(unit: position)
        }
        return nil
    }

    /// The access units that are left.
    public mutating func end() throws(BitstreamError) -> StreamUnit? {
        if let unit = try next() { return unit }
        guard position == buffer.count else {
            let expected = position > buffer.count ? "\(position - buffer.count) bytes more" : "a NAL unit"
            throw buffer.truncated("the stream ends within a NAL unit", at: buffer.count, expected: expected)
        }
        return buffer.isEmpty ? nil : take(buffer.count)
    }

    private mutating func take(_ length: Int) -> StreamUnit {
        position -= length
        return StreamUnit(offset: buffer.taken, bytes: buffer.take(length))
    }
}
