internal import VideoTypes

/// A job as in the manifest, with `defaults:` and `matrix:` applied, before its values are parsed.
struct JobEntry: Sendable {
    let place: ManifestPlace
    /// Keys in kebab-case, each once.
    var keys: [ManifestNode.Entry]
    /// Matrix values that are not keys of a job: they can be substituted.
    var variables: [ManifestNode.Entry] = []
    /// The number of the entry of `jobs:` that it comes from.
    let origin: Int
    /// The keys that are not its own, but those of `defaults:`.
    var inherited: Set<String> = []
}

/// The entries of `jobs:`, each joined with the defaults and expanded by its matrix.
struct JobEntries {
    /// Keys that are not flags of the command.
    static let ownKeys = ["name", "input", "pictures", "exclude", "output", "command", "inputs", "after", "matrix"]

    private let flags: Set<String>
    private(set) var entries: [JobEntry] = []
    /// Keys of all jobs so far.
    private var keyCount = 0
    private(set) var problems: [ManifestProblem] = []

    /// The jobs of a manifest.
    init(_ root: ManifestNode, flags: [JobFlag]) {
        self.flags = Set(flags.map(\.name))
        read(root)
    }

    private mutating func read(_ root: ManifestNode) {
        guard case .mapping(let top) = root.content else {
            return note("a manifest must be a mapping with jobs:, not \(root.kind)", at: root.place)
        }
        checkTop(top)
        guard let jobs = top["jobs"] else { return note("the key jobs: is missing", at: root.place) }
        guard case .sequence(let list) = jobs.content, !list.isEmpty else {
            let found = jobs.elements.isEmpty ? "an empty list" : jobs.isNull ? "empty" : jobs.kind
            return note("jobs: is \(found); it must be a list with at least one job", at: jobs.place)
        }
        let defaults = top["defaults"].map { self.defaults($0) } ?? []
        for (index, job) in list.enumerated() where keyCount <= ManifestLimits.words {
            add(job, defaults, origin: index)
        }
    }

    /// In addition to the two keys of a manifest, keys that begin with `x-` can hold anchors.
    private mutating func checkTop(_ top: [ManifestNode.Entry]) {
        for entry in top where !["jobs", "defaults"].contains(entry.key) && !entry.key.hasPrefix("x-") {
            let hint =
                ["jobs", "defaults"].nearest(to: entry.key).first.map { "did you mean \($0)?" }
                ?? "use jobs, defaults, or x-… for anchors"
            note("unknown key \(entry.key) (\(hint))", at: entry.place)
        }
    }

    private mutating func note(_ message: String, at place: ManifestPlace) {
        problems.append(ManifestProblem(message, at: place))
    }

    private mutating func defaults(_ node: ManifestNode) -> [ManifestNode.Entry] {
        let keys = known(keys(of: node, "defaults:"))
        for entry in keys where ["name", "after"].contains(entry.key) {
            note("\(entry.key) cannot be in defaults:", at: entry.place)
        }
        return keys
    }

    /// The keys of a mapping in kebab-case.
    private mutating func keys(of node: ManifestNode, _ what: String) -> [ManifestNode.Entry] {
        guard case .mapping(let entries) = node.content else {
            note("\(what) is \(node.kind); it must be a mapping of keys to values", at: node.place)
            return []
        }
        guard entries.count <= ManifestLimits.keys else {
            note("\(what) has \(entries.count) keys, more than \(ManifestLimits.keys)", at: node.place)
            return []
        }
        var seen: Set<String> = []
        return entries.compactMap { entry in
            let key = Self.kebab(entry.key)
            guard seen.insert(key).inserted else {
                note("\(entry.key) repeats \(key)", at: entry.place)
                return nil
            }
            return ManifestNode.Entry(key: key, place: entry.place, value: entry.value)
        }
    }

    /// `pixelFormat` as `pixel-format`.
    static func kebab(_ key: String) -> String {
        key.reduce(into: "") { result, character in
            if character.isASCII, character.isUppercase {
                result += result.isEmpty || result.last == "-" ? character.lowercased() : "-" + character.lowercased()
            } else {
                result.append(character)
            }
        }
    }

    private func isKnown(_ key: String) -> Bool { flags.contains(key) || Self.ownKeys.contains(key) }

