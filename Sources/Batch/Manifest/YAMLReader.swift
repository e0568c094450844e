internal import Yams

/// Reads YAML by libyaml. Its tags mean nothing here, its words stay as they are written, and its aliases are few.
struct YAMLReader {
    private var nodes = 0

    /// The one document of a text; `nil` if there is none.
    static func read(_ text: String) throws(ManifestProblem) -> ManifestNode? {
        try refuseAliases(text)
        let root: Node?
        do {
            root = try Parser(yaml: text, encoding: .utf8).singleRoot()
        } catch {
            throw problem(error)
        }
        guard let root else { return nil }
        var reader = YAMLReader()
        return try reader.convert(root, depth: 0, .start)
    }

    /// A mapping whose key is an alias is looked at while it is read, so that what a tower of aliases would become is found
    /// out before. Only words that begin with an asterisk can be aliases; not all of them are.
    private static func refuseAliases(_ text: String) throws(ManifestProblem) {
        var count = 0
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.contains("*"), line.first(where: { $0 != " " }) != "#" else { continue }
            for match in line.matches(of: /(^|[\s\[{,:?-])\*[^\s,\]}*\/]/) {
                count += 1
                guard count > ManifestLimits.aliases else { continue }
                let column = line.distance(from: line.startIndex, to: match.range.lowerBound) + 1
                throw ManifestProblem(
                    "more than \(ManifestLimits.aliases) aliases (*NAME); defaults: and matrix: say a thing once for many jobs",
                    at: ManifestPlace(line: number + 1, column: column)
                )
            }
        }
    }

    private mutating func convert(
        _ node: Node,
        depth: Int,
        _ parent: ManifestPlace
    ) throws(ManifestProblem) -> ManifestNode {
        let place = node.mark.map { ManifestPlace(line: $0.line, column: $0.column) } ?? parent
        nodes += 1
        guard depth < ManifestLimits.depth, nodes <= ManifestLimits.nodes else {
            throw ManifestProblem(
                "more than \(ManifestLimits.depth) levels or \(ManifestLimits.nodes) values, which no manifest needs",
                at: place
            )
        }
        return ManifestNode(place: place, content: try content(node, depth: depth, place))
    }

    private mutating func content(
        _ node: Node,
        depth: Int,
        _ place: ManifestPlace
    ) throws(ManifestProblem) -> ManifestNode.Content {
        switch node {
        case .scalar(let scalar): return .scalar(scalar.string, isPlain: scalar.style == .plain)
        case .sequence(let sequence):
            var elements: [ManifestNode] = []
            for element in sequence { elements.append(try convert(element, depth: depth + 1, place)) }
            return .sequence(elements)
        case .mapping(let mapping):
            var (entries, seen) = ([ManifestNode.Entry](), Set<String>())
            for (key, value) in mapping {
                let key = try convert(key, depth: depth + 1, place)
                guard let word = key.word else {
                    throw ManifestProblem("a key is \(key.kind), not a word", at: key.place)
                }
                guard seen.insert(word).inserted else {
                    throw ManifestProblem("the key \(word) is there twice", at: key.place)
                }
                let value = try convert(value, depth: depth + 1, key.place)
                entries.append(ManifestNode.Entry(key: word, place: key.place, value: value))
            }
            return .mapping(entries)
        case .alias: throw ManifestProblem("an alias that refers to nothing", at: place)
        }
    }

    private static func problem(_ error: any Error) -> ManifestProblem {
        func at(_ mark: Mark) -> ManifestPlace { ManifestPlace(line: mark.line, column: mark.column) }
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let hint = problem.contains("alias") ? " (a word that begins with * needs quotes)" : ""
            return ManifestProblem("\(context.map { $0.text + ": " } ?? "")\(problem)\(hint)", at: at(mark))
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            return ManifestProblem("the key \(duplicates.first ?? "") is there twice", at: at(context.mark))
        case YamlError.reader(let problem, _, _, _): return ManifestProblem("no YAML: \(problem)", at: .start)
        default: return ManifestProblem("no YAML: \(error)", at: .start)
        }
    }
}
