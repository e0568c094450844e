/// Cuts NAL units after their lengths (ISO/IEC 14496-15 5.3.4.2), one after the other in a stream, into access units.
package struct LengthPrefixedSplitter: StreamSplitter {
    private var cursor: PieceCursor
    private var rules: AccessUnitRules
    private let lengthSize: Int

    /// A splitter at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - isHEVC: H.265 rather than H.264.
    ///   - lengthSize: Bytes of a length: 1, 2 or 4, the default.
    ///   - limit: The most bytes that an access unit may have.
    package init(isHEVC: Bool, lengthSize: Int = 4, limit: Int = StreamLimit.unitBytes) {
        precondition([1, 2, 4].contains(lengthSize), "a NAL unit's length has 1, 2 or 4 bytes")
        cursor = PieceCursor("a NAL unit", limit: limit)
        rules = AccessUnitRules(isHEVC: isHEVC)
        self.lengthSize = lengthSize
    }

    /// Takes bytes of the stream.
    package mutating func append(_ bytes: ArraySlice<UInt8>) { cursor.append(bytes) }

    /// The next access unit whose successor has begun.
    package mutating func next() throws(BitstreamError) -> StreamUnit? {
        while case let field = cursor.bytes(upTo: lengthSize), field.count == lengthSize {
            let length = field.reduce(0) { $0 << 8 | Int($1) }
            guard length > 0 else { throw cursor.invalid("NAL unit length 0", expected: "1 or more") }
            let header = cursor.bytes(behind: lengthSize, upTo: min(length, rules.headerBytes))
            guard header.count == min(length, rules.headerBytes) else { return nil }
            let boundary = rules.boundary(at: cursor.position, header: header)
            if let unit = try cursor.skip(lengthSize + length, boundary: boundary) { return unit }
        }
        return nil
    }

    /// The access units that are left.
    package mutating func end() throws(BitstreamError) -> StreamUnit? {
        if let unit = try next() { return unit }
        return try cursor.end()
    }
}
