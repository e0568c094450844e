/// The valid numbers of an encoder's options, for encoders that replace others by the nearest valid one, or refuse them without
/// a message.
package struct OptionRanges: Sendable {
    private let ranges: [String: ClosedRange<Double>]

    /// What some options take in the place of a number.
    private static let words: Set<String> = ["true", "false", "yes", "no", "auto"]

    /// Ranges by the options' names; an option that is not there may have any value.
    package init(_ ranges: [String: ClosedRange<Double>]) { self.ranges = ranges }

    /// Throws if the option's value, or one of two that are after each other, is not a number of its range.
    ///
    /// - Parameters:
    ///   - option: As it was given.
    ///   - name: What ranges have for its name.
    package func check(_ option: EncoderOption, as name: String) throws(EncoderConfigError) {
        guard let range = ranges[name], !Self.words.contains(option.value) else { return }
        let parts = option.value.split(omittingEmptySubsequences: false) { ":,|".contains($0) }
        guard parts.count <= 2, parts.allSatisfy({ Double($0).map(range.contains) ?? false }) else {
            let expected = "a number in \(Self.text(range.lowerBound))...\(Self.text(range.upperBound))"
            throw .malformed(field: "encoder option \(option.key)", value: option.value, expected: expected)
        }
    }

    private static func text(_ bound: Double) -> String { Int(exactly: bound).map { "\($0)" } ?? "\(bound)" }
}
