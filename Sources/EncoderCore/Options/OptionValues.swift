internal import VideoTypes

/// The values that an encoder's option may have.
package enum OptionValues: Sendable {
    /// Whatever the library takes.
    case any
    /// A whole number.
    case whole(ClosedRange<Int>)
    /// One or two numbers, or a word for on, off or automatic: beyond these, libraries take the nearest number, or refuse without a
    /// reason.
    case numbers(ClosedRange<Double>)
    /// One of these names, whose value is its index.
    case names([String])
    /// What the function accepts.
    case form(String, accepts: @Sendable (String) -> Bool)

    private static let words: Set<String> = ["true", "false", "yes", "no", "auto"]

    /// The number of a text, if the option is a whole number or a name.
    func index(of text: String) -> Int? {
        switch self {
        case .whole(let range): Int(text).flatMap { range.contains($0) ? $0 : nil }
        case .names(let names): names.firstIndex(of: text)
        case .any, .numbers, .form: nil
        }
    }

    /// Throws if the option's value is not one of these.
    func check(_ option: EncoderOption) throws(EncoderConfigError) {
        guard !accepts(option.value) else { return }
        throw .malformed(field: "encoder option \(option.key)", value: option.value, expected: expected)
    }

    private func accepts(_ text: String) -> Bool {
        switch self {
        case .any: return true
        case .whole, .names: return index(of: text) != nil
        case .form(_, let accepts): return accepts(text)
        case .numbers(let range):
            let parts = text.split(omittingEmptySubsequences: false) { ":,|".contains($0) }
            let areNumbers = parts.allSatisfy { Double($0).map(range.contains) ?? false }
            return Self.words.contains(text) || (parts.count <= 2 && areNumbers)
        }
    }

    private var expected: String {
        switch self {
        case .any: "a value"
        case .whole(let range): "a number in \(range.lowerBound)...\(range.upperBound)"
        case .numbers(let range): "a number in \(Self.text(range.lowerBound))...\(Self.text(range.upperBound))"
        case .names(let names): names.joined(separator: " or ")
        case .form(let form, _): form
        }
    }

    private static func text(_ bound: Double) -> String { Int(exactly: bound).map { "\($0)" } ?? "\(bound)" }
}
