internal import Places
internal import SystemPackage

/// A manifest as it is read: the values of its file, in one of three forms.
enum ManifestText {
    /// The forms, by the file name's extension.
    enum Form {
        case yaml, json, jsonLines

        /// The form of a text without a name: one that begins as an object of JSON is JSON, or JSON lines if an object ends with its
        /// first line and more follows.
        init(of bytes: [UInt8]) {
            let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
            let start = text.drop { Self.isSpace($0) }
            guard start.first == UInt8(ascii: "{"),
                [UInt8(ascii: "\""), UInt8(ascii: "}")].contains(
                    start.dropFirst().first { !Self.isSpace($0) }
                )
            else {
                self = .yaml
                return
            }
            let line = start.prefix { $0 != UInt8(ascii: "\n") }
            let hasMore = start.dropFirst(line.count).contains { !Self.isSpace($0) }
            let isWhole = (try? JSONReader.read(String(decoding: line, as: UTF8.self))) != nil
            self = hasMore && isWhole || Self.isJob(line) ? .jsonLines : .json
        }

        /// A line that is an object without `jobs`.
        private static func isJob(_ line: ArraySlice<UInt8>) -> Bool {
            guard let node = try? JSONReader.read(String(decoding: line, as: UTF8.self)),
                case .mapping(let entries) = node.content
            else { return false }
            return entries["jobs"] == nil
        }

        private static func isSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }

        init(of path: FilePath) {
            switch path.extension?.lowercased() {
            case "json": self = .json
            case "jsonl", "ndjson": self = .jsonLines
            default: self = .yaml
            }
        }
    }

    /// The values of a text. JSON lines are the jobs, without anything around them.
    static func read(_ bytes: [UInt8], as form: Form) throws(ManifestProblem) -> ManifestNode {
        guard bytes.count <= ManifestLimits.bytes else {
            throw ManifestProblem("more than \(ManifestLimits.bytes) bytes", at: .start)
        }
        // A file's name may have bytes that are not UTF-8; a text in UTF-16 has NULs.
        guard !bytes.contains(0) else { throw ManifestProblem("it is not UTF-8 text", at: .start) }
        let text = Spelling.text(bytes)
        switch form {
        case .json: return try JSONReader.read(text)
        case .jsonLines: return try lines(text)
        case .yaml:
            guard let root = try YAMLReader.read(text) else {
                throw ManifestProblem("it is empty", at: .start)
            }
            return root
        }
    }

    private static func lines(_ text: String) throws(ManifestProblem) -> ManifestNode {
        var (jobs, nodes) = ([ManifestNode](), 0)
        // By bytes: to Swift, CR and LF are one character, which is not a line feed.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !isBlank(line) {
            jobs.append(try JSONReader.read(Substring(line), line: index + 1, nodes: &nodes))
        }
        let list = ManifestNode(place: .start, content: .sequence(jobs))
        return ManifestNode(
            place: .start,
            content: .mapping([ManifestNode.Entry(key: "jobs", place: .start, value: list)])
        )
    }

    /// Only JSON's white space, or a byte order mark.
    private static func isBlank(_ line: Substring.UTF8View) -> Bool {
        let rest = line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
        return rest.allSatisfy { [9, 13, 32].contains($0) }
    }
}
