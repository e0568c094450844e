internal import Places
internal import SystemPackage

/// A pattern for file names: `*` any characters, `?` one, `[a-c]` one of these; `**` any number of folders. As in a shell, none
/// of them matches a dot at the beginning of a name.
///
/// Characters are Unicode's code points, and bytes that are not UTF-8: names that only look the same are different ones.
struct GlobPattern {
    typealias Part = [Unicode.Scalar]

    private let parts: [Part]

    /// Whether a path is a pattern at all.
    static func isPattern(_ path: String) -> Bool { path.unicodeScalars.contains { "*?[".unicodeScalars.contains($0) } }

    /// A pattern of a relative path.
    init(_ path: String) { parts = path.unicodeScalars.split(separator: "/").map(Array.init) }

    /// The files that match, in the order of their names' bytes.
    ///
    /// - Parameters:
    ///   - limit: The maximum number of matches; one more shows that the limit is exceeded.
    ///   - list: The names in a folder, and whether each is a folder; empty if it is not a folder.
    func files(limit: Int, list: (FilePath) -> [(name: FileName, isFolder: Bool)]) -> [FilePath] {
        var found: Set<FilePath> = []
        var folders = 0
        func search(_ folder: FilePath, _ parts: ArraySlice<Part>) {
            folders += 1
            guard let part = parts.first, found.count <= limit, folders <= limit else { return }
            let rest = parts.dropFirst()
            let anyDepth = part == ["*", "*"]
            if anyDepth { search(folder, rest) }
            for entry in list(folder)
            where anyDepth ? entry.name.bytes.first != UInt8(ascii: ".") : Self.matches(part, entry.name) {
                let path = folder.appending(entry.name)
                if entry.isFolder, anyDepth { search(path, parts) } else if entry.isFolder { search(path, rest) }
                if !entry.isFolder, !anyDepth, rest.isEmpty { found.insert(path) }
            }
        }
        search(FilePath(), parts[...])
        return found.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// Whether a name matches a part of a pattern. Linear in both: backtracking goes only to the last asterisk.
    static func matches(_ pattern: Part, _ name: FileName) -> Bool {
        let name = Array(name.spelled.unicodeScalars)
        guard name.first != "." || pattern.first == "." else { return false }
        var (p, n) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p + 1, n)
                p += 1
            } else if let next = step(pattern, p, name[n]) {
                (p, n) = (next, n + 1)
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (p, n) = (last.pattern, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }

    /// The position in the pattern after a character that it matches.
    private static func step(_ pattern: Part, _ position: Int, _ character: Unicode.Scalar) -> Int? {
        guard position < pattern.count else { return nil }
        switch pattern[position] {
        case "?": return position + 1
        case "[":
            guard let end = pattern[(position + 1)...].dropFirst().firstIndex(of: "]") else { fallthrough }
            return isInSet(Array(pattern[(position + 1)..<end]), character) ? end + 1 : nil
        default: return pattern[position] == character ? position + 1 : nil
        }
    }

    private static func isInSet(_ set: Part, _ character: Unicode.Scalar) -> Bool {
        let isNegated = set.first == "!" || set.first == "^"
        let members = Array(isNegated ? set.dropFirst() : set[...])
        var (index, found) = (0, false)
        while index < members.count {
            if index + 2 < members.count, members[index + 1] == "-" {
                found = found || (members[index] <= character && character <= members[index + 2])
                index += 3
            } else {
                found = found || members[index] == character
                index += 1
            }
        }
        return found != isNegated
    }
}
