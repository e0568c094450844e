internal import Places
internal import SystemPackage

/// A job whose values are final, and whose flags the command has not parsed yet.
struct JobDraft: Sendable {
    let entry: JobEntry
    /// False where its input is not there, so that only its flags can be checked.
    var isComplete = true
    var name = ""
    /// Its input was found by a pattern: an error in that file is not an error of the manifest.
    var isMatch = false
    var input: BatchJob.File?
    /// The files of the input, in order, where that is a pattern of pictures' names.
    var pictures: [BatchJob.File] = []
    var command: [String]?
    /// What `inputs:` lists, and the files that flags read.
    var inputs: [BatchJob.File] = []
    var output: BatchJob.File?
    var companions: [BatchJob.File] = []
    var receipt: BatchJob.File?
    var after: [(name: String, place: ManifestPlace)] = []
    /// The flags of each key.
    var flags: [(key: String, place: ManifestPlace, words: [String])] = []
    var fileFlags: [(flag: String, file: BatchJob.File)] = []

    /// The files of the input: one, or the pictures of a sequence.
    var sources: [BatchJob.File] { pictures.isEmpty ? [input].compactMap { $0 } : pictures }

    /// The key that has the input.
    var inputKey: String { entry.keys["pictures"] == nil ? "input" : "pictures" }

    /// A message that calls the job's files as the manifest does.
    func inOwnNames(_ message: String) -> String {
        let files = [input, output].compactMap { $0 } + pictures + inputs + companions
        return files.reduce(message) { $0.replacing($1.path.shown, with: $1.name) }
    }

    /// Where a key's value is, or else the job.
    func place(of key: String) -> ManifestPlace { entry.keys[key]?.place ?? entry.place }

    /// All flags that are not for files.
    var words: [String] { flags.flatMap(\.words) }

    /// The place that a message is about: that of the key that it names, or else the job.
    func place(mentionedIn message: String) -> ManifestPlace {
        key(mentionedIn: message).map(place(of:)) ?? entry.place
    }

    /// The flags that a message names.
    func flags(namedIn message: String) -> Set<String> {
        let words = message.split { !$0.isLetter && !$0.isNumber && $0 != "-" }
        return Set(flags.map(\.key)).filter { words.contains(Substring("--\($0)")) }
    }

    /// The key that a message names; `nil` if it names none.
    func key(mentionedIn message: String) -> String? {
        let keys = entry.keys.map(\.key).sorted { ($0.count, $0) > ($1.count, $1) }
        if let flag = keys.first(where: { message.contains("--\($0)") }) { return flag }
        if let output, message.contains(output.path.spelled) { return "output" }
        if let input, message.contains(input.path.spelled) { return inputKey }
        return keys.first { key in
            message.split(whereSeparator: { !$0.isLetter && $0 != "-" }).contains {
                JobEntries.kebab(String($0)) == key
            }
        }
    }
}
