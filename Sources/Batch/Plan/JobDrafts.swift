internal import Places
internal import SystemPackage
internal import VideoTypes

/// Turns entries into drafts, by expanding patterns and substitutions, and collects all problems.
struct JobDrafts {
    let flags: [String: JobFlag]
    let rules: PathRules
    /// Where programs are looked for.
    let programPath: String
    private(set) var drafts: [JobDraft] = []
    private(set) var problems: [ManifestProblem] = []
    /// A folder could not be read because of a lack of descriptors or memory: the manifest may be right.
    private(set) var isShort = false
    private(set) var values: [String: String] = [:]
    /// Keys whose values have substitutions of their own.
    private var unsettled: Set<String> = []
    /// Values and files so far, of all jobs.
    private var words = 0
    /// What the current entry excludes.
    var exclusions = Exclusions()
    /// Whether each word of `exclude:` has excluded a file.
    var isUsed: [Exclusions.Rule: Bool] = [:]
    /// The files of patterns that were looked for already.
    private var matches: [FilePath: [String]] = [:]

    /// Drafts of entries.
    init(_ entries: [JobEntry], flags: [JobFlag], rules: PathRules, programPath: String) {
        self.flags = Dictionary(uniqueKeysWithValues: flags.map { ($0.name, $0) })
        (self.rules, self.programPath) = (rules, programPath)
        guard !isTooMuch(entries) else { return }
        for entry in entries where words <= ManifestLimits.words {
            checkVariables(entry)
            values = Self.values(of: entry)
            unsettled = Set(entry.keys.filter { $0.value.word?.contains("$") ?? false }.map(\.key))
            takeExclusions(entry)
            expand(entry)
        }
    }

    /// Whether the lists alone, before they are expanded, have more values than allowed, which is a problem.
    private mutating func isTooMuch(_ entries: [JobEntry]) -> Bool {
        for entry in entries {
            count(entry.keys.reduce(0) { $0 + $1.value.elements.count }, at: entry.place)
            guard words <= ManifestLimits.words else { return true }
        }
        words = 0
        return false
    }

    mutating func note(_ message: String, at place: ManifestPlace) {
        problems.append(ManifestProblem(message, at: place))
    }

    /// A file that cannot be read, which the manifest may have no part in.
    mutating func note(_ error: IngestError, _ message: String, at place: ManifestPlace) {
        isShort = isShort || error.isShortage
        note(message, at: place)
    }

    /// Counts what a job has; a problem, once, if it is more than all jobs together may have.
    mutating func count(_ more: Int, at place: ManifestPlace) {
        guard words <= ManifestLimits.words else { return }
        words += more
        if words > ManifestLimits.words {
            note("the jobs up to this one have more than \(ManifestLimits.words) values and files", at: place)
        }
    }

    /// The files that match a pattern, each pattern searched once; one more than the limit shows that it is exceeded.
    mutating func files(matching pattern: String, at place: ManifestPlace) -> [String] {
        let key = FilePath(spelled: pattern)
        if let found = matches[key] { return found }
        let found = rules.files(matching: pattern, limit: ManifestLimits.jobs)
        if let shortage = found.shortage {
            isShort = true
            note("not all folders of \(pattern) could be read: \(shortage)", at: place)
        }
        matches[key] = found.files
        return found.files
    }

    /// The variables of a job. A value that has substitutions itself is not one of them: values are not substituted twice.
    private static func values(of entry: JobEntry) -> [String: String] {
        let words = (entry.keys + entry.variables).compactMap { entry in entry.value.word.map { (entry.key, $0) } }
        let own = words.filter { !["input", "pictures", "output", "name"].contains($0.0) && !$0.1.contains("$") }
        return Dictionary(own, uniquingKeysWith: { first, _ in first })
    }

