/// Cuts a byte stream (H.264 and H.265 annex B) into access units.
package struct AnnexBSplitter: StreamSplitter {
    private var buffer: StreamBuffer
    private var rules: AccessUnitRules
    /// No start code that was not looked at begins before this.
    private var scanned = 0

    /// A splitter at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - isHEVC: H.265 rather than H.264.
    ///   - limit: The most bytes that an access unit may have.
    package init(isHEVC: Bool, limit: Int = StreamLimit.unitBytes) {
        buffer = StreamBuffer(limit: limit)
        rules = AccessUnitRules(isHEVC: isHEVC)
    }

    /// Takes bytes of the stream.
    package mutating func append(_ bytes: ArraySlice<UInt8>) { buffer.append(bytes) }

    /// The next access unit whose successor has begun.
    package mutating func next() throws(BitstreamError) -> StreamUnit? { try next(isLast: false) }

    /// The access units that are left.
    package mutating func end() throws(BitstreamError) -> StreamUnit? {
        if let unit = try next(isLast: true) { return unit }
        guard !buffer.isEmpty else { return nil }
        guard scanned > 0 else { throw buffer.truncated("a NAL unit", at: 0, expected: "a start code and a header") }
        return take(buffer.count)
    }

    private mutating func next(isLast: Bool) throws(BitstreamError) -> StreamUnit? {
        while let code = buffer.startCode(from: scanned) {
            if buffer.taken == 0, scanned == 0 { try checkZeros(before: code) }
            let header = buffer.bytes(from: code + 3, upTo: rules.headerBytes)
            guard header.count == rules.headerBytes || isLast else { return nil }
            scanned = code + 3
            // A zero before the start code is its own (`zero_byte`); more of them trail the NAL unit before.
            let position = code > 0 && buffer[code - 1] == 0 ? code - 1 : code
            if let boundary = rules.boundary(at: position, header: header), boundary > 0 {
                try buffer.check(unit: boundary)
                return take(boundary)
            }
        }
        if buffer.taken == 0, scanned == 0 { try checkZeros(before: buffer.count) }
        if scanned > 0 { scanned = max(scanned, buffer.count - 2) }
        try buffer.check(unit: buffer.count)
        return nil
    }

    /// Data without a start code at the beginning is not a byte stream.
    private func checkZeros(before end: Int) throws(BitstreamError) {
        let garbage = buffer.bytes(from: 0, upTo: end).prefix(1024).enumerated().first { $0.element != 0 }
        // The 1 of an incomplete start code.
        guard let garbage, garbage.element != 1 || garbage.offset < 2 else { return }
        throw buffer.invalid("byte \(garbage.element)", at: garbage.offset, expected: "a start code: 0, 0, 1")
    }

    private mutating func take(_ length: Int) -> StreamUnit {
        scanned = max(0, scanned - length)
        return StreamUnit(offset: buffer.taken, bytes: buffer.take(length))
    }
}
