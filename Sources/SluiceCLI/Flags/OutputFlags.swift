internal import ArgumentParser
internal import Places
internal import Sluice
internal import SystemPackage

struct OutputFlags: ParsableArguments {
    @Option(name: [.short, .long], help: "The output: a file, or - for standard output.")
    var output: String?

    @Option(help: "Output format. (default: from the file name's extension; for a plan's shards, as planned)")
    var format: OutputFormat?

    @Flag(help: "Write fragmented MP4. (default: only to a pipe)")
    var fragment = false

    @Flag(
        help: """
            Write the index of an MP4, MOV, MKV or WebM file behind its frames, instead of moving it to the front at the end of the \
            run. (default: in front, so that players need not have the whole file)
            """
    )
    var indexAtEnd = false

    @Option(
        help: ArgumentHelp(
            "Write the decoder configuration record (avcC, hvcC) to this file; for avcc.",
            valueName: "file"
        )
    )
    var description: String?

    @Option(
        help: ArgumentHelp(
            "Write a JSON line for each chunk to this file, with the data that a WebCodecs decoder needs.",
            valueName: "file"
        )
    )
    var chunks: String?

    @Option(help: ArgumentHelp("Write a record of the run to this file, as JSON.", valueName: "file"))
    var receipt: String?

    // Set by a batch for its jobs; not for users.
    @Option(help: .hidden)
    var jobRecord: JobRecord?

    // The descriptor of a batch's claim to the output.
    @Option(help: .hidden)
    var claimFd: Int32?

    // The folder that a batch's outputs have to be in, and its descriptor.
    @Option(help: .hidden)
    var outputRoot: String?

    @Option(help: .hidden)
    var outputRootFd: Int32?

    @Flag(help: "Replace existing files when the new ones are complete.")
    var overwrite = false

    @Flag(
        help:
            "Give the output the modification time of the input, to the nanosecond. Both must be files; a sequence of pictures has no single time."
    )
    var keepModificationTime = false

    @Flag(
        help: """
            Keep the output only if it is smaller than the input, which is the size of its file, or, of a pipe or pictures, the \
            bytes that were read. Otherwise no file is left at the output's name (with --overwrite, an older one is removed), \
            the receipt has the status notKept, and the exit status is 0.
            """
    )
    var keepSmaller = false

    @Flag(
        help:
            """
            Decode the output before it is renamed into place, and fail (76) unless every frame is present, in order, at its \
            time, and shows the picture of the input. A picture differs if the mean of a plane is off by more than 24 of \
            255, or its blocks (8 by 8 of luma, 4 by 4 of chroma) by more than a picture without any detail would be. \
            Lossy coding stays within these limits; blocks of less than 21 by 21 samples may be off by more. Below 0.1 bits a \
            pixel, encoders repeat parts of other frames, which is not a failure. To check quality, use --min-psnr.
            """
    )
    var verify = false

    @Option(
        help: ArgumentHelp(
            "Verify, and fail (76) if the PSNR over all frames is below this. The input must be a file.",
            valueName: "db"
        )
    )
    var minPsnr: Double?

    func validate() throws {
        if let minPsnr, !(0...200).contains(minPsnr) {
            throw ValidationError("--min-psnr \(minPsnr) is not in 0...200 dB")
        }
    }

    /// What is checked of the output; a least PSNR is a check as well.
    var verification: VerificationOptions? {
        verify || minPsnr != nil ? VerificationOptions(leastPSNR: minPsnr) : nil
    }

    static func destination(_ name: String) -> ByteSink.Destination {
        ["-", "/dev/stdout"].contains(name) ? .standardOutput : .path(file(name))
    }

    /// The path of an output. A slash at its end becomes a dot, because paths drop the slash, and the name of a folder would
    /// become that of a file.
    static func file(_ name: String) -> FilePath {
        FilePath(spelled: name.utf8.last == UInt8(ascii: "/") ? name + "." : name)
    }

    /// Standard output carries data, so JSON results are written elsewhere.
    var usesStandardOutput: Bool {
        [output, description, chunks, receipt].contains { $0.map(Self.destination) == .standardOutput }
    }

    func describe() throws(Failure) -> OutputDescription {
        for name in [output, description, chunks, receipt] where name == "" {
            throw .usage("an output's name is empty")
        }
        guard let output else { throw .usage("an output is missing: use --output FILE, or -o - for standard output") }
        var result = OutputDescription(Self.destination(output), format: try outputFormat(of: output))
        result.overwrite = overwrite
        (result.fragment, result.indexAtEnd) = (fragment, indexAtEnd)
        (result.keepsModificationTime, result.keepsOnlySmaller) = (keepModificationTime, keepSmaller)
        result.description = description.map(Self.destination)
        result.chunks = chunks.map(Self.destination)
        result.receipt = receipt.map(Self.destination)
        result.claim = claimFd
        result.root = try root()
        guard description == nil || result.format == .avcc else {
            throw .usage("--description needs --format avcc; other formats contain the decoder configuration")
        }
        return result
    }

    private func root() throws(Failure) -> OutputRoot? {
        guard let outputRoot, let outputRootFd else { return nil }
        do {
            let folder = try FileDescriptor(rawValue: outputRootFd).duplicate()
            return OutputRoot(OpenFolder(folder), path: FilePath(spelled: outputRoot))
        } catch {
            throw .usage("--output-root-fd \(outputRootFd) is not open")
        }
    }

    /// The format of the output's file name extension.
    var formatOfName: OutputFormat? { nameExtension.flatMap { OutputFormat(extension: $0) } }

    /// The codec of the output's file name extension, if no option sets the codec.
    var codecOfName: VideoCodec? { format == nil ? nameExtension.flatMap { OutputFormat.codec(extension: $0) } : nil }

    /// Throws if the output's file name extension is that of another codec.
    func checkName(is codec: VideoCodec) throws(Failure) {
        guard let named = codecOfName, named != codec else { return }
        throw .usage(
            "\(output ?? "") is a file name for \(named.name), not for \(codec.name) (to keep the name, use --format annexb)"
        )
    }

    private var nameExtension: String? { output.flatMap { FilePath(spelled: $0).extension } }

    private func outputFormat(of output: String) throws(Failure) -> OutputFormat {
        if let format { return format }
        guard let format = formatOfName else {
            let formats = OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
            guard output != "-" else { throw .usage("standard output needs a format: use --format \(formats)") }
            throw .usage("\(output) has no known extension: use --format \(formats), or a name such as out.mp4")
        }
        return format
    }
}
