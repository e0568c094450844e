import Foundation
import Testing

/// File names are bytes. A Swift `String` compares by canonical equivalence, and is made of UTF-8 only by changing what is not; so
/// that the sources are searched for the ways in which a name could become one by accident.
@Suite("No source file")
struct FileNameLintTests {
    /// A way to go wrong, as a pattern for a line.
    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pattern: String
        /// A word ends before a full stop, unlike by Unicode's rules.
        var regex: Regex<AnyRegexOutput> { get throws { try Regex(pattern).wordBoundaryKind(.simple) } }

        /// Lines that are right, by the file's name and a part of the line, with the reason.
        var exceptions: [(file: String, part: String)] = []
    }

    private static let rules = [
        Rule(
            testDescription:
                "makes a text of a path that does not give its bytes back (FilePath.string, .description; fault I2)",
            pattern:
                #"\b(path|folder|file|output|input|destination|root|manifest|real|target|program|component|lastComponent\??)\.string\b|\bpath\.description\b"#
        ),
        Rule(
            testDescription: "makes a path of a text without taking it as a spelling (FilePath(_: String); fault I2)",
            pattern: #"\bFilePath\((?!spelled:|bytes:|platformString:|\)|")"#,
            // Names of the kernel's own files.
            exceptions: [("ControlGroup.swift", "FilePath(path)"), ("ConfinedPlaces.swift", "CPOSIX_")]
        ),
        Rule(
            testDescription: "puts a path into a text by FilePath's own description (fault I2)",
            pattern: #"\\\((?:self\.)?(?:\w+\.)*(?:path|folderPath|workingFolder|receiptPath)\)"#,
            exceptions: [
                // Texts, or JSON keys: no file names.
                ("JSON.swift", "path.hasPrefix"), ("PathRules.swift", "\\(path)"),
            ]
        ),
        Rule(
            testDescription: "compares or hashes texts that are file names (fault I1)",
            pattern:
                #"(Set<String>|\[String: *\w+\]).*\b\w*([pP]ath|[fF]ile|[fF]older|[pP]lace)\w*\b|\b(paths|files|folders|fileNames): *(Set<String>|\[String: )"#
        ),
        Rule(
            testDescription: "lists or looks at files by Foundation, whose names are texts (fault I2)",
            pattern: #"\bFileManager\b|\bURL\(|contentsOfFile|CommandLine\."#
        ),
        Rule(
            testDescription: "opens, links or removes by a path what another user may have put there (faults M2 to M5)",
            pattern: #"FileDescriptor\.open\(|(?:^|[^.\w])(rename|unlink|symlink|mkdir|chmod|chown)\("#,
            exceptions: [
                // Inputs, which replace no file; /proc and /sys; a pipe or device that is examined after it is opened.
                ("ByteSource.swift", ".nonBlocking"), ("ControlGroup.swift", ".readOnly"),
                ("ByteSink+Opening.swift", ".writeOnly"),
                ("ManifestFile.swift", "options: options"), ("SluiceCommand.swift", "nonBlocking"),
            ]
        ),
        Rule(
            testDescription: "reads JSON past JSON.read, which refuses keys that are there twice (fault N7)",
            pattern: #"\bJSONDecoder\(|\bJSONSerialization\b"#,
            exceptions: [("JSON.swift", "JSONDecoder().decode(type"), ("JSON.swift", "String.self")]
        ),
    ]

    private static let sources: [(name: String, lines: [Substring])] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
        return (files ?? []).filter { $0.pathExtension == "swift" && !$0.path.contains("/Places/") }.compactMap {
            file in
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
            return (file.lastPathComponent, text.split(separator: "\n", omittingEmptySubsequences: false))
        }
    }()

    @Test("No source file outside of the module Places compares file names as text", arguments: rules)
    func rule(rule: Rule) throws {
        let pattern = try rule.regex
        try #require(Self.sources.count > 300)
        for (name, lines) in Self.sources {
            for (index, line) in lines.enumerated() where line.firstMatch(of: pattern) != nil {
                guard !line.drop(while: { $0 == " " }).hasPrefix("//"),
                    !rule.exceptions.contains(where: { $0.file == name && line.contains($0.part) })
                else { continue }
                Issue.record("\(name):\(index + 1): \(line)")
            }
        }
    }

    @Test(
        "No source file would go unnoticed by these rules: each finds its own example",
        arguments: zip(
            rules,
            [
                "let name = path.string", "let file = FilePath(name)", "throw error(\"\\(path) exists\")",
                "var paths: Set<String> = []", "FileManager.default.fileExists(atPath: name)",
                "try FileDescriptor.open(path, .readWrite)", "try JSONDecoder().decode(Plan.self, from: data)",
            ]
        )
    )
    func finds(rule: Rule, example: String) throws {
        #expect(example.firstMatch(of: try rule.regex) != nil)
    }
}
