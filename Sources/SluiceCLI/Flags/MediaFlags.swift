internal import ArgumentParser
internal import Places
internal import Sluice

/// Which stream is read, and what is known of it beforehand.
struct MediaFlags: ParsableArguments {
    @Argument(
        help: "The stream: a file, a FIFO, or - for standard input; decode takes pictures, too: 'shots/frame_%04d.png'."
    )
    var input: String

    @Option(help: "Format of the stream; auto detects it from the first bytes, except avcc.")
    var inputFormat = MediaFormat.auto

    @Option(help: "The codec, if the stream does not identify it: h264 or hevc in Annex B or AVCC.")
    var codec: VideoCodec?

    @Option(
        name: [.customShort("r"), .long],
        help: "Frames a second of a stream without times. (default: from its parameter sets)"
    )
    var framerate: FrameRate?

    @OptionGroup var sequence: SequenceFlags

    @Option(
        help: ArgumentHelp("The decoder configuration record (avcC, hvcC) of an AVCC stream.", valueName: "file")
    )
    var description: String?

    @Option(
        help: ArgumentHelp(
            "JSON lines with the position of each chunk in the stream, as encode --chunks writes them.",
            valueName: "file"
        )
    )
    var chunks: String?

    @Option(
        help: ArgumentHelp("Fail if a pipe delivers nothing for this long. (default: wait)", valueName: "seconds"),
        transform: expecting("seconds, 0.001 to 1000000")
    )
    var inputTimeout: Seconds?

    func validate() throws {
        guard ![description, chunks].contains("") else { throw ValidationError("an input's name is empty") }
        try checkDescription()
        let fromStandardInput = [input, description, chunks].filter { $0 == "-" }.count
        guard fromStandardInput <= 1 else { throw ValidationError("standard input cannot be two inputs") }
    }

    /// A stream in AVCC has its record in a separate file or in its chunk lines; other formats have none.
    private func checkDescription() throws {
        switch (isAVCC: inputFormat == .avcc, description: description != nil, chunks: chunks != nil) {
        case (_, true, true):
            throw ValidationError("--description and --chunks exclude each other: the lines hold the record as well")
        case (true, false, false):
            throw ValidationError(
                "--input-format avcc needs --description, the record (avcC, hvcC), or --chunks, whose lines hold it"
            )
        case (false, true, false):
            throw ValidationError("--description is the record of a stream in AVCC, which needs --input-format avcc")
        default: break
        }
    }

    var origin: ByteSource.Origin { Self.origin(input) }

    /// Every file that is read.
    var files: [FilePath?] { [input, description, chunks].map { name in name.flatMap { Self.origin($0).path } } }

    var options: MediaOptions {
        var options = MediaOptions()
        (options.format, options.codec, options.framerate) = (inputFormat, codec, framerate)
        options.description = description.map(Self.origin)
        options.chunks = chunks.map(Self.origin)
        options.timeout = inputTimeout?.duration
        options.startNumber = sequence.startNumber
        return options
    }

    private static func origin(_ name: String) -> ByteSource.Origin {
        name == "-" ? .standardInput : .path(FilePath(spelled: name))
    }
}

/// Which frames of a stream are wanted.
struct FrameFlags: ParsableArguments {
    @Option(help: "Frames to skip at the start.")
    var skip = 0

    @Option(
        help: "Number of frames to decode; a stream with fewer is an error, and the rest of a longer one is not read."
    )
    var frames: Int?

    @Option(help: "Fail unless the input has exactly this many frames.")
    var expectFrames: Int?

    @Flag(help: "If the stream is damaged or ends early, keep its complete frames.")
    var acceptPartial = false

    func validate() throws {
        guard skip >= 0 else { throw ValidationError("--skip \(skip) is negative") }
        if let frames, frames < 1 { throw ValidationError("--frames \(frames) leaves nothing") }
        if let expectFrames, expectFrames < 1 {
            throw ValidationError("--expect-frames \(expectFrames) is less than 1")
        }
        if let frames, let expectFrames, frames != expectFrames {
            throw ValidationError("--frames \(frames) and --expect-frames \(expectFrames) contradict each other")
        }
    }

    var selection: FrameReader.Selection {
        var selection = FrameReader.Selection()
        (selection.skip, selection.count, selection.expected) = (skip, frames, expectFrames)
        selection.acceptPartial = acceptPartial
        return selection
    }
}
