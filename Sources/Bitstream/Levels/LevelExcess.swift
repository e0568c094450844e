/// What is too much for a level.
package struct LevelExcess: Hashable, Sendable {
    /// The thing, with its value.
    package let subject: String
    /// What the level allows, and what this is.
    package let numbers: String

    /// Something that is too much.
    package init(subject: String, numbers: String) { (self.subject, self.numbers) = (subject, numbers) }

    /// Why a level does not do, in words that name the one that would.
    ///
    /// - Parameters:
    ///   - codec: The codec string that promises the level.
    ///   - level: The level's name.
    ///   - lowest: The name of the lowest level that everything fits into; `nil` if there is none.
    package func refusal(of codec: String, level: String, lowest: String?) -> String {
        let wouldDo = lowest.map { "level \($0) would do" } ?? "no level would do"
        return "\(subject) exceeds \(codec) (level \(level) allows \(numbers); \(wouldDo))"
    }
}