    /// A variable without a reference is a misspelled key.
    private mutating func checkVariables(_ entry: JobEntry) {
        let used = Set(entry.keys.flatMap { Self.words($0.value) }.flatMap(Substitution.names(in:)))
        for variable in entry.variables {
            guard variable.value.word != nil else {
                note(
                    "\(variable.key) is not a flag of sluice encode, and \(variable.value.kind) cannot be substituted",
                    at: variable.place
                )
                continue
            }
            guard !used.contains(variable.key) else { continue }
            let near = flags.keys.nearest(to: variable.key).map { " (did you mean \($0)?)" } ?? ""
            note(
                "\(variable.key) is not a flag of sluice encode, and ${\(variable.key)} is not used\(near)",
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

    /// The values of a list, or the single value, with their substitutions.
    mutating func substituted(_ node: ManifestNode) -> [(word: String, place: ManifestPlace)] {
        node.elements.compactMap { element in
            guard let word = word(element) else { return nil }
            return (word, element.place)
        }
    }

    mutating func word(_ node: ManifestNode) -> String? {
        guard words <= ManifestLimits.words else { return nil }
        guard let word = node.word, !node.isNull else {
            note("\(node.isNull ? "nothing" : node.kind) where a single value is expected", at: node.place)
            return nil
        }
        do throws(ManifestProblem) {
            for name in Substitution.names(in: word) where values[name] == nil && unsettled.contains(name) {
                throw ManifestProblem(
                    "the value of ${\(name)} contains substitutions, which are not applied again",
                    at: node.place
                )
            }
            let result = try Substitution.apply(word, at: node.place) { values[$0] }
            guard !result.utf8.contains(0) else { throw ManifestProblem("a value with a NUL byte", at: node.place) }
            count(1, at: node.place)
            return result
        } catch {
            problems.append(error)
            return nil
        }
    }

    /// One draft for each file that the input matches, or one for all pictures of a sequence.
    private mutating func expand(_ entry: JobEntry) {
        if let node = entry.keys["pictures"] { return expandPictures(entry, node) }
        guard let node = entry.keys["input"] else {
            guard entry.keys["command"] != nil else {
                return note(
                    "a job needs input: (a file), pictures: (a pattern), or command: (a program that writes the frames)",
                    at: entry.place
                )
            }
            return draft(entry, input: nil)
        }
        guard entry.keys["command"] == nil else {
            return note(
                "input: and command: exclude each other (to list files that a command reads, use inputs:)",
                at: node.place
            )
        }
        guard let input = word(node) else { return }
        if let reason = rules.refusal(of: input, isOutput: false) {
            note(reason, at: node.place)
            return draft(entry, input: input, isComplete: false)
        }
        guard GlobPattern.isPattern(input), !isFile(input) else {
            if let exclude = entry.keys["exclude"], !entry.inherited.contains("exclude") {
                let kind = isSequence(input) ? "one sequence of pictures" : "a file"
                note("exclude: needs an input: with a pattern, but \(input) is \(kind)", at: exclude.place)
            }
            // With a number that counts up, all files are one job.
            guard !isSequence(input) else { return draft(entry, pictures: input, at: node.place) }
            return draft(entry, input: input)
        }
        let files = withoutExcluded(files(matching: input, at: node.place))
        guard !files.isEmpty else {
            note("\(input) matches no file\(exclusions.isEmpty ? "" : " that is not excluded")", at: node.place)
            // Its other keys are looked at all the same.
            return draft(entry, input: input, isComplete: false)
        }
        guard files.count + drafts.count <= ManifestLimits.jobs else {
            return note("\(input) makes more than \(ManifestLimits.jobs) jobs", at: node.place)
        }
        for file in files where words <= ManifestLimits.words {
            guard let reason = rules.refusal(of: file, isOutput: false) else {
                draft(entry, input: file, isMatch: true)
                continue
            }
            note(reason, at: node.place)
        }
    }

    func isFile(_ name: String) -> Bool { rules.isThere(name) }

    /// Adds a draft.
    ///
    /// - Parameters:
    ///   - entry: Its keys.
    ///   - input: The name of its input; `nil` where a command makes the frames.
    ///   - pictures: The files of the input, where that is a pattern of them.
    ///   - isComplete: Its input is there.
    ///   - isMatch: Its input was found by a pattern.
    mutating func draft(
        _ entry: JobEntry,
        input: String?,
        pictures: [BatchJob.File] = [],
        isComplete: Bool = true,
        isMatch: Bool = false
    ) {
        var draft = JobDraft(entry: entry)
        (draft.isComplete, draft.isMatch, draft.pictures) = (isComplete, isMatch, pictures)
        let before = values
        defer { values = before }
        if let input {
            let path = FilePath(spelled: input)
            let folder = path.removingLastComponent()
            values["input"] = input
            values["stem"] = stem(path, isSequence: !pictures.isEmpty).spelled
            values["folder"] = folder.isEmpty ? "." : folder.spelled
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
            draft.receipt = output.beside(".receipt.json")
        }
        if draft.name.isEmpty { draft.name = draft.output?.name ?? "" }
        drafts.append(draft)
    }

    /// A file's name without its suffix; of pictures, whose names are a pattern, that of their folder.
    private func stem(_ path: FilePath, isSequence: Bool) -> FileName {
        guard isSequence else { return FileName(lastOf: path).stem }
        return FileName(lastOf: rules.folder.pushing(path).lexicallyNormalized().removingLastComponent())
    }
}

extension [String] {
    /// Similar names, as text; `nil` without any.
    fileprivate func map(_ body: (String) -> String) -> String? { isEmpty ? nil : body(joined(separator: ", ")) }
}
