internal import ArgumentParser
internal import Places
internal import Sluice

struct InputFlags: ParsableArguments {
    @Argument(
        help: "The input: a file, a FIFO, - for standard input, or pictures: 'shots/frame_%04d.png', 'shots/*.exr'."
    )
    var input = "-"

    @Option(
        name: [.short, .long],
        help: "Size of raw frames, as WIDTHxHEIGHT.",
        transform: expecting("WIDTHxHEIGHT, such as 1920x1080, with sides of 1 to 16384")
    )
    var size: PictureSize?

    @Option(
        name: [.customShort("r"), .long],
        help: "Frames a second, of raw frames and of streams without times: 30, 30000/1001 or 23.976.",
        transform: expecting("frames a second, 10000 at the most, such as 30, 30000/1001 or 23.976")
    )
    var framerate: FrameRate?

    @Option(
        name: [.customShort("p"), .long],
        help: ArgumentHelp("Pixel format of raw frames.", discussion: PixelFormat.namesForHelp),
        completion: .pixelFormats,
        transform: pixelFormat(named:)
    )
    var pixelFormat: PixelFormat?

    @Option(
        help: "Input type; media is a coded stream, a container or pictures. Media and Y4M store size, rate and format."
    )
    var inputFormat = InputFormat.auto

    @Flag(help: "Keep the times of the frames, for a stream without a constant rate.")
    var variableRate = false

    @Option(
        help: ArgumentHelp(
            "The time of each frame, instead of a rate or of the times in the input: timestamp format v2 (milliseconds, a line for each frame) or JSON lines: {\"timestamp\":33300,\"duration\":16700} (microseconds).",
            valueName: "file"
        )
    )
    var frameTimes: String?

    @Option(
        help: ArgumentHelp(
            "How long the last frame is shown, where frame times are variable. (default: as in the input, or as long as the frame before)",
            valueName: "seconds"
        ),
        transform: expecting("seconds, 0.000001 to 1000000, such as 0.5")
    )
    var durationOfLast: ExactSeconds?

    @Flag(help: "Start the output at the start time of the media input. (default: at 0)")
    var keepStartTime = false

    @Option(
        help: "Bytes from one row of the first plane to the next, if the rows of raw frames are padded.",
        transform: expecting("a whole number of bytes")
    )
    var stride: Int?

    @Option(
        help: "Rows from the first plane of a raw frame to the next, if planes are padded in height.",
        transform: expecting("a whole number of rows")
    )
    var planeRows: Int?

    @Option(
        help:
            "Bits by which the samples of raw frames are shifted up: 6 for 10 bits in the high ones of 16. (default: 0)",
        transform: expecting("a whole number of bits, 0 to 7")
    )
    var sampleShift = 0

    @OptionGroup var sequence: SequenceFlags

    @Flag(help: "Raw frames begin with their lowest row, as OpenGL's do.")
    var bottomUp = false

    @Option(
        help: "Frames to skip at the start. (default: 0)",
        transform: expecting("a whole number, 0 or more")
    )
    var skip = 0

    @Option(
        help: "Number of frames to encode; an input with fewer is an error, and the rest of a longer one is not read.",
        transform: expecting("a whole number, 1 or more")
    )
    var frames: Int?

    @Option(
        help: "Fail unless the input has exactly this many frames.",
        transform: expecting("a whole number, 1 or more")
    )
    var expectFrames: Int?

    @Flag(help: "If the input ends within a frame or is damaged, keep its complete frames.")
    var acceptPartial = false

    @Option(
        help: ArgumentHelp("Fail if a pipe delivers nothing for this long. (default: wait)", valueName: "seconds"),
        transform: expecting("seconds, 0.001 to 1000000")
    )
    var inputTimeout: Seconds?

    @Flag(help: "Compute the SHA-256 of the input for the receipt.")
    var digest = false

    func validate() throws {
        guard skip >= 0 else { throw ValidationError("--skip \(skip) is negative") }
        if let frames, frames < 1 { throw ValidationError("--frames \(frames) leaves nothing to encode") }
        if let expectFrames, expectFrames < 1 {
            throw ValidationError("--expect-frames \(expectFrames) is less than 1")
        }
        if let frames, let expectFrames, frames != expectFrames {
            throw ValidationError("--frames \(frames) and --expect-frames \(expectFrames) contradict each other")
        }
        guard (0...7).contains(sampleShift) else {
            throw ValidationError("--sample-shift \(sampleShift) is not in 0...7")
        }
        if let planeRows, !(1...1 << 20).contains(planeRows) {
            throw ValidationError("--plane-rows \(planeRows) is not a number of rows, at most \(1 << 20)")
        }
        guard frameTimes == nil || framerate == nil else {
            throw ValidationError("--framerate and --frame-times exclude each other: the times replace the rate")
        }
        if let stride, stride < 1 { throw ValidationError("--stride \(stride) is not a number of bytes") }
    }

    /// Reads the times of the frames into a job. Signals are watched meanwhile, because they may come from a pipe.
    func readFrameTimes(for job: inout EncodeJob, _ interrupt: Interrupt) throws(Failure) {
        guard let frameTimes else { return }
        let (path, timeout) = (FilePath(spelled: frameTimes), job.input.timeout)
        job.input.frameTimes = try Failure.asFailure { () throws(JobError) in
            try FrameTimesFile.read(path, interrupt: interrupt, timeout: timeout)
        }
        job.otherInputs.append(path)
    }

    var description: InputDescription {
        var description = InputDescription(input == "-" ? .standardInput : .path(FilePath(spelled: input)))
        description.format = inputFormat
        description.size = size
        description.framerate = framerate
        description.hasVariableRate = variableRate
        description.keepsStartTime = keepStartTime
        description.durationOfLast = durationOfLast?.microseconds
        description.pixelFormat = pixelFormat
        description.stride = stride
        description.planeRows = planeRows
        description.sampleShift = sampleShift
        description.startNumber = sequence.startNumber
        description.isBottomUp = bottomUp
        description.timeout = inputTimeout?.duration
        description.selection.skip = skip
        description.selection.count = frames
        description.selection.expected = expectFrames
        description.selection.acceptPartial = acceptPartial
        description.hasDigest = digest
        return description
    }
}
