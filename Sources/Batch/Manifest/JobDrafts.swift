internal import SystemPackage
internal import VideoTypes

/// What becomes of entries when globs are files and substitutions are made: drafts, and everything that is wrong with them.
struct JobDrafts {
    private let flags: [String: JobFlag]
    private let rules: PathRules
    /// Where programs are looked for.
    private let programPath: String
    private(set) var drafts: [JobDraft] = []
    private(set) var problems: [ManifestProblem] = []
    private var values: [String: String] = [:]
    /// Keys whose words have substitutions of their own.
    private var unsettled: Set<String> = []

    /// Drafts of entries.
    init(_ entries: [JobEntry], flags: [JobFlag], rules: PathRules, programPath: String) {
        self.flags = Dictionary(uniqueKeysWithValues: flags.map { ($0.name, $0) })
        (self.rules, self.programPath) = (rules, programPath)
        for entry in entries {
            checkVariables(entry)
            values = Self.values(of: entry)
            unsettled = Set(entry.keys.filter { $0.value.word?.contains("$") ?? false }.map(\.key))
            expand(entry)
        }
    }

    private mutating func note(_ message: String, at place: ManifestPlace) {
        problems.append(ManifestProblem(message, at: place))
    }

    /// What a job says of itself. A word with substitutions of its own is not among it: nothing is substituted twice.
    private static func values(of entry: JobEntry) -> [String: String] {
        let words = (entry.keys + entry.variables).compactMap { entry in entry.value.word.map { (entry.key, $0) } }
        let own = words.filter { !["input", "output", "name"].contains($0.0) && !$0.1.contains("$") }
        return Dictionary(own, uniquingKeysWith: { first, _ in first })
    }

    /// A variable that nobody refers to is a key misspelled.
    private mutating func checkVariables(_ entry: JobEntry) {
        let used = Set(entry.keys.flatMap { Self.words($0.value) }.flatMap(Substitution.names(in:)))
        for variable in entry.variables {
            guard variable.value.word != nil else {
                note(
                    "\(variable.key) is no flag of sluice encode, and \(variable.value.kind) cannot be substituted",
                    at: variable.place
                )
                continue
            }
            guard !used.contains(variable.key) else { continue }
            let near = flags.keys.nearest(to: variable.key).map { " (did you mean \($0)?)" } ?? ""
            note(
                "\(variable.key) is no flag of sluice encode, and nothing says ${\(variable.key)}\(near)",
                at: variable.place
            )
        }
    }

    private static func words(_ node: ManifestNode) -> [String] {
        switch node.content {
        case .scalar(let word, _): [word]
        case .sequence(let nodes): nodes.flatMap(words)
        case .mapping(let entries): entries.flatMap { words($0.value) }
        }
    }

    /// The words of a list, or the one word, with their substitutions.
    private mutating func substituted(_ node: ManifestNode) -> [(word: String, place: ManifestPlace)] {
        node.elements.compactMap { element in
            guard let word = word(element) else { return nil }
            return (word, element.place)
        }
    }

    private mutating func word(_ node: ManifestNode) -> String? {
        guard let word = node.word, !node.isNull else {
            note("\(node.isNull ? "nothing" : node.kind) where a word is expected", at: node.place)
            return nil
        }
        do throws(ManifestProblem) {
            for name in Substitution.names(in: word) where values[name] == nil && unsettled.contains(name) {
                throw ManifestProblem("${\(name)} stands for a word with substitutions of its own", at: node.place)
            }
            let result = try Substitution.apply(word, at: node.place) { values[$0] }
            guard !result.utf8.contains(0) else { throw ManifestProblem("a word with a NUL in it", at: node.place) }
            return result
        } catch {
            problems.append(error)
            return nil
        }
    }

    /// One draft for each file that the input stands for.
    private mutating func expand(_ entry: JobEntry) {
        guard let node = entry.keys["input"] else {
            guard entry.keys["command"] != nil else {
                return note("a job needs an input: (a file), or a command: that writes the frames", at: entry.place)
            }
            return draft(entry, input: nil)
        }
        guard entry.keys["command"] == nil else {
            return note(
                "input: and command: are two sources for one job (inputs: lists files that a command reads)",
                at: node.place
            )
        }
        guard let input = word(node) else { return }
        if let reason = rules.refusal(of: input, isOutput: false) {
            note(reason, at: node.place)
            return draft(entry, input: input, isComplete: false)
        }
        guard GlobPattern.isPattern(input), !isFile(input) else { return draft(entry, input: input) }
        let files = rules.files(matching: input, limit: ManifestLimits.jobs)
        guard !files.isEmpty else {
            note("\(input) matches no file", at: node.place)
            // Its other keys are looked at all the same.
            return draft(entry, input: input, isComplete: false)
        }
        guard files.count + drafts.count <= ManifestLimits.jobs else {
            return note("\(input) makes more than \(ManifestLimits.jobs) jobs", at: node.place)
        }
        for file in files {
            guard let reason = rules.refusal(of: file, isOutput: false) else {
                draft(entry, input: file)
                continue
            }
            note(reason, at: node.place)
        }
    }

    private func isFile(_ name: String) -> Bool { PathRules.resolved(rules.absolute(name, isOutput: false)) != nil }

