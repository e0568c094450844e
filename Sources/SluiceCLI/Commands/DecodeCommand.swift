internal import ArgumentParser
internal import Places
internal import Sluice

struct DecodeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decodes a stream into raw frames, Y4M, or a hash of each frame.",
        discussion: """
            Reads H.264, HEVC, VP8, VP9 and AV1: in Annex B or AVCC format, IVF, AV1's low-overhead and length-delimited \
            formats, and containers such as MP4, Matroska, WebM, MPEG-TS, FLV and AVI. Frames are written as coded, \
            neither rotated nor stretched. A stream that is damaged or ends early is an error, and nothing is written.

            framehash is text. Lines that begin with # describe the columns. Each frame is one line: its number, its \
            timestamp in microseconds, its size in bytes, and the SHA-256 of its bytes in the raw format, without row \
            padding; fields are separated by a comma and a space.

              sluice decode in.mp4 -p rgba -o - | consumer
              sluice decode in.webm -o out.y4m
              sluice decode in.h264 --format framehash -o -
            """
    )

    @OptionGroup(title: "Input") var media: MediaFlags
    @OptionGroup(title: "Frames") var frames: FrameFlags

    @Option(
        name: [.customShort("p"), .long],
        help:
            "Pixel format of the output: YUV, gray, or RGB of 8 bits; alpha in rgba, i420a and the like. (default: that of the stream)",
        completion: .pixelFormats,
        transform: pixelFormat(named:)
    )
    var pixelFormat: PixelFormat?

    @Option(help: "Size to scale the frames to.")
    var size: PictureSize?

    @Option(help: "raw, y4m or framehash. (default: from the file name's extension; raw to standard output)")
    var format: DecodeJob.Format?

    @Option(name: [.short, .long], help: "The output: a file, or - for standard output.")
    var output: String

    @Option(help: ArgumentHelp("Write a record of the run to this file, as JSON.", valueName: "file"))
    var receipt: String?

    @Flag(help: "Replace existing files when the new ones are complete.")
    var overwrite = false

    @Option(help: "Decoder threads. (default: one for each processor)")
    var threads: Int?

    @Flag(help: "Print the result, or the failure, as one JSON object on standard output.")
    var json = false

    @Flag(help: "Print errors only.")
    var quiet = false

    @OptionGroup var sandbox: SandboxFlags

    func validate() throws {
        if let size, !size.isValid {
            throw ValidationError("--size \(size): each side must be in 1...\(PictureSize.limit)")
        }
        if let threads, !(1...64).contains(threads) { throw ValidationError("--threads \(threads) is not in 1...64") }
        guard output != "", receipt != "" else { throw ValidationError("an output's name is empty") }
    }

    /// Everything the flags mean, decided without opening a file, a codec or a clock.
    func makeJob() throws(Failure) -> DecodeJob {
        let (format, pixels) = try outputFormat()
        var job = DecodeJob(input: media.origin, output: OutputFlags.destination(output), format: format)
        job.media = media.options
        job.media.acceptPartial = frames.acceptPartial
        job.selection = frames.selection
        (job.pixelFormat, job.size, job.threads) = (pixels, size, threads)
        job.overwrite = overwrite
        job.receipt = receipt.map(OutputFlags.destination)
        return job
    }

    private func outputFormat() throws(Failure) -> (DecodeJob.Format, PixelFormat?) {
        let named = DecodeJob.Format.named(by: FilePath(spelled: output).extension ?? "")
        if let format { return (format, pixelFormat ?? (format == .raw ? named?.pixels : nil)) }
        if OutputFlags.destination(output) == .standardOutput { return (.raw, pixelFormat) }
        guard let named else {
            let formats = DecodeJob.Format.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("\(output) has no known extension: use --format \(formats), or a name such as out.y4m")
        }
        if let pixels = named.pixels, let pixelFormat, pixels != pixelFormat {
            throw .usage(
                "--pixel-format \(pixelFormat.rawValue) contradicts the name \(output) (--format raw takes any)"
            )
        }
        return (named.format, pixelFormat ?? named.pixels)
    }

    var reports: SessionReports {
        var reports = SessionReports(isJSON: json, isQuiet: quiet).writing(output, besides: receipt)
        // Hashes are text.
        if format == .framehash { reports.writesBinary = false }
        return reports
    }

    func confine(_ job: DecodeJob) -> SandboxState? {
        sandbox.confine(reads: media.files, writes: [job.output, job.receipt])
    }

    func run(_ job: DecodeJob, in session: CommandSession) throws(Failure) -> any CommandResult {
        try Failure.asFailure { () throws(JobError) in try job.run(session.decoding) }
    }
}
