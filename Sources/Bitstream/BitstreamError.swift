/// What is wrong with some bytes: the thing, where it is, and what would have been right.
package struct BitstreamError: Error, Hashable, Sendable {
    /// The kind of failure, for those who act on it.
    package enum Reason: Hashable, Sendable {
        /// The bytes end too early.
        case truncated
        /// The bytes break a rule of their format.
        case invalid
        /// The bytes may be right, but Sluice does not read their kind.
        case unsupported
    }

    /// A distance from the first byte that was given to the parser.
    package enum Offset: Hashable, Sendable {
        /// Bits, counted without emulation prevention bytes.
        case bit(Int)
        /// Bytes.
        case byte(Int)
    }

    /// The kind of failure.
    package let reason: Reason
    /// The thing and its value.
    package let what: String
    /// Where it is.
    package let offset: Offset
    /// What would have been right.
    package let expected: String

    /// An error at an offset.
    package init(_ reason: Reason, _ what: String, at offset: Offset, expected: String) {
        self.reason = reason
        self.what = what
        self.offset = offset
        self.expected = expected
    }

    /// A number outside its range.
    static func outOfRange(_ field: String, _ actual: Int, in allowed: ClosedRange<Int>, at bit: Int) -> Self {
        let expected = allowed.count == 1 ? "\(allowed.lowerBound)" : "\(allowed.lowerBound)...\(allowed.upperBound)"
        return BitstreamError(.invalid, "invalid \(field) \(actual)", at: .bit(bit), expected: expected)
    }
}

extension BitstreamError: CustomStringConvertible {
    /// The thing, its place, and what would have been right.
    package var description: String {
        switch offset {
        case .bit(let bit): "\(what) at bit \(bit) (expected \(expected))"
        case .byte(let byte): "\(what) at byte \(byte) (expected \(expected))"
        }
    }
}
