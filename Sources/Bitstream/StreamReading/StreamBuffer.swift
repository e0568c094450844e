/// Bytes of a stream that have come and were not taken yet. Positions count from the first of them.
struct StreamBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0
    /// Bytes of the stream that were taken.
    private(set) var taken = 0

    /// The maximum number of bytes that ``check()`` allows here.
    let limit: Int

    init(limit: Int) { self.limit = limit }

    var count: Int { bytes.count - start }

    var isEmpty: Bool { count == 0 }

    subscript(position: Int) -> UInt8 { bytes[start + position] }

    /// Up to `length` bytes from a position on; fewer at the end.
    func bytes(from position: Int, upTo length: Int) -> ArraySlice<UInt8> {
        bytes[min(start + position, bytes.count)..<min(start + position + length, bytes.count)]
    }

    mutating func append(_ more: ArraySlice<UInt8>) {
        // Moving no more than was taken keeps the cost of a byte constant.
        if start > 0, start >= count {
            bytes.removeFirst(start)
            start = 0
        }
        bytes += more
    }

    mutating func take(_ length: Int) -> [UInt8] {
        let part = Array(bytes[start..<start + length])
        start += length
        taken += length
        return part
    }

    /// Throws if a unit of this many bytes is more than there may be.
    func check(unit length: Int) throws(BitstreamError) {
        guard length <= limit else {
            throw invalid("a unit of \(length) bytes or more", at: 0, expected: "at most \(limit)")
        }
    }

    /// The first position at or after `from` where 0, 0, 1 is.
    func startCode(from: Int) -> Int? {
        var index = start + from
        while index + 2 < bytes.count {
            switch bytes[index + 2] {
            case 0: index += 1
            case 1 where bytes[index] == 0 && bytes[index + 1] == 0: return index - start
            default: index += 3
            }
        }
        return nil
    }

    func invalid(_ what: String, at position: Int, expected: String) -> BitstreamError {
        BitstreamError(.invalid, what, at: .byte(taken + position), expected: expected)
    }

    func truncated(_ what: String, at position: Int, expected: String) -> BitstreamError {
        BitstreamError(.truncated, what, at: .byte(taken + position), expected: expected)
    }
}
