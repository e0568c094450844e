public import ArgumentParser
internal import Places
public import Sluice

/// What a container stores of its contents besides pictures and sound.
struct MetadataFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A tag of the output, such as artist=NAME, under libavformat's name of it; can be repeated. An empty value removes a tag of the input. creation_time is stored only by this: creation_time=2024-05-01T12:00:00Z.",
            valueName: "key=value"
        ),
        transform: expecting("KEY=VALUE, with a key of letters, digits, dots and underscores")
    )
    var metadata: [MetadataTag] = []

    @Option(help: ArgumentHelp("The title of the output, as --metadata title=TEXT.", valueName: "text"))
    var title: String?

    @Option(
        help: ArgumentHelp("The language of the picture: deu, ger or de. (default: of the input)", valueName: "code"),
        transform: expecting("a language of ISO 639-2, such as eng, or of two letters, such as en")
    )
    var language: LanguageCode?

    @Option(
        help: ArgumentHelp(
            "The timecode of the first frame: 01:00:00:00, or with dropped frames 01:00:00;00. (default: of the input)",
            valueName: "timecode"
        ),
        transform: expecting("a timecode such as 01:00:00:00, or 01:00:00;00 with dropped numbers")
    )
    var timecode: Timecode?

    @Option(
        help: ArgumentHelp(
            "Chapters of the output: FFmpeg's metadata file, or lines such as 00:01:02.500 Title. (default: of the input)",
            valueName: "file"
        )
    )
    var chapters: String?

    @Flag(help: "Leave out what a media input stores of itself: tags, language, timecode and chapters.")
    var noMetadata = false

    @Flag(help: "Leave out the chapters of a media input.")
    var noChapters = false

    func validate() throws {
        if chapters != nil, noChapters { throw ValidationError("--chapters and --no-chapters exclude each other") }
        if title != nil, metadata.contains(where: { $0.name == "title" }) {
            throw ValidationError("--title and --metadata title=… exclude each other")
        }
        if let title, MetadataTag(key: "title", value: title) == nil {
            throw ValidationError("--title has control characters, or more than 32000 bytes")
        }
        let keys = metadata.map(\.name)
        if let key = keys.first(where: { key in keys.count { $0 == key } > 1 }) {
            throw ValidationError("--metadata has two values for \(key)")
        }
    }

    /// What the flags mean; the chapters are read later.
    var options: MetadataOptions {
        var options = MetadataOptions()
        options.tags = metadata + [title.flatMap { MetadataTag(key: "title", value: $0) }].compactMap(\.self)
        (options.language, options.timecode) = (language, timecode)
        (options.keepsInput, options.keepsChapters) = (!noMetadata, !noChapters)
        return options
    }

    /// The first of these flags that is used.
    var firstUsed: String? {
        let used: [(String, Bool)] = [
            ("--metadata", !metadata.isEmpty), ("--title", title != nil), ("--language", language != nil),
            ("--timecode", timecode != nil), ("--chapters", chapters != nil), ("--no-metadata", noMetadata),
            ("--no-chapters", noChapters),
        ]
        return used.first(where: \.1)?.0
    }

    /// Reads the list of chapters into a job. Signals are watched meanwhile, because it may come from a pipe.
    func readChapters(for job: inout EncodeJob, _ interrupt: Interrupt) throws(Failure) {
        guard let chapters else { return }
        let (path, timeout) = (FilePath(spelled: chapters), job.input.timeout)
        job.output.metadata.chapters = try Failure.asFailure { () throws(JobError) in
            try ChapterFile.read(path, interrupt: interrupt, timeout: timeout)
        }
        job.otherInputs.append(path)
    }
}

extension MetadataTag: ExpressibleByArgument {
    /// Reads `KEY=VALUE`.
    public init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        self.init(key: parts[0], value: parts[1])
    }
}

extension LanguageCode: ExpressibleByArgument {
    /// Reads a code.
    public init?(argument: String) { self.init(argument) }
}

extension Timecode: ExpressibleByArgument {
    /// Reads a timecode.
    public init?(argument: String) { self.init(argument) }
}
