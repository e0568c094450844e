internal import Yams

/// Reads YAML by libyaml. Its tags are ignored, and its scalars stay as they are written.
///
/// Aliases are not libyaml's to resolve: Yams compares mapping keys as wholes, and the expansion of a few aliases that refer to
/// each other has no bound. The parser gets a text in which no scalar begins with an asterisk (``YAMLText``); the scalars that
/// did are resolved here, and the size of their expansion is counted before it is used.
struct YAMLReader {
    /// A value that aliases may refer to.
    private struct Anchored {
        let node: ManifestNode
        /// Values in it, itself among them.
        let size: Int
        /// Levels below it.
        let height: Int
    }

    private let text: YAMLText
    private var nodes = 0
    private var anchors: [String: Anchored] = [:]
    /// The deepest level that has been reached since it was last reset.
    private var deepest = 0

    /// The only document of a text; `nil` without one.
    static func read(_ text: String) throws(ManifestProblem) -> ManifestNode? {
        var reader = YAMLReader(text: try YAMLText(text))
        let (parser, root): (Parser, Node?)
        do {
            parser = try Parser(yaml: reader.text.masked, resolver: .basic, encoding: .utf8)
            root = try parser.singleRoot()
        } catch {
            throw reader.text.problem(error)
        }
        // Nodes do not own their anchors; the parser does.
        defer { withExtendedLifetime(parser) {} }
        guard let root else { return nil }
        return try reader.convert(root, depth: 0, .start)
    }

    private init(text: YAMLText) { self.text = text }

    private mutating func convert(
        _ node: Node,
        depth: Int,
        _ parent: ManifestPlace
    ) throws(ManifestProblem) -> ManifestNode {
        let place = node.mark.map { ManifestPlace(line: $0.line, column: $0.column) } ?? parent
        let (before, deepestBefore) = (nodes, deepest)
        deepest = depth
        if let alias = text.alias(node) { return try resolve(alias, depth: depth, place, deepestBefore) }
        try count(1, deepest: depth, at: place)
        let result = ManifestNode(place: place, content: try content(node, depth: depth, place))
        if let anchor = node.anchor {
            let (size, height) = (nodes - before, deepest - depth)
            anchors[anchor.rawValue] = Anchored(node: result, size: size, height: height)
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
        guard let found = anchors[name] else {
            throw ManifestProblem(
                "no anchor &\(name) before *\(name) (a value that begins with * needs quotes)",
                at: place
            )
        }
        deepest = depth + found.height
        try count(found.size, deepest: deepest, at: place)
        deepest = max(deepest, deepestBefore)
        return found.node
    }

    private mutating func count(_ more: Int, deepest: Int, at place: ManifestPlace) throws(ManifestProblem) {
        nodes += more
        guard deepest < ManifestLimits.depth, nodes <= ManifestLimits.nodes else { throw .tooMany(at: place) }
    }

    private mutating func content(
        _ node: Node,
        depth: Int,
        _ place: ManifestPlace
    ) throws(ManifestProblem) -> ManifestNode.Content {
        switch node {
        case .scalar(let scalar):
            return .scalar(text.unmasked(scalar.string), isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            var elements: [ManifestNode] = []
            for element in sequence { elements.append(try convert(element, depth: depth + 1, place)) }
            return .sequence(elements)
        case .mapping(let mapping): return .mapping(try entries(mapping, depth: depth, place))
        case .alias: throw ManifestProblem("an alias that refers to nothing", at: place)
        }
    }

    private mutating func entries(
        _ mapping: Node.Mapping,
        depth: Int,
        _ place: ManifestPlace
    ) throws(ManifestProblem) -> [ManifestNode.Entry] {
        var (entries, merged) = ([ManifestNode.Entry](), [ManifestNode.Entry]())
        var seen: Set<String> = []
        for (key, value) in mapping {
            let key = try convert(key, depth: depth + 1, place)
            guard let word = key.word else {
                throw ManifestProblem("a key must be a single value, not \(key.kind)", at: key.place)
            }
            guard seen.insert(word).inserted else {
                throw ManifestProblem("the key \(word) is repeated", at: key.place)
            }
            let value = try convert(value, depth: depth + 1, key.place)
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
