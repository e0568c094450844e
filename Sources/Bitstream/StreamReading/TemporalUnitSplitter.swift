/// Cuts a low-overhead AV1 stream (section 5 of the specification) into temporal units, each with its delimiter.
package struct TemporalUnitSplitter: StreamSplitter {
    private var cursor: PieceCursor

    /// A splitter at the beginning of a stream.
    ///
    /// - Parameter limit: The most bytes that a temporal unit may have.
    package init(limit: Int = StreamLimit.unitBytes) { cursor = PieceCursor("an OBU", limit: limit) }

    /// Takes bytes of the stream.
    package mutating func append(_ bytes: ArraySlice<UInt8>) { cursor.append(bytes) }

    /// The next temporal unit whose successor has begun.
    package mutating func next() throws(BitstreamError) -> StreamUnit? {
        while let unit = try OBUFraming(cursor.bytes(upTo: OBUFraming.longestHeader), at: cursor.offset) {
            guard unit.type == .temporalDelimiter || cursor.offset > 0 else {
                throw cursor.invalid("obu_type \(unit.type.rawValue)", expected: "2, a temporal delimiter")
            }
            let isBoundary = unit.type == .temporalDelimiter && cursor.position > 0
            let boundary = isBoundary ? cursor.position : nil
            if let unit = try cursor.skip(unit.byteCount, boundary: boundary) { return unit }
        }
        return nil
    }

    /// The temporal units that are left.
    package mutating func end() throws(BitstreamError) -> StreamUnit? {
        if let unit = try next() { return unit }
        return try cursor.end()
    }
}
