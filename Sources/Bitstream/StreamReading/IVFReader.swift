/// Cuts an IVF file into its frames. The format has no standard; this is what libvpx's `ivfdec.c` and FFmpeg's read.
package struct IVFReader: StreamSplitter {
    /// The contents of the file's first 32 bytes.
    package struct Header: Hashable, Sendable {
        /// The codec's four characters, such as `VP90`.
        package let fourCC: String
        /// Width of the pictures.
        package let width: Int
        /// Height of the pictures.
        package let height: Int
        /// Units of time in a second, over ``timeBaseNumerator``.
        package let timeBaseDenominator: Int
        /// Seconds in ``timeBaseDenominator`` units of time.
        package let timeBaseNumerator: Int
        /// Number of frames, which writers to a pipe do not know and leave at 0.
        package let frameCount: Int
    }

    private var buffer: StreamBuffer
    /// The file's header; `nil` until its 32 bytes have come.
    package private(set) var header: Header?

    /// A reader at the beginning of a file.
    ///
    /// - Parameter limit: The most bytes that a frame may have.
    package init(limit: Int = StreamLimit.unitBytes) { buffer = StreamBuffer(limit: limit) }

    /// Takes bytes of the file.
    package mutating func append(_ bytes: ArraySlice<UInt8>) { buffer.append(bytes) }

    /// The next frame.
    package mutating func next() throws(BitstreamError) -> StreamUnit? {
        guard try readHeader(), buffer.count >= 12 else { return nil }
        let size = little(0, bytes: 4)
        try buffer.check(unit: size)
        guard buffer.count - 12 >= size else { return nil }
        let timestamp = Int64(truncatingIfNeeded: UInt64(little(4, bytes: 4)) | UInt64(little(8, bytes: 4)) << 32)
        _ = buffer.take(12)
        return StreamUnit(offset: buffer.taken, bytes: buffer.take(size), timestamp: timestamp)
    }

    /// The frames that are left.
    package mutating func end() throws(BitstreamError) -> StreamUnit? {
        if let unit = try next() { return unit }
        guard header != nil || buffer.isEmpty else {
            throw buffer.truncated("the file ends within its header", at: buffer.count, expected: "32 bytes")
        }
        guard buffer.isEmpty else {
            let expected = buffer.count < 12 ? "12 bytes of frame header" : "\(little(0, bytes: 4) + 12) bytes"
            throw buffer.truncated("the file ends within a frame of \(buffer.count) bytes", at: 0, expected: expected)
        }
        return nil
    }

    /// Reads the header, unless that is done; false if its bytes have not arrived yet.
    private mutating func readHeader() throws(BitstreamError) -> Bool {
        guard header == nil else { return true }
        let signature = Array("DKIF".utf8)
        guard Array(buffer.bytes(from: 0, upTo: 4)) == Array(signature.prefix(buffer.count)) else {
            throw buffer.invalid("the file does not begin with an IVF header", at: 0, expected: "DKIF")
        }
        guard buffer.count >= 32 else { return false }
        try check("version", little(4, bytes: 2), is: 0, at: 4)
        try check("header size", little(6, bytes: 2), is: 32, at: 6)
        header = Header(
            fourCC: String(decoding: buffer.bytes(from: 8, upTo: 4), as: UTF8.self),
            width: little(12, bytes: 2),
            height: little(14, bytes: 2),
            timeBaseDenominator: little(16, bytes: 4),
            timeBaseNumerator: little(20, bytes: 4),
            frameCount: little(24, bytes: 4)
        )
        _ = buffer.take(32)
        return true
    }

    private func check(_ field: String, _ actual: Int, is expected: Int, at position: Int) throws(BitstreamError) {
        guard actual == expected else {
            throw buffer.invalid("\(field) \(actual)", at: position, expected: "\(expected)")
        }
    }

    /// An unsigned number, its low byte first.
    private func little(_ position: Int, bytes count: Int) -> Int {
        buffer.bytes(from: position, upTo: count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
