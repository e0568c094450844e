/// Cuts a length-delimited AV1 stream (annex B of the specification) into temporal units, each with its size.
package struct AV1AnnexBSplitter: StreamSplitter {
    private var buffer: StreamBuffer

    /// A splitter at the beginning of a stream.
    ///
    /// - Parameter limit: The most bytes that a temporal unit may have.
    package init(limit: Int = StreamLimit.unitBytes) { buffer = StreamBuffer(limit: limit) }

    /// Takes bytes of the stream.
    package mutating func append(_ bytes: ArraySlice<UInt8>) { buffer.append(bytes) }

    /// The next temporal unit.
    package mutating func next() throws(BitstreamError) -> StreamUnit? {
        guard let length = try length(), length <= buffer.count else { return nil }
        return StreamUnit(offset: buffer.taken, bytes: buffer.take(length))
    }

    /// The temporal units that are left.
    package mutating func end() throws(BitstreamError) -> StreamUnit? {
        if let unit = try next() { return unit }
        guard buffer.isEmpty else {
            let expected = try length().map { "\($0 - buffer.count) bytes more" } ?? "the rest of temporal_unit_size"
            throw buffer.truncated("the stream ends within a temporal unit", at: buffer.count, expected: expected)
        }
        return nil
    }

    /// Bytes of the unit with its size; `nil` if the size is not there yet.
    private func length() throws(BitstreamError) -> Int? {
        let start = buffer.bytes(from: 0, upTo: 8)
        guard start.contains(where: { $0 & 0x80 == 0 }) || start.count == 8 else { return nil }
        let (size, length) = try LEB128.read(start, "temporal_unit_size", at: buffer.taken)
        try buffer.check(unit: size + length)
        return size + length
    }
}
