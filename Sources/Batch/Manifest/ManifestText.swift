internal import SystemPackage

/// A manifest as it is read: the values of its file, in one of three forms.
enum ManifestText {
    /// The forms, by the file name's extension.
    enum Form {
        case yaml, json, jsonLines

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
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ManifestProblem("no UTF-8", at: .start)
        }
        switch form {
        case .json: return try JSONReader.read(text)
        case .jsonLines: return try lines(text)
        case .yaml:
            guard let root = try YAMLReader.read(text) else {
                throw ManifestProblem("there is nothing in it", at: .start)
            }
            return root
        }
    }

    private static func lines(_ text: String) throws(ManifestProblem) -> ManifestNode {
        var jobs: [ManifestNode] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            jobs.append(try JSONReader.read(line, line: index + 1))
        }
        let list = ManifestNode(place: .start, content: .sequence(jobs))
        return ManifestNode(
            place: .start,
            content: .mapping([ManifestNode.Entry(key: "jobs", place: .start, value: list)])
        )
    }
}
