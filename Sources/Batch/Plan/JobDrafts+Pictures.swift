internal import Places
internal import Sluice
internal import SystemPackage

// Jobs whose input is a sequence of pictures.
extension JobDrafts {
    /// One draft for all pictures of a pattern that `pictures:` has.
    mutating func expandPictures(_ entry: JobEntry, _ node: ManifestNode) {
        let others = ["input", "command"] + (entry.inherited.contains("exclude") ? [] : ["exclude"])
        if let other = others.first(where: { entry.keys[$0] != nil }) {
            return note("pictures: and \(other): exclude each other", at: node.place)
        }
        guard let pattern = word(node) else { return }
        if let reason = rules.refusal(of: pattern, isOutput: false) {
            note(reason, at: node.place)
            return draft(entry, input: pattern, isComplete: false)
        }
        guard isSequence(pattern) else {
            note("pictures: needs a pattern such as shots/*.png, unlike \(pattern) (use input:)", at: node.place)
            return draft(entry, input: pattern, isComplete: false)
        }
        draft(entry, pictures: pattern, at: node.place)
    }

    /// Whether a name is a pattern of pictures' names, and not that of a file.
    func isSequence(_ name: String) -> Bool {
        PictureSequence.folder(of: rules.absolute(name, isOutput: false)) != nil
    }

    /// One draft for all pictures of a pattern: they are the job's inputs, each a file.
    mutating func draft(_ entry: JobEntry, pictures pattern: String, at place: ManifestPlace) {
        let path = rules.absolute(pattern, isOutput: false)
        let names: [FileName]
        do throws(IngestError) {
            names = try PictureSequence(path, startNumber: startNumber(entry))?.names ?? []
        } catch {
            note(error, "\(error)".replacing(path.shown, with: pattern), at: place)
            return draft(entry, input: pattern, isComplete: false)
        }
        count(names.count, at: place)
        let folder = FilePath(spelled: pattern).removingLastComponent()
        var files: [BatchJob.File] = []
        for name in names {
            guard let file = file(folder.appending(name).spelled, at: place, isOutput: false) else { break }
            files.append(file)
        }
        draft(entry, input: pattern, pictures: files, isComplete: files.count == names.count)
    }

    /// The first number that is wanted; `nil` without one, and for a value that the command will refuse.
    private func startNumber(_ entry: JobEntry) -> Int? {
        guard let node = entry.keys["start-number"], let word = node.word else { return nil }
        return (try? Substitution.apply(word, at: node.place) { values[$0] }).flatMap { Int($0) }
    }
}
