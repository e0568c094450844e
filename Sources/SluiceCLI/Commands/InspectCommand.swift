internal import ArgumentParser
internal import Places
internal import Sluice

struct InspectCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Analyzes a stream, frame by frame, and checks it against the limits of its level.",
        discussion: """
            Reads Annex B, AVCC, IVF, OBU or a container, and prints a summary, the parameter sets, and a row for \
            each access unit, temporal unit or frame. QP is the value in slice and frame headers; blocks may differ from it.

              sluice inspect out.mp4
              sluice inspect out.h264 --json
              sluice inspect out.ivf --html out.html --bitrate 2M
              sluice inspect out.h264 --html out.html --source in.yuv -s 1920x1080 -p i420
            """
    )

    @OptionGroup(title: "Input")
    var media: MediaFlags

    @Option(help: "Read only this many units, from the start.")
    var frames: Int?

    @Option(help: ArgumentHelp("Ignore units above this temporal layer; 0 is the base layer.", valueName: "layer"))
    var maxTemporalLayer: Int?

    @Option(
        help: ArgumentHelp(
            "Temporal layers of the stream, L1T2 or L1T3; needed for H.264, VP8 and VP9.",
            valueName: "mode"
        )
    )
    var scalabilityMode: ScalabilityMode?

    @Option(help: "The target bit rate of the encode, in bits a second: 5M, 800k.")
    var bitrate: Bitrate?

    @Option(help: ArgumentHelp("The receipt of the encode, for its target bit rate.", valueName: "file"))
    var receipt: String?

    @OptionGroup(title: "Quality")
    var source: InspectedSourceFlags

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    @Option(help: ArgumentHelp("Write a page with plots to this file.", valueName: "file"))
    var html: String?

    @Flag(help: "Replace an existing file when the new one is complete.")
    var overwrite = false

    @OptionGroup var sandbox: SandboxFlags

    func validate() throws {
        if let frames, frames < 1 { throw ValidationError("--frames \(frames) leaves nothing to inspect") }
        if let layer = maxTemporalLayer, !(0...7).contains(layer) {
            throw ValidationError("--max-temporal-layer \(layer) is not in 0...7")
        }
        if let mode = scalabilityMode, mode.isTemporalOnly, let layer = maxTemporalLayer, layer >= mode.temporalLayers {
            throw ValidationError(
                "--max-temporal-layer \(layer) is above the layers of \(mode) (0 to \(mode.temporalLayers - 1))"
            )
        }
        if html == "" { throw ValidationError("the page's name is empty") }
        try source.check(media, isPart: frames != nil || maxTemporalLayer != nil)
    }

    /// Everything that the flags mean.
    func makeJob() -> Inspection {
        var inspection = Inspection(media.origin)
        inspection.media = media.options
        (inspection.frames, inspection.mode) = (frames, scalabilityMode)
        inspection.maxTemporalLayer = maxTemporalLayer
        inspection.source = source.description(framerate: media.framerate)
        inspection.targetBitrate = bitrate?.bitsPerSecond
        return inspection
    }

    private var pageDestination: ByteSink.Destination? { html.map(OutputFlags.destination) }

    var reports: SessionReports {
        var reports = SessionReports(isJSON: json)
        reports.standardOutputIsFree = pageDestination != .standardOutput
        return reports
    }

    func confine(_ inspection: Inspection) -> SandboxState? {
        let others = [receipt, source.source].map { name in name.map { FilePath(spelled: $0) } }
        return sandbox.confine(reads: media.files + others, writes: [pageDestination])
    }

    func run(_ inspection: Inspection, in session: CommandSession) throws(Failure) -> any CommandResult {
        let report = try Failure.asFailure { () throws(JobError) in try inspect(inspection, session) }
        return InspectionResult(report: report, isShown: pageDestination != .standardOutput)
    }

    private func inspect(_ job: Inspection, _ session: CommandSession) throws(JobError) -> InspectionReport {
        var inspection = job
        if let page = pageDestination {
            try inspection.checkPage(
                page,
                besides: [receipt].compactMap(\.self).map { FilePath(spelled: $0) },
                overwrite: overwrite
            )
        }
        if inspection.targetBitrate == nil, let receipt {
            inspection.targetBitrate = try Receipt.targetBitrate(in: .path(FilePath(spelled: receipt)))
        }
        let report = try inspection.run(interrupt: session.interrupt)
        if let page = pageDestination, !session.interrupt.isTriggered {
            try report.streamReport().writePage(to: page, overwrite: overwrite, temporaries: session.temporaries)
        }
        return report
    }
}

/// Standard output gets the page if that is its destination, else the table or the object.
private struct InspectionResult: CommandResult {
    let report: InspectionReport
    let isShown: Bool

    var text: ResultText { isShown ? .report(report.table) : .none }
    var line: [UInt8] { isShown ? report.line : [] }
}
