internal import Yams

/// A text of YAML in which a character that is not in it takes the place of every asterisk.
///
/// A plain scalar of YAML cannot begin with an asterisk. So the plain scalars that begin with the other character, and only
/// these, were aliases: the text does not have to be scanned by rules that may differ from libyaml's.
struct YAMLText {
    /// The text for the parser.
    let masked: String
    private let mark: Unicode.Scalar

    /// - Throws: ``ManifestProblem`` if the text has more values than a manifest may have, by its punctuation.
    init(_ text: String) throws(ManifestProblem) {
        // A byte order mark is not part of the text (YAML 1.2.2, 5.2).
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        try Self.checkPunctuation(text)
        guard let mark = Self.unusedMark(text) else {
            throw ManifestProblem("it uses all private characters of Unicode", at: .start)
        }
        self.mark = mark
        var masked = String.UnicodeScalarView()
        masked.append(contentsOf: text.unicodeScalars.lazy.map { $0 == "*" ? mark : $0 })
        self.masked = String(masked)
    }

    /// A character for private use that is not in the text.
    private static func unusedMark(_ text: String) -> Unicode.Scalar? {
        let range: ClosedRange<UInt32> = 0xE000...0xF8FF
        let used = Set(text.unicodeScalars.lazy.map(\.value).filter(range.contains))
        return range.first { !used.contains($0) }.flatMap(Unicode.Scalar.init)
    }

    /// Every value but the first follows one of these; keys that are not scalars (`? `) are compared as wholes on every level.
    private static func checkPunctuation(_ text: String) throws(ManifestProblem) {
        var (values, keys) = (0, 0)
        var last: UInt8 = 0
        for byte in text.utf8 {
            let isSpace = [9, 10, 13, 32].contains(byte)
            if [UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"), 10, 13].contains(byte) { values += 1 }
            if isSpace, [UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "?")].contains(last) { values += 1 }
            if isSpace, last == UInt8(ascii: "?") { keys += 1 }
            last = byte
        }
        // Commas and line ends in scalars and comments count as well, so the limit is larger.
        guard values <= 4 * ManifestLimits.nodes, keys <= ManifestLimits.explicitKeys else {
            throw .tooMany(at: .start)
        }
    }

    /// The name of the alias that a node was; `nil` if it was none.
    func alias(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node, scalar.style == .plain, scalar.string.unicodeScalars.first == mark
        else { return nil }
        return unmasked(String(scalar.string.unicodeScalars.dropFirst()))
    }

    /// A scalar as it is written.
    func unmasked(_ word: String) -> String {
        guard word.unicodeScalars.contains(mark) else { return word }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: word.unicodeScalars.lazy.map { $0 == mark ? "*" : $0 })
        return String(result)
    }

    /// The parser's message, made readable.
    func problem(_ error: any Error) -> ManifestProblem {
        func at(_ mark: Mark) -> ManifestPlace { ManifestPlace(line: mark.line, column: mark.column) }
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let text = unmasked("\(context.map { $0.text + ": " } ?? "")\(problem)")
            return ManifestProblem(text + Self.hint(problem), at: at(mark))
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            return ManifestProblem("the key \(unmasked(duplicates.first ?? "")) is repeated", at: at(context.mark))
        case YamlError.reader(let problem, _, _, _): return ManifestProblem("it is not YAML: \(problem)", at: .start)
        default: return ManifestProblem("it is not YAML: \(error)", at: .start)
        }
    }

    private static func hint(_ problem: String) -> String {
        problem.contains("cannot start any token") ? " (YAML indents by spaces; a tab, @ or ` needs quotes)" : ""
    }
}
