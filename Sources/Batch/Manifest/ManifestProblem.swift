/// Something that is wrong with a manifest.
package struct ManifestProblem: Error, Hashable, Sendable {
    /// Where it is.
    package let place: ManifestPlace
    /// The thing, its value, and what would have been right.
    package let message: String

    /// A problem.
    package init(_ message: String, at place: ManifestPlace) { (self.place, self.message) = (place, message) }
}

/// Everything that is wrong with a manifest.
package struct ManifestError: Error, Sendable, CustomStringConvertible {
    /// What messages call the manifest.
    package let name: String
    /// The problems, in the order in which they are in it; not empty.
    package let problems: [ManifestProblem]
    /// Some of them are that the system gave no descriptor: the manifest may be right.
    package let isShortage: Bool

    /// The problems that are shown, at most.
    static let limit = 100

    /// The problems, each once, by their places.
    init(_ name: String, _ problems: [ManifestProblem], isShortage: Bool = false) {
        (self.name, self.isShortage) = (name, isShortage)
        self.problems = Self.sorted(problems)
    }

    private static func sorted(_ problems: [ManifestProblem]) -> [ManifestProblem] {
        var seen: Set<ManifestProblem> = []
        return problems.filter { seen.insert($0).inserted }.enumerated()
            .sorted {
                ($0.element.place.line, $0.element.place.column, $0.offset) < (
                    $1.element.place.line, $1.element.place.column, $1.offset
                )
            }
            .map(\.element)
    }

    /// A line for each problem, each once, by their places, and one for those over the limit.
    static func lines(of problems: [ManifestProblem], in name: String) -> [String] {
        let problems = sorted(problems)
        let lines = problems.prefix(limit).map { "\(name):\($0.place.line):\($0.place.column): \($0.message)" }
        let rest = problems.count - lines.count
        return lines + (rest > 0 ? ["and \(rest) more"] : [])
    }

    /// A line for each, as compilers write them: file, line, column.
    package var description: String { Self.lines(of: problems, in: name).joined(separator: "\n") }
}

/// The limits of a manifest.
enum ManifestLimits {
    /// Bytes.
    static let bytes = 4 << 20
    /// Keys and values, those that an alias repeats counted each time.
    static let nodes = 200_000
    /// Lists and mappings within each other.
    static let depth = 16
    /// Keys of a mapping.
    static let keys = 256
    /// Arguments and files of all jobs together, after matrices, patterns and substitutions are expanded.
    static let words = 1_000_000
    /// Pairs of a job and one that it comes after.
    static let dependencies = 1_000_000
    /// Jobs, once matrices and globs have become them.
    static let jobs = 10_000
    /// Characters of a value after substitution.
    static let wordLength = 4096
}
