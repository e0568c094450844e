internal import ArgumentParser
internal import CPosix
internal import Places
internal import Sluice

enum TestSourceFormat: String, CaseIterable, ExpressibleByArgument {
    case raw, y4m
}

struct TestSourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "testsrc",
        abstract: "Writes raw test frames: moving color bars with the frame's number.",
        discussion: """
            The number is shown in digits in the middle, and as 16 black and white cells along the top, the highest bit \
            first, so that a test can read it back after encoding.
            """
    )

    @Option(
        name: [.short, .long],
        help: "Size of the frames. (default: 640x360)",
        transform: expecting("WIDTHxHEIGHT, such as 1920x1080, with sides of 1 to 16384")
    )
    var size = PictureSize(width: 640, height: 360)

    @Option(
        name: [.customShort("r"), .long],
        help: "Frames a second; stored only in Y4M. (default: 30)",
        transform: expecting("frames a second, such as 30, 30000/1001 or 23.976")
    )
    var framerate = FrameRate.thirty

    @Option(
        name: [.customShort("p"), .long],
        help: "Pixel format of the frames; sluice encode --help lists them. (default: rgba, or i420 for Y4M)",
        completion: .pixelFormats,
        transform: pixelFormat(named:)
    )
    var pixelFormat: PixelFormat?

    @Option(help: "Number of frames to write. (default: 300)", transform: expecting("a whole number, 1 or more"))
    var frames = 300

    @Option(
        help: "raw, or y4m, which supports gray8 and planar YUV. (default: from the file name's extension, else raw)"
    )
    var format: TestSourceFormat?

    @Option(name: [.short, .long], help: "The output: a file, or - for standard output.")
    var output = "-"

    @Flag(help: "Replace an existing file when the new one is complete.")
    var overwrite = false

    func validate() throws {
        guard frames >= 1 else { throw ValidationError("--frames \(frames) leaves nothing to write") }
        guard !isY4M || header != nil else {
            throw ValidationError("Y4M does not support \(pixels.rawValue) (\(Y4MText.formatNames))")
        }
    }

    private var isY4M: Bool { (format ?? (FilePath(spelled: output).extension == "y4m" ? .y4m : .raw)) == .y4m }

    private var pixels: PixelFormat { pixelFormat ?? (isY4M ? .i420 : .rgba) }

    private var header: [UInt8]? { Y4MText.header(format: pixels, size: size, framerate: framerate) }

    /// What is written, and where.
    struct Job: Equatable {
        let size: PictureSize
        let pixels: PixelFormat
        /// The header of Y4M; `nil` for raw frames.
        let header: [UInt8]?
        let frames: Int
        let destination: ByteSink.Destination
        let overwrite: Bool
    }

    /// Everything that the flags mean, decided without opening a file.
    func makeJob() -> Job {
        Job(
            size: size,
            pixels: pixels,
            header: isY4M ? header : nil,
            frames: frames,
            destination: OutputFlags.destination(output),
            overwrite: overwrite
        )
    }

    func run() throws {
        let job = makeJob()
        if job.destination == .standardOutput, cposix_is_terminal(1) {
            throw ValidationError("refusing to write binary data to a terminal: use --output FILE, or a pipe")
        }
        let temporaries = TemporaryFiles()
        let watch = SignalWatch { signal, _ in
            temporaries.removeAll()
            cposix_die_by_signal(signal)
        }
        defer { watch.finish() }
        do throws(SinkError) {
            var sink = try ByteSink(opening: job.destination, overwrite: job.overwrite, temporaries: temporaries)
            try job.write(to: &sink)
            try sink.publish()
        } catch {
            let failure = Failure(error)
            failure.print(asJSON: false, standardOutputIsFree: job.destination != .standardOutput)
            throw ExitCode(failure.status)
        }
    }
}

extension TestSourceCommand.Job {
    fileprivate func write(to sink: inout ByteSink) throws(SinkError) {
        let pattern = TestPattern(size: size)
        if let header { try sink.write(header) }
        for number in 0..<frames {
            if header != nil { try sink.write(Y4MText.frame) }
            // Every format has its conversion from RGBA, and the size is valid.
            guard let frame = try? pattern.frame(number, format: pixels) else { fatalError("no frame \(number)") }
            try sink.write(frame)
        }
    }
}
