/// Lines that a child writes, cut off after a limit.
package struct LineBuffer {
    private static let limit = 64 << 10
    private var rest: [UInt8] = []

    /// An empty buffer.
    package init() {}

    /// Takes bytes, and gives the lines that they complete.
    package mutating func append(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(String(decoding: rest, as: UTF8.self))
                rest = []
            } else if rest.count < Self.limit {
                rest.append(byte)
            }
        }
        return lines
    }

    /// What is after the last line feed.
    package mutating func finish() -> String? {
        defer { rest = [] }
        return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
    }
}
