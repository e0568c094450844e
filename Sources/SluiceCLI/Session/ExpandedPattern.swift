internal import Sluice

/// Names of pictures that a shell has put in the place of a pattern.
struct ExpandedPattern {
    /// How many names there are: 2 or more.
    let count: Int
    /// A pattern that all of them match.
    let pattern: String

    /// The first names of pictures that follow each other among arguments, all in one folder; `nil` without two.
    init?(_ arguments: [String]) {
        let kinds = arguments.map(Self.kind)
        guard let first = kinds.indices.dropLast().first(where: { kinds[$0] != nil && kinds[$0] == kinds[$0 + 1] })
        else { return nil }
        let names = arguments[first...].prefix { Self.kind($0) == kinds[first] }
        count = names.count
        pattern = Self.pattern(names.map { Array($0.unicodeScalars) })
    }

    /// What a command is told that takes one input.
    var advice: String {
        let quoted = pattern.contains("'") ? pattern : "'\(pattern)'"
        return
            "\(count) names of pictures are given where one input is expected, as if the shell had expanded a pattern:"
            + " quote it, so that the pictures are one input: \(quoted)"
    }

    /// The bytes of a name's folder and suffix; `nil` of what is not a picture.
    private static func kind(_ word: String) -> [[UInt8]]? {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard !word.hasPrefix("-"), let name = parts.last, let point = name.lastIndex(of: "."),
            PictureSequence.suffixes.contains(name[name.index(after: point)...].lowercased())
        else { return nil }
        return (parts.dropLast() + [name[point...]]).map { Array($0.utf8) }
    }

    /// What the names begin and end with, and an asterisk for the rest: the numbers, where they differ in those.
    private static func pattern(_ names: [[Unicode.Scalar]]) -> String {
        guard let first = names.first else { return "*" }
        var (start, end) = (first[...], first[...])
        for name in names {
            start = start.prefix(zip(start, name).prefix { $0 == $1 }.count)
            end = end.suffix(zip(end.reversed(), name.reversed()).prefix { $0 == $1 }.count)
        }
        let isDigit = { (scalar: Unicode.Scalar) in scalar.properties.numericType == .decimal }
        while start.last.map(isDigit) ?? false { start.removeLast() }
        end = end.drop(while: isDigit)
        let shortest = names.map(\.count).min() ?? 0
        end = end.suffix(max(0, shortest - start.count))
        return String(String.UnicodeScalarView(start)) + "*" + String(String.UnicodeScalarView(end))
    }
}
