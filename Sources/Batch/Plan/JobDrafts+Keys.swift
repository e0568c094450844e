internal import Places
internal import Sluice
internal import SystemPackage

// The meaning of a job's keys.
extension JobDrafts {
    private mutating func file(_ node: ManifestNode, isOutput: Bool) -> BatchJob.File? {
        guard let name = word(node) else { return nil }
        return file(name, at: node.place, isOutput: isOutput)
    }

    /// A file that a job reads or writes; `nil`, and a problem, where it must not.
    mutating func file(_ name: String, at place: ManifestPlace, isOutput: Bool) -> BatchJob.File? {
        if let reason = rules.refusal(of: name, isOutput: isOutput) {
            note(reason, at: place)
            return nil
        }
        return BatchJob.File(name: name, path: rules.absolute(name, isOutput: isOutput))
    }

    mutating func takeOutput(_ draft: inout JobDraft) {
        guard let node = draft.entry.keys["output"] else {
            return note("a job needs an output:", at: draft.entry.place)
        }
        draft.output = file(node, isOutput: true)
    }

    mutating func takeCommand(_ draft: inout JobDraft) {
        guard let node = draft.entry.keys["command"] else { return }
        guard case .sequence(let list) = node.content, !list.isEmpty else {
            guard !node.elements.isEmpty else { return note("command: is an empty list", at: node.place) }
            return note(
                "command: must be a list of arguments, without a shell: [\"blender\", \"-b\", …]",
                at: node.place
            )
        }
        let words = substituted(node).map(\.word)
        guard words.count == list.count else { return }
        if words[0].utf8.contains(UInt8(ascii: "/")), let reason = rules.refusal(of: words[0], isOutput: false) {
            return note(reason, at: list[0].place)
        }
        guard let program = rules.program(words[0], path: programPath) else {
            return note("no such program: \(words[0])", at: list[0].place)
        }
        draft.command = [program.spelled] + words
    }

    mutating func takeLists(_ draft: inout JobDraft) {
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
            let files = withoutExcluded(files(matching: name, at: place))
            count(files.count, at: place)
            let none = exclusions.isEmpty ? "no file" : "no file that is not excluded"
            if files.isEmpty || files.count > ManifestLimits.jobs {
                note(
                    "\(name) matches \(files.isEmpty ? none : "more than \(ManifestLimits.jobs) files")",
                    at: place
                )
            }
            draft.inputs += files.compactMap { self.file($0, at: place, isOutput: false) }
        }
    }

    mutating func takeFlag(_ entry: ManifestNode.Entry, _ draft: inout JobDraft) {
        guard let flag = flags[entry.key] else { return }
        if flag.isFile { return takeFile(entry, &draft) }
        if flag.isSwitch {
            guard let truth = entry.value.truth else {
                return note("\(entry.key) must be true or false", at: entry.value.place)
            }
            // Some flags can be negated, because their default is not off.
            let off = flags["no-\(entry.key)"] == nil ? [] : ["--no-\(entry.key)"]
            return draft.flags.append((entry.key, entry.value.place, truth ? ["--\(entry.key)"] : off))
        }
        let words: [String]
        switch entry.value.content {
        case .scalar: words = [word(entry.value)].compactMap { $0 }
        case .sequence where flag.isRepeatable: words = substituted(entry.value).map(\.word)
        case .mapping(let pairs) where flag.isRepeatable:
            words = pairs.compactMap { pair in word(pair.value).map { "\(pair.key)=\($0)" } }
        default: return note("\(entry.key) needs one value, not \(entry.value.kind)", at: entry.value.place)
        }
        draft.flags.append((entry.key, entry.value.place, words.map { "--\(entry.key)=\($0)" }))
        if entry.key == "filter" { words.forEach { takeFiles(ofGraph: $0, at: entry.value.place, &draft) } }
    }

    /// Files that a filter graph names are inputs, and held to the same rules: jobs run in the manifest's folder.
    private mutating func takeFiles(ofGraph text: String, at place: ManifestPlace, _ draft: inout JobDraft) {
        // A graph that cannot be read is refused with the other flags.
        for name in (try? FilterDescription(text))?.files ?? [] {
            if let file = file(name, at: place, isOutput: false) { draft.inputs.append(file) }
        }
    }

    /// Options and times of single frames are read; everything else is written.
    private mutating func takeFile(_ entry: ManifestNode.Entry, _ draft: inout JobDraft) {
        let isOutput = !["frame-options", "frame-times"].contains(entry.key)
        guard let file = file(entry.value, isOutput: isOutput) else { return }
        // It is read now, and must not be waited for.
        guard isOutput || FileStamp(file.path) != nil else {
            return note("no such file: \(file.name)", at: entry.value.place)
        }
        draft.fileFlags.append((entry.key, file))
        switch entry.key {
        case "receipt": draft.receipt = file
        case _ where isOutput: draft.companions.append(file)
        default: draft.inputs.append(file)
        }
    }
}