    private mutating func draft(_ entry: JobEntry, input: String?, isComplete: Bool = true) {
        var draft = JobDraft(entry: entry)
        draft.isComplete = isComplete
        let before = values
        defer { values = before }
        if let input {
            let path = FilePath(input)
            values["input"] = input
            values["stem"] = path.stem ?? ""
            values["folder"] = path.removingLastComponent().isEmpty ? "." : path.removingLastComponent().string
            draft.input = BatchJob.File(name: input, path: rules.absolute(input, isOutput: false))
        }
        let name = entry.keys["name"].flatMap { word($0) }
        if let name {
            values["name"] = name
            draft.name = name
        }
        takeOutput(&draft)
        takeCommand(&draft)
        takeLists(&draft)
        for key in entry.keys where !JobEntries.ownKeys.contains(key.key) { takeFlag(key, &draft) }
        if draft.receipt == nil, let output = draft.output {
            let receipt = FilePath(output.path.string + ".receipt.json")
            draft.receipt = BatchJob.File(name: output.name + ".receipt.json", path: receipt)
        }
        if draft.name.isEmpty { draft.name = draft.output?.name ?? "" }
        drafts.append(draft)
    }

    private mutating func file(_ node: ManifestNode, isOutput: Bool) -> BatchJob.File? {
        guard let name = word(node) else { return nil }
        return file(name, at: node.place, isOutput: isOutput)
    }

    private mutating func file(_ name: String, at place: ManifestPlace, isOutput: Bool) -> BatchJob.File? {
        if let reason = rules.refusal(of: name, isOutput: isOutput) {
            note(reason, at: place)
            return nil
        }
        return BatchJob.File(name: name, path: rules.absolute(name, isOutput: isOutput))
    }

    private mutating func takeOutput(_ draft: inout JobDraft) {
        guard let node = draft.entry.keys["output"] else {
            return note("a job needs an output:", at: draft.entry.place)
        }
        draft.output = file(node, isOutput: true)
    }

    private mutating func takeCommand(_ draft: inout JobDraft) {
        guard let node = draft.entry.keys["command"] else { return }
        guard case .sequence(let list) = node.content, !list.isEmpty else {
            return note("command: is a list of words, which no shell reads: [\"blender\", \"-b\", …]", at: node.place)
        }
        let words = substituted(node).map(\.word)
        guard words.count == list.count else { return }
        if words[0].contains("/"), let reason = rules.refusal(of: words[0], isOutput: false) {
            return note(reason, at: list[0].place)
        }
        guard let program = rules.program(words[0], path: programPath) else {
            return note("there is no program \(words[0])", at: list[0].place)
        }
        draft.command = [program.string] + words
    }

    private mutating func takeLists(_ draft: inout JobDraft) {
        if let node = draft.entry.keys["after"] {
            draft.after = substituted(node).map { (name: $0.word, place: $0.place) }
        }
        guard let node = draft.entry.keys["inputs"] else { return }
        for (name, place) in substituted(node) {
            guard let file = file(name, at: place, isOutput: false) else { continue }
            guard GlobPattern.isPattern(name), !isFile(name) else {
                draft.inputs.append(file)
                continue
            }
            let files = rules.files(matching: name, limit: ManifestLimits.jobs)
            if files.isEmpty || files.count > ManifestLimits.jobs {
                note(
                    "\(name) matches \(files.isEmpty ? "no file" : "more than \(ManifestLimits.jobs) files")",
                    at: place
                )
            }
            draft.inputs += files.compactMap { self.file($0, at: place, isOutput: false) }
        }
    }

    private mutating func takeFlag(_ entry: ManifestNode.Entry, _ draft: inout JobDraft) {
        guard let flag = flags[entry.key] else { return }
        if flag.isFile { return takeFile(entry, &draft) }
        if flag.isSwitch {
            guard let truth = entry.value.truth else {
                return note("\(entry.key) is true or false", at: entry.value.place)
            }
            return draft.flags.append((entry.key, entry.value.place, truth ? ["--\(entry.key)"] : []))
        }
        let words: [String]
        switch entry.value.content {
        case .scalar: words = [word(entry.value)].compactMap { $0 }
        case .sequence where flag.isRepeatable: words = substituted(entry.value).map(\.word)
        case .mapping(let pairs) where flag.isRepeatable:
            words = pairs.compactMap { pair in word(pair.value).map { "\(pair.key)=\($0)" } }
        default: return note("\(entry.key) has one value, not \(entry.value.kind)", at: entry.value.place)
        }
        draft.flags.append((entry.key, entry.value.place, words.map { "--\(entry.key)=\($0)" }))
    }

    /// Options for single frames are read; everything else is written.
    private mutating func takeFile(_ entry: ManifestNode.Entry, _ draft: inout JobDraft) {
        let isOutput = entry.key != "frame-options"
        guard let file = file(entry.value, isOutput: isOutput) else { return }
        // It is read now, and must not be waited for.
        guard isOutput || FileStamp(file.path) != nil else {
            return note("there is no file \(file.name)", at: entry.value.place)
        }
        draft.fileFlags.append((entry.key, file))
        switch entry.key {
        case "receipt": draft.receipt = file
        case _ where isOutput: draft.companions.append(file)
        default: draft.inputs.append(file)
        }
    }
}

extension [String] {
    /// The names that are near, as words; `nil` if none is.
    fileprivate func map(_ body: (String) -> String) -> String? { isEmpty ? nil : body(joined(separator: ", ")) }
}
