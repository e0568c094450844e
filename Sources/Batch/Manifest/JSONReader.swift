/// Reads JSON strictly (RFC 8259), with the place of every value; numbers stay as they are written.
struct JSONReader {
    private let characters: [Unicode.Scalar]
    private var position = 0
    private var place: ManifestPlace
    private var nodes: Int

    /// Exactly one value.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - line: The line that it begins on.
    static func read(_ text: some StringProtocol, line: Int = 1) throws(ManifestProblem) -> ManifestNode {
        var nodes = 0
        return try read(text, line: line, nodes: &nodes)
    }

    /// The same for one text of several, whose values are counted together.
    static func read(
        _ text: some StringProtocol,
        line: Int,
        nodes: inout Int
    ) throws(ManifestProblem) -> ManifestNode {
        var reader = JSONReader(Array(text.unicodeScalars), ManifestPlace(line: line, column: 1), nodes: nodes)
        let node = try reader.value(depth: 0)
        reader.skipSpace()
        if let next = reader.next { throw reader.unexpected(next, "the end") }
        nodes = reader.nodes
        return node
    }

    private init(_ characters: [Unicode.Scalar], _ place: ManifestPlace, nodes: Int) {
        (self.characters, self.place, self.nodes) = (characters, place, nodes)
        if self.characters.first == "\u{FEFF}" { position = 1 }
    }

    private var next: Unicode.Scalar? { position < characters.count ? characters[position] : nil }

    private mutating func advance() {
        if next == "\n" { place = ManifestPlace(line: place.line + 1, column: 1) } else { place.column += 1 }
        position += 1
    }

    private mutating func skipSpace() { while let next, [" ", "\t", "\n", "\r"].contains(next) { advance() } }

    private func unexpected(_ found: Unicode.Scalar?, _ expected: String) -> ManifestProblem {
        ManifestProblem("\(found.map { "“\($0)”" } ?? "the end") where JSON has \(expected)", at: place)
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(ManifestProblem) {
        skipSpace()
        guard next == character else { throw unexpected(next, "“\(character)”") }
        advance()
    }

    private mutating func value(depth: Int) throws(ManifestProblem) -> ManifestNode {
        skipSpace()
        nodes += 1
        guard depth < ManifestLimits.depth, nodes <= ManifestLimits.nodes else {
            throw ManifestProblem(
                "more than \(ManifestLimits.depth) levels or \(ManifestLimits.nodes) values",
                at: place
            )
        }
        let start = place
        switch next {
        case "{": return ManifestNode(place: start, content: .mapping(try object(depth: depth)))
        case "[": return ManifestNode(place: start, content: .sequence(try array(depth: depth)))
        case "\"": return ManifestNode(place: start, content: .scalar(try string(), isPlain: false))
        default: return ManifestNode(place: start, content: .scalar(try literal(), isPlain: true))
        }
    }

    private mutating func array(depth: Int) throws(ManifestProblem) -> [ManifestNode] {
        try expect("[")
        var nodes: [ManifestNode] = []
        skipSpace()
        guard next != "]" else { advance(); return nodes }
        while true {
            nodes.append(try value(depth: depth + 1))
            skipSpace()
            guard next == "," else { break }
            advance()
        }
        try expect("]")
        return nodes
    }

    private mutating func object(depth: Int) throws(ManifestProblem) -> [ManifestNode.Entry] {
        try expect("{")
        var (entries, seen) = ([ManifestNode.Entry](), Set<String>())
        skipSpace()
        guard next != "}" else { advance(); return entries }
        while true {
            skipSpace()
            let place = place
            let key = try string()
            guard seen.insert(key).inserted else { throw ManifestProblem("the key \(key) is repeated", at: place) }
            try expect(":")
            entries.append(ManifestNode.Entry(key: key, place: place, value: try value(depth: depth + 1)))
            skipSpace()
            guard next == "," else { break }
            advance()
        }
        try expect("}")
        return entries
    }

    /// `true`, `false`, `null` or a number.
    private mutating func literal() throws(ManifestProblem) -> String {
        let start = place
        var text = ""
        while let next, next.properties.isAlphabetic || "0123456789+-.".unicodeScalars.contains(next) {
            text.unicodeScalars.append(next)
            advance()
        }
        guard !text.isEmpty else { throw unexpected(next, "a value") }
        let isNumber = text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil
        guard isNumber || ["true", "false", "null"].contains(text) else {
            throw ManifestProblem("\(text) is not a JSON value", at: start)
        }
        return text
    }

    private mutating func string() throws(ManifestProblem) -> String {
        guard next == "\"" else { throw unexpected(next, "a string") }
        advance()
        var text = String.UnicodeScalarView()
        while let next, next != "\"" {
            guard next.value >= 32 else { throw unexpected(next, "“\"” or an escape") }
            advance()
            text.append(next == "\\" ? try escaped() : next)
        }
        try expect("\"")
        return String(text)
    }

    private mutating func escaped() throws(ManifestProblem) -> Unicode.Scalar {
        guard let next else { throw unexpected(nil, "an escape") }
        let simple: [Unicode.Scalar: Unicode.Scalar] = [
            "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
        ]
        if let scalar = simple[next] {
            advance()
            return scalar
        }
        guard next == "u" else { throw unexpected(next, "an escape") }
        return try escapedNumber()
    }

    /// A `\u` escape; characters above U+FFFF are written as two of them, a high and a low surrogate.
    private mutating func escapedNumber() throws(ManifestProblem) -> Unicode.Scalar {
        let start = place
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, next == "\\" else { throw Self.loneSurrogate(first, at: start) }
        advance()
        let second = try codeUnit()
        // Only now is it known that the difference below is one of 0 to 0x3FF.
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw Self.loneSurrogate(first, at: start) }
        return scalar
    }

    private static func loneSurrogate(_ unit: UInt32, at place: ManifestPlace) -> ManifestProblem {
        let digits = String(unit, radix: 16)
        return ManifestProblem(
            "\\u\(digits) is half of a surrogate pair: \\ud800 to \\udbff need \\udc00 to \\udfff after them",
            at: ManifestPlace(line: place.line, column: place.column - 1)
        )
    }

    /// The `u` and four digits.
    private mutating func codeUnit() throws(ManifestProblem) -> UInt32 {
        guard next == "u" else { throw unexpected(next, "the second half of a surrogate pair, \\udc00 to \\udfff") }
        advance()
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let next, next.isASCII, let digit = Character(next).hexDigitValue else {
                throw unexpected(next, "four hexadecimal digits")
            }
            value = value << 4 + UInt32(digit)
            advance()
        }
        return value
    }
}