    /// The known keys; the others are problems.
    private mutating func known(_ keys: [ManifestNode.Entry]) -> [ManifestNode.Entry] {
        keys.filter { entry in
            guard !isKnown(entry.key) else { return true }
            let near = (Array(flags) + Self.ownKeys).nearest(to: entry.key)
            let hint =
                near.isEmpty
                ? "use the long flags of sluice encode" : "did you mean \(near.joined(separator: ", "))?"
            note("unknown key \(entry.key) (\(hint))", at: entry.place)
            return false
        }
    }

    private mutating func add(_ node: ManifestNode, _ defaults: [ManifestNode.Entry], origin: Int) {
        var keys = known(keys(of: node, "a job"))
        let inherited = Set(defaults.map(\.key)).subtracting(keys.map(\.key))
        keys += defaults.filter { inherited.contains($0.key) }
        let own = keys.filter { $0.key != "matrix" }
        guard let matrix = keys["matrix"] else { return append(own, [], node, origin, inherited) }
        for variant in variants(matrix) {
            for entry in variant where own[entry.key] != nil {
                guard defaults[entry.key] != nil, own[entry.key] == defaults[entry.key] else {
                    note("\(entry.key) is in the job and in its matrix", at: entry.place)
                    return
                }
            }
            let rest = own.filter { variant[$0.key] == nil }
            append(
                rest + variant.filter { isKnown($0.key) },
                variant.filter { !isKnown($0.key) },
                node,
                origin,
                inherited
            )
        }
    }

    /// Counts keys; false once all jobs together have more than they may.
    private mutating func count(_ more: Int, at place: ManifestPlace) -> Bool {
        guard keyCount <= ManifestLimits.words else { return false }
        keyCount += more
        guard keyCount > ManifestLimits.words else { return true }
        note("the jobs up to this one have more than \(ManifestLimits.words) keys", at: place)
        return false
    }

    private mutating func append(
        _ keys: [ManifestNode.Entry],
        _ variables: [ManifestNode.Entry],
        _ node: ManifestNode,
        _ origin: Int,
        _ inherited: Set<String>
    ) {
        guard entries.count < ManifestLimits.jobs else {
            if entries.count == ManifestLimits.jobs, !problems.contains(where: { $0.place == node.place }) {
                note("more than \(ManifestLimits.jobs) jobs", at: node.place)
            }
            return
        }
        guard count(keys.count + variables.count, at: node.place) else { return }
        entries.append(
            JobEntry(place: node.place, keys: keys, variables: variables, origin: origin, inherited: inherited)
        )
    }

    /// A list of variants, or every combination of what the keys' lists have.
    private mutating func variants(_ matrix: ManifestNode) -> [[ManifestNode.Entry]] {
        if case .sequence(let list) = matrix.content {
            if list.isEmpty {
                note("matrix: must be a list with at least one element", at: matrix.place)
            }
            return list.map { keys(of: $0, "an element of matrix:").filter { checkMatrixKey($0) } }
        }
        var variants: [[ManifestNode.Entry]] = [[]]
        for entry in keys(of: matrix, "matrix:") where checkMatrixKey(entry) {
            let values = entry.value.elements
            if values.isEmpty {
                note("\(entry.key) needs at least one value in the matrix", at: entry.place)
            }
            guard variants.count * values.count <= ManifestLimits.jobs else {
                note("the matrix makes more than \(ManifestLimits.jobs) jobs", at: entry.place)
                return []
            }
            // Most keys have one value; they cost no copies.
            if values.count == 1, let value = values.first {
                let entry = ManifestNode.Entry(key: entry.key, place: value.place, value: value)
                for index in variants.indices { variants[index].append(entry) }
                continue
            }
            variants = variants.flatMap { variant in
                values.map { variant + [ManifestNode.Entry(key: entry.key, place: $0.place, value: $0)] }
            }
        }
        return variants
    }

    private mutating func checkMatrixKey(_ entry: ManifestNode.Entry) -> Bool {
        guard ["name", "after", "matrix", "stem", "folder"].contains(entry.key) else { return true }
        note("\(entry.key) cannot be in a matrix", at: entry.place)
        return false
    }
}
