public import Ingest
public import Jobs
public import Logging
public import Media
public import VideoTypes

/// Analyzes a stream: an input, and what is known about it.
///
/// An inspection is a value; files are opened only when it runs.
public struct Inspection: Sendable {
    /// The stream.
    public var input: ByteSource.Origin
    /// What is known of it beforehand.
    public var media = MediaOptions()
    /// Look at no more units than this, from the first on. `nil`, the default, means all.
    public var frames: Int?
    /// The scalability mode of the stream, which H.264, VP8 and VP9 do not store. `nil`, the default, means that it is not
    /// known. One that the stream contradicts is an error.
    public var mode: ScalabilityMode?
    /// Look at no units above this temporal layer. `nil`, the default, means all.
    public var maxTemporalLayer: Int?
    /// The source of the encode, for the quality of each frame. `nil`, the default, omits the quality. With a source, the
    /// stream must be a file that identifies its format.
    public var source: InputDescription?
    /// The target bit rate of the encode. `nil`, the default, means unknown.
    public var targetBitrate: Int?

    /// An inspection with every default.
    public init(_ input: ByteSource.Origin) { self.input = input }

    /// Runs it to its end, on the calling thread.
    ///
    /// - Parameters:
    ///   - interrupt: Ends it early when it is triggered; the report covers the units read so far.
    ///   - logger: Gets notices about dropped data.
    /// - Throws: ``Jobs/JobError`` if the stream cannot be read, or a header in it.
    @available(*, noasync, message: "blocks the calling thread")
    public func run(interrupt: Interrupt = Interrupt(), logger: Logger = .silent) throws(JobError) -> InspectionReport {
        let opened = try OpenedMedia(input, media, interrupt)
        if opened.head.codec == nil {
            try checkPackets(opened)
            if let survey = try PacketSurvey(opened, limit: frames) { return .container(ContainerReport(survey)) }
        }
        return .stream(try streamReport(opened, interrupt, logger))
    }

    /// Throws for a codec whose packets are not read, if something is wanted that only they tell.
    private func checkPackets(_ opened: OpenedMedia) throws(JobError) {
        try opened.check(media)
        guard mode != nil || maxTemporalLayer != nil || source != nil else { return }
        throw Self.unread(opened.name, opened.head.codecName)
    }

    static func unread(_ name: String, _ codec: String) -> JobError {
        let reason =
            "its video is \(codec): without analyzing its packets there are neither layers nor qualities"
        return .input(.unsupported(name: name, reason: "\(reason) (to compare its frames, use sluice compare)"))
    }

    private func streamReport(
        _ opened: OpenedMedia,
        _ interrupt: Interrupt,
        _ logger: Logger
    ) throws(JobError) -> StreamReport {
        var reader = try MediaReader(opened, media, logger)
        let info = reader.info
        if info.isRateAssumed {
            logger.warning(
                "\(info.name) has no frame rate: times and rates assume 30 fps (to change, use \(Setting.framerate))"
            )
        }
        if maxTemporalLayer != nil, mode == nil, [.h264, .vp8, .vp9].contains(reader.codec) {
            throw .usage("\(reader.codec.name) does not store its layers: use \(Setting.scalabilityMode), such as L1T3")
        }
        var inspector = try inspected(info) { () throws(StreamInspector.Failure) in
            try StreamInspector(
                codec: reader.codec,
                description: reader.decoderConfig.description,
                mode: mode,
                maxTemporalLayer: maxTemporalLayer
            )
        }
        while inspector.unitsRead < frames ?? .max, let chunk = try reader.next() {
            if reader.endsRecovery { inspector.recover(at: chunk.timestamp) }
            let use: StreamInspector.Use = reader.isUnrecovered ? .unrecovered : reader.isLeftOut ? .leftOut : .shown
            try inspected(info) { () throws(StreamInspector.Failure) in try inspector.take(chunk, use) }
        }
        if !interrupt.isTriggered {
            try inspected(info) { () throws(StreamInspector.Failure) in try inspector.checkLayers() }
        }
        let report = inspector.report(
            name: info.name,
            format: info.format.rawValue,
            framerate: info.framerate
        )
        guard var report else {
            throw .input(.damaged(name: info.name, reason: "its format cannot be detected"))
        }
        report.targetBitrate = targetBitrate
        if let source, !interrupt.isTriggered { try compare(&report, with: source, interrupt, logger) }
        return report
    }

    private func inspected<Result>(
        _ info: MediaInfo,
        _ body: () throws(StreamInspector.Failure) -> Result
    ) throws(JobError) -> Result {
        do throws(StreamInspector.Failure) {
            return try body()
        } catch {
            let reason = "\(error), in unit \(error.unit)"
            guard error.isContradiction else { throw .input(.damaged(name: info.name, reason: reason)) }
            throw .input(.damagedHeader(name: info.name, reason: reason))
        }
    }
}
