/// The error in a configuration. ``isUnsupported`` distinguishes "no encoder here supports this" from "this is invalid".
public enum EncoderConfigError: Error, Hashable, Sendable {
    /// A number outside its range.
    case outOfRange(field: String, actual: Int, allowed: ClosedRange<Int>)
    /// A value that cannot be read.
    case malformed(field: String, value: String, expected: String)
    /// Settings that exclude each other.
    case conflict(String)
    /// An encoder option that the encoder does not know, with the names nearest to it.
    case unknownOption(encoder: String, key: String, nearest: [String])
    /// Well formed, but more than the codec, the level or the library supports; the text has the reason and an alternative.
    case unsupported(String)
    /// The system refuses the memory or the threads that an encoder needs; the text has the required amount.
    case insufficientResources(String)

    /// The configuration means something, but cannot be done.
    public var isUnsupported: Bool {
        switch self {
        case .unsupported, .insufficientResources: true
        case .outOfRange, .malformed, .conflict, .unknownOption: false
        }
    }
}

extension EncoderConfigError {
    /// The same error with other names for the settings in it.
    public func naming(flags: [String: String]) -> EncoderConfigError {
        switch self {
        case .outOfRange(let field, let actual, let allowed):
            .outOfRange(field: flags[field] ?? field, actual: actual, allowed: allowed)
        case .malformed(let field, let value, let expected):
            .malformed(field: flags[field] ?? field, value: value, expected: expected)
        case .conflict(let reason): .conflict(Self.renaming(reason, flags))
        case .unsupported(let reason): .unsupported(Self.renaming(reason, flags))
        case .unknownOption, .insufficientResources: self
        }
    }

    /// Only names of two or more words are replaced, such as `bitrateMode`: texts use them for nothing else.
    private static func renaming(_ reason: String, _ flags: [String: String]) -> String {
        flags.filter { flag in flag.key.contains { $0.isUppercase } }
            .reduce(reason) { text, flag in text.replacing(flag.key, with: flag.value) }
    }
}

extension EncoderConfigError: CustomStringConvertible {
    /// The thing, its value, and what would have been right.
    public var description: String {
        switch self {
        case .outOfRange(let field, let actual, let allowed):
            "invalid \(field) \(actual) (expected \(allowed.lowerBound)...\(allowed.upperBound))"
        case .malformed(let field, let value, let expected):
            "invalid \(field) \"\(value)\" (expected \(expected))"
        case .conflict(let reason), .unsupported(let reason), .insufficientResources(let reason):
            reason
        case .unknownOption(let encoder, let key, let nearest):
            "\(encoder) has no option \"\(key)\"" + Self.suggestion(nearest)
        }
    }

    private static func suggestion(_ names: [String]) -> String {
        names.isEmpty ? "" : " (did you mean \(names.joined(separator: ", "))?)"
    }
}
