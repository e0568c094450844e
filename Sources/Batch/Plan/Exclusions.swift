internal import Places
internal import SystemPackage

/// The files that `exclude:` keeps out of what patterns find: by a name, by a pattern, or by a folder that they are in. Names are
/// compared as bytes.
struct Exclusions {
    /// A word of `exclude:`, and where it is.
    struct Rule: Hashable {
        let word: String
        let place: ManifestPlace
    }

    /// A component of a path.
    private enum Part {
        case name(FileName)
        case glob(GlobPattern.Part)
        /// Any number of folders: `**`.
        case anyFolders
    }

    /// The rules that are names, by their paths.
    private var names: [FilePath: [Rule]] = [:]
    private var patterns: [(rule: Rule, parts: [Part])] = []

    /// Patterns are tried one by one.
    static let mostPatterns = 1000

    /// No rules.
    init() {}

    var isEmpty: Bool { names.isEmpty && patterns.isEmpty }

    var hasTooManyPatterns: Bool { patterns.count > Self.mostPatterns }

    /// - Parameter rules: What relative names are relative to.
    mutating func add(_ rule: Rule, _ rules: PathRules) {
        guard GlobPattern.isPattern(rule.word), !rules.isThere(rule.word) else {
            names[rules.absolute(rule.word, isOutput: false), default: []].append(rule)
            return
        }
        let isAbsolute = rule.word.utf8.first == UInt8(ascii: "/")
        var parts = isAbsolute ? [] : Self.components(of: rules.folder).map { Part.name($0) }
        for word in rule.word.unicodeScalars.split(separator: "/").map(Array.init) where word != ["."] {
            switch word {
            case [".", "."]: _ = parts.popLast()
            case ["*", "*"]: parts.append(.anyFolders)
            default: parts.append(.glob(word))
            }
        }
        patterns.append((rule, parts))
    }

    /// The rules that exclude a file.
    ///
    /// - Parameter path: From the root of the file system.
    func rules(excluding path: FilePath) -> [Rule] {
        var found: [Rule] = []
        if !names.isEmpty {
            var folder = path
            repeat { found += names[folder] ?? [] } while folder.removeLastComponent()
        }
        guard !patterns.isEmpty else { return found }
        let components = Self.components(of: path)
        return found + patterns.filter { Self.covers($0.parts, components) }.map(\.rule)
    }

    private static func components(of path: FilePath) -> [FileName] {
        path.bytes.split(separator: UInt8(ascii: "/")).map { FileName($0) }
    }

    /// Whether a pattern matches a path, or a folder above it: where the components that are matched so far can end is followed
    /// for all ways to match at once.
    private static func covers(_ parts: [Part], _ names: [FileName]) -> Bool {
        var ends: Set = [0]
        for part in parts {
            switch part {
            case .anyFolders: ends = ends.union(ends.min().map { visible(names, from: $0) } ?? [])
            case .name(let name): ends = advanced(ends, names) { $0 == name }
            case .glob(let glob): ends = advanced(ends, names) { GlobPattern.matches(glob, $0) }
            }
            guard !ends.isEmpty else { return false }
        }
        return true
    }

    private static func advanced(_ ends: Set<Int>, _ names: [FileName], _ matches: (FileName) -> Bool) -> Set<Int> {
        Set(ends.filter { $0 < names.count && matches(names[$0]) }.map { $0 + 1 })
    }

    /// The ends of folders from a component on, up to the first that is hidden.
    private static func visible(_ names: [FileName], from start: Int) -> Set<Int> {
        let count = names[start...].prefix { $0.bytes.first != UInt8(ascii: ".") }.count
        return Set(start...start + count)
    }
}

// What patterns find, without what is excluded.
extension JobDrafts {
    /// Reads what an entry excludes.
    mutating func takeExclusions(_ entry: JobEntry) {
        exclusions = Exclusions()
        guard let node = entry.keys["exclude"] else { return }
        for (word, place) in substituted(node) {
            let rule = Exclusions.Rule(word: word, place: place)
            exclusions.add(rule, rules)
            if isUsed[rule] == nil { isUsed[rule] = false }
        }
        if exclusions.hasTooManyPatterns {
            note("exclude: has more than \(Exclusions.mostPatterns) patterns", at: node.place)
            exclusions = Exclusions()
        }
    }

    /// The files that are not excluded.
    mutating func withoutExcluded(_ files: [String]) -> [String] {
        guard !exclusions.isEmpty else { return files }
        return files.filter { file in
            let found = exclusions.rules(excluding: rules.absolute(file, isOutput: false))
            for rule in found { isUsed[rule] = true }
            return found.isEmpty
        }
    }

    /// What the writer of the manifest should know: an `exclude:` without an effect is most likely a misspelled one.
    var notices: [ManifestProblem] {
        isUsed.filter { !$0.value }.keys.map { rule in
            ManifestProblem(
                "exclude: \(rule.word) excludes no file (names are relative to the manifest's folder)",
                at: rule.place
            )
        }
    }
}
