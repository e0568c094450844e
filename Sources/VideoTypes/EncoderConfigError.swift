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

extension EncoderConfigError: CustomStringConvertible {
    /// The thing, its value, and what would have been right.
    public var description: String {
        switch self {
        case .outOfRange(let field, let actual, let allowed):
            "invalid \(Self.name(field)) \(actual) (expected \(allowed.lowerBound)...\(allowed.upperBound))"
        case .malformed(let field, let value, let expected):
            "invalid \(Self.name(field)) \"\(value)\" (expected \(expected))"
        case .conflict(let reason), .unsupported(let reason), .insufficientResources(let reason):
            reason
        case .unknownOption(let encoder, let key, let nearest):
            "\(encoder) has no option \"\(key)\"" + Self.suggestion(nearest)
        }
    }

    /// A property's name, or what the process calls the setting.
    private static func name(_ field: String) -> String { Setting(rawValue: field)?.description ?? field }

    private static func suggestion(_ names: [String]) -> String {
        names.isEmpty ? "" : " (did you mean \(names.joined(separator: ", "))?)"
    }
}
