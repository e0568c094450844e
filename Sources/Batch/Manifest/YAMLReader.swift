/// Reads YAML by libyaml, value by value, so that nothing over the limits is ever held. Its tags are ignored, and its scalars stay
/// as they are written. The size of what an alias expands to is counted before it is used.
struct YAMLReader: ~Copyable {
    /// A value that aliases may refer to.
    private struct Anchored {
        let node: ManifestNode
        /// Values in it, itself among them.
        let size: Int
        /// Levels below it.
        let height: Int
    }

    private var parser: YAMLParser
    private var nodes = 0
    private var anchors: [String: Anchored] = [:]
    /// The deepest level that has been reached since it was last reset.
    private var deepest = 0

    /// The only document of a text; `nil` without one.
    static func read(_ text: String) throws(ManifestProblem) -> ManifestNode? {
        var reader = YAMLReader(parser: try YAMLParser(text))
        return try reader.document()
    }

    private init(parser: consuming YAMLParser) { self.parser = parser }

    private mutating func document() throws(ManifestProblem) -> ManifestNode? {
        _ = try parser.next()
        if case .streamEnd = try parser.next().kind { return nil }
        let root = try convert(try parser.next(), depth: 0)
        _ = try parser.next()
        let after = try parser.next()
        guard case .streamEnd = after.kind else {
            throw ManifestProblem(
                "expected a single document in the stream: but found another document",
                at: after.place
            )
        }
        return root
    }

    private mutating func convert(_ event: YAMLEvent, depth: Int) throws(ManifestProblem) -> ManifestNode {
        let (before, deepestBefore) = (nodes, deepest)
        deepest = depth
        if case .alias(let name) = event.kind { return try resolve(name, depth: depth, event.place, deepestBefore) }
        try count(1, deepest: depth, at: event.place)
        let result = ManifestNode(place: event.place, content: try content(event, depth: depth))
        if let anchor = event.anchor {
            let (size, height) = (nodes - before, deepest - depth)
            anchors[anchor] = Anchored(node: result, size: size, height: height)
        }
        deepest = max(deepest, deepestBefore)
        return result
    }

    /// What an alias refers to, at most ``ManifestLimits`` values in all.
    private mutating func resolve(
        _ name: String,
        depth: Int,
        _ place: ManifestPlace,
        _ deepestBefore: Int
    ) throws(ManifestProblem) -> ManifestNode {
        guard let found = anchors[name] else { throw .noAnchor(name, at: place) }
        deepest = depth + found.height
        try count(found.size, deepest: deepest, at: place)
        deepest = max(deepest, deepestBefore)
        return found.node
    }

    private mutating func count(_ more: Int, deepest: Int, at place: ManifestPlace) throws(ManifestProblem) {
        nodes += more
        guard deepest < ManifestLimits.depth, nodes <= ManifestLimits.nodes else { throw .tooMany(at: place) }
    }

    private mutating func content(_ event: YAMLEvent, depth: Int) throws(ManifestProblem) -> ManifestNode.Content {
        switch event.kind {
        case .scalar(let text, let isPlain): return .scalar(text, isPlain: isPlain)
        case .sequence:
            var elements: [ManifestNode] = []
            while let element = try element() { elements.append(try convert(element, depth: depth + 1)) }
            return .sequence(elements)
        case .mapping: return .mapping(try entries(depth: depth))
        case .alias, .start, .end, .streamEnd:
            throw ManifestProblem("a value is missing", at: event.place)
        }
    }

    /// What comes next in a list or a mapping; `nil` at its end.
    private mutating func element() throws(ManifestProblem) -> YAMLEvent? {
        let event = try parser.next()
        if case .end = event.kind { return nil }
        return event
    }

    private mutating func entries(depth: Int) throws(ManifestProblem) -> [ManifestNode.Entry] {
        var (entries, merged) = ([ManifestNode.Entry](), [ManifestNode.Entry]())
        var seen: Set<String> = []
        while let event = try element() {
            let key = try convert(event, depth: depth + 1)
            guard let word = key.word else {
                throw ManifestProblem("a key must be a single value, not \(key.kind)", at: key.place)
            }
            guard seen.insert(word).inserted else {
                let first = entries.first { $0.key == word }
                throw ManifestProblem("the key \(word) is repeated", at: first?.place ?? key.place)
            }
            let value = try convert(try parser.next(), depth: depth + 1)
            guard key.content != .scalar("<<", isPlain: true) else {
                merged = try Self.merged(value)
                continue
            }
            entries.append(ManifestNode.Entry(key: word, place: key.place, value: value))
        }
        for entry in merged where seen.insert(entry.key).inserted { entries.append(entry) }
        return entries
    }

    /// The keys that `<<:` adds to a mapping: those of another one, or of several, of which the first that has a key wins.
    private static func merged(_ value: ManifestNode) throws(ManifestProblem) -> [ManifestNode.Entry] {
        var entries: [ManifestNode.Entry] = []
        for element in value.elements {
            guard case .mapping(let more) = element.content else {
                throw ManifestProblem(
                    "<<: needs a mapping or a list of mappings, not \(element.kind)",
                    at: element.place
                )
            }
            entries += more
        }
        return entries
    }
}

extension ManifestProblem {
    /// More of everything than a manifest needs.
    static func tooMany(at place: ManifestPlace) -> ManifestProblem {
        ManifestProblem(
            "more than \(ManifestLimits.depth) levels or \(ManifestLimits.nodes) values"
                + " (including everything that aliases refer to)",
            at: place
        )
    }
}
