internal import ArgumentParser
internal import Places
internal import Sluice

struct CompareCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares two videos, frame by frame: PSNR and SSIM.",
        discussion: """
            Each side is a stream (Annex B, IVF, OBU, AVCC with its description), a container, Y4M, or raw frames; --size and \
            --pixel-format describe raw frames on either side. Frames are paired in display order, and both sides need the \
            same number of frames. Frames of the second side are converted to the format of the first. The results equal \
            those of ffmpeg's psnr and ssim filters.

              sluice compare -s 1920x1080 -p i420 source.yuv out.h264
              sluice compare source.y4m out.mp4 --worst 10 --min-psnr 40
              sluice compare first.mkv second.webm --json
            """
    )

    @Argument(help: "The first side, usually the source: a file, a FIFO, or - for standard input.")
    var first: String

    @Argument(help: "The second side.")
    var second: String

    @Option(name: [.short, .long], help: "Size of raw frames, as WIDTHxHEIGHT.")
    var size: PictureSize?

    @Option(
        name: [.customShort("r"), .long],
        help: "Frames a second of a side that does not store a rate; only times depend on it."
    )
    var framerate: FrameRate?

    @Option(
        name: [.customShort("p"), .long],
        help: "Pixel format of raw frames; sluice encode --help lists them.",
        completion: .pixelFormats,
        transform: pixelFormat(named:)
    )
    var pixelFormat: PixelFormat?

    @Option(help: "Type of the first side, if its first bytes and its name do not identify it.")
    var firstFormat = ComparedInput.Format.auto

    @Option(help: "Type of the second side.")
    var secondFormat = ComparedInput.Format.auto

    @Option(
        help: ArgumentHelp(
            "The decoder configuration record (avcC, hvcC) of the first side, if it is AVCC.",
            valueName: "file"
        )
    )
    var firstDescription: String?

    @Option(
        help: ArgumentHelp(
            "The decoder configuration record (avcC, hvcC) of the second side, if it is AVCC.",
            valueName: "file"
        )
    )
    var secondDescription: String?

    @Option(help: "Frames to skip at the start of the first side.")
    var firstSkip = 0

    @Option(help: "Frames to skip at the start of the second side.")
    var secondSkip = 0

    @Option(help: "Pairs of frames to compare; the rest is not read.")
    var frames: Int?

    @Flag(help: "If a side is damaged or ends within a frame, compare the frames before that.")
    var acceptPartial = false

    @Option(help: "Number of worst frames to list.")
    var worst = 3

    @Option(help: ArgumentHelp("Fail (76) if the PSNR over all frames is below this.", valueName: "dB"))
    var minPsnr: Double?

    @Option(help: ArgumentHelp("Fail (76) if the SSIM over all frames is below this.", valueName: "x"))
    var minSsim: Double?

    @Flag(help: "Print the result as one JSON object, with the numbers of every frame.")
    var json = false

    @OptionGroup var sandbox: SandboxFlags

    func validate() throws {
        guard ![firstDescription, secondDescription].contains("") else {
            throw ValidationError("a description's name is empty")
        }
        guard firstSkip >= 0, secondSkip >= 0 else { throw ValidationError("a number of frames to skip is negative") }
        if let frames, frames < 1 { throw ValidationError("--frames \(frames) leaves nothing to compare") }
        guard (0...10_000).contains(worst) else { throw ValidationError("--worst \(worst) is not in 0...10000") }
        if let minPsnr, !(0...1000).contains(minPsnr) {
            throw ValidationError("--min-psnr \(minPsnr) is not in 0...1000 dB")
        }
        if let minSsim, !(-1...1).contains(minSsim) { throw ValidationError("--min-ssim \(minSsim) is not in -1...1") }
    }

    /// Everything that the flags mean.
    func makeJob() -> Comparison {
        var comparison = Comparison(
            input(first, firstFormat, firstDescription, skip: firstSkip),
            input(second, secondFormat, secondDescription, skip: secondSkip)
        )
        comparison.worstCount = worst
        return comparison
    }

    private func input(
        _ name: String,
        _ format: ComparedInput.Format,
        _ record: String?,
        skip: Int
    ) -> ComparedInput {
        var description = InputDescription(Self.origin(name))
        (description.size, description.framerate, description.pixelFormat) = (size, framerate, pixelFormat)
        (description.selection.skip, description.selection.count) = (skip, frames)
        description.selection.acceptPartial = acceptPartial
        var input = ComparedInput(description)
        (input.format, input.description) = (format, record.map(Self.origin))
        return input
    }

    private static func origin(_ name: String) -> ByteSource.Origin {
        name == "-" ? .standardInput : .path(FilePath(spelled: name))
    }

    var reports: SessionReports { SessionReports(isJSON: json) }

    func confine(_ comparison: Comparison) -> SandboxState? {
        let files = [first, second, firstDescription, secondDescription]
        return sandbox.confine(reads: files.map { name in name.flatMap { Self.origin($0).path } })
    }

    func run(_ comparison: Comparison, in session: CommandSession) throws(Failure) -> any CommandResult {
        let report = try Failure.asFailure { () throws(JobError) in try compare(comparison, session) }
        return ComparisonResult(report: report, failure: failure(of: report))
    }

    private func compare(_ comparison: Comparison, _ session: CommandSession) throws(JobError) -> ComparisonReport {
        var everyFrame: [ComparisonReport.Frame] = []
        var report = try comparison.run(interrupt: session.interrupt, logger: session.logger) { quality in
            if json { everyFrame.append(ComparisonReport.Frame(quality)) }
        }
        if json { report.everyFrame = everyFrame }
        return report
    }

    /// Which gate the report fails.
    func failure(of report: ComparisonReport) -> Failure? {
        if let minPsnr, !(report.psnr.all >= minPsnr) {
            return missed("PSNR is \(report.psnr.all.decimals(2)) dB, less than --min-psnr \(minPsnr)", report)
        }
        guard let minSsim else { return nil }
        guard let ssim = report.ssim else {
            return Failure(
                .unavailable,
                name: "noSSIM",
                message: "--min-ssim: a plane of these frames is smaller than the 8 by 8 samples of a window"
            )
        }
        guard ssim.all >= minSsim else {
            return missed("SSIM is \(ssim.all.decimals(5)), less than --min-ssim \(minSsim)", report)
        }
        return nil
    }

    private func missed(_ what: String, _ report: ComparisonReport) -> Failure {
        let frame = report.worst.first?.frame
        return Failure(.gateFailed, name: "qualityMissed", message: what, frame: frame)
    }
}

/// A partial comparison has no result: a signal ends the program.
private struct ComparisonResult: CommandResult {
    let report: ComparisonReport
    let failure: Failure?

    var text: ResultText { .report(report.table) }
    var line: [UInt8] { report.line }
}
