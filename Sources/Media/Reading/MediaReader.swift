internal import Encoders
public import Ingest
public import Jobs
public import Logging
public import VideoTypes

/// Reads the chunks of one video stream, in decoding order, whatever holds them.
///
/// Thread-safety: used by one thread at a time.
public struct MediaReader: ~Copyable {
    private var assembly: ChunkAssembly
    /// The first chunk, which was read to know what the stream is.
    private var ahead: AssembledChunk?

    /// What is known of the stream.
    public let info: MediaInfo
    /// The codec.
    public let codec: VideoCodec
    /// How to set up a decoder: from the bitstream, and from the container for values that the bitstream does not store.
    public let decoderConfig: DecoderConfig
    /// Whether the chunk delivered last is displayed: false for pictures that are only references, which decoders do not show
    /// either (VP8), and for those that an edit list skips (``isLeftOut``).
    public private(set) var isShown = true
    /// Whether an edit list skips the picture of the chunk that was delivered last: decoders return it, but players do not show
    /// it.
    public private(set) var isLeftOut = false
    /// The picture is dropped unless it is shown after the first complete one, which has ``endsRecovery``.
    package private(set) var isUnrecovered = false
    /// The picture is the first that is whole.
    package private(set) var endsRecovery = false
    /// Chunks that were delivered.
    public private(set) var chunksRead = 0

    /// Opens a file and reads on to its first chunk.
    ///
    /// - Parameters:
    ///   - origin: The file.
    ///   - options: What is known of it beforehand.
    ///   - interrupt: Ends reading early when it is triggered; then the chunks end as if the file did.
    ///   - logger: Gets notices about dropped data.
    @available(*, noasync, message: "blocks the calling thread")
    public init(
        opening origin: ByteSource.Origin,
        options: MediaOptions = MediaOptions(),
        interrupt: Interrupt = Interrupt(),
        logger: Logger = .silent
    ) throws(JobError) {
        try self.init(try OpenedMedia(origin, options, interrupt), options, logger)
    }

    package init(_ opened: OpenedMedia, _ options: MediaOptions, _ logger: Logger) throws(JobError) {
        let codec = try Self.codec(of: opened, options)
        var assembly = try ChunkAssembly(opened, codec, options)
        guard let first = try assembly.next() else { throw Self.nothing(in: opened, assembly) }
        guard let config = first.chunk.decoderConfig else {
            throw .input(
                .damaged(name: opened.name, reason: "it does not begin with the data that configures a decoder")
            )
        }
        (info, ahead) = (Self.info(opened, assembly, first.chunk, config), first)
        (self.codec, decoderConfig) = (codec, config)
        self.assembly = assembly
        guard options.notices == nil else { return }
        for stream in info.otherStreams { logger.notice("\(info.name): \(stream.name) is dropped") }
    }

    private static func nothing(in opened: OpenedMedia, _ assembly: ChunkAssembly) -> JobError {
        let missed = assembly.skippedPictures
        guard missed > 0 else { return .input(.empty(name: opened.name, frameBytes: nil)) }
        let reason =
            "none of its \(Quantity.count(missed, "picture")) can be decoded: they refer to pictures before the start"
        return .input(.damaged(name: opened.name, reason: reason))
    }

    /// No option is ignored: the values in the stream must agree.
    private static func codec(of opened: OpenedMedia, _ options: MediaOptions) throws(JobError) -> VideoCodec {
        try opened.check(options)
        if let codec = opened.head.codec { return codec }
        let kind = opened.head.isPictures ? "these are pictures" : "its video is \(opened.head.codecName)"
        let reason = "\(kind), whose frames can be decoded, but whose packets are not analyzed"
        let advice = "use sluice decode for the frames, or inspect what sluice encodes of them"
        throw .input(.unsupported(name: opened.name, reason: "\(reason) (\(advice))"))
    }

    private static func info(
        _ opened: OpenedMedia,
        _ assembly: ChunkAssembly,
        _ first: EncodedVideoChunk,
        _ config: DecoderConfig
    ) -> MediaInfo {
        let head = opened.head
        return MediaInfo(
            name: opened.name,
            format: opened.format,
            codec: config.codec,
            codedSize: PictureSize(width: config.codedWidth, height: config.codedHeight),
            framerate: assembly.framerate,
            hasConstantRate: !head.hasTimes || head.hasConstantRate,
            frameCount: head.frameCount,
            duration: head.duration,
            containerAspect: head.pixelAspectRatio,
            isRateAssumed: assembly.isRateAssumed,
            end: head.end,
            clockError: head.clockError,
            hdr: head.hdr,
            otherStreams: head.others,
            leftovers: head.leftovers,
            metadata: head.metadata,
            hasAlpha: first.alphaData != nil,
            mayHaveFields: assembly.mayHaveFields,
            isMidway: assembly.isMidway,
            hasAssumedTimes: !head.hasTimes
        )
    }

    /// Pictures that were passed over because they refer to others before the beginning of the stream.
    public var skippedPictures: Int { assembly.skippedPictures }

    /// The first place before which pictures seem to be missing.
    package var gap: String? { assembly.gap }

    /// The error that ended the input, with ``MediaOptions/acceptPartial``; `nil` without one.
    public var loss: JobError? { assembly.loss }

    /// The next chunk in decoding order; the first has a ``VideoTypes/EncodedVideoChunk/decoderConfig``.
    ///
    /// - Returns: `nil` after the last.
    /// - Throws: ``Jobs/JobError`` if the file is damaged or ends early.
    @available(*, noasync, message: "blocks the calling thread")
    public mutating func next() throws(JobError) -> EncodedVideoChunk? {
        guard let next = try nextAssembled() else { return nil }
        (isShown, isLeftOut) = (next.isShown, next.isLeftOut)
        (isUnrecovered, endsRecovery) = (next.isUnrecovered, next.endsRecovery)
        chunksRead += 1
        return next.chunk
    }

    private mutating func nextAssembled() throws(JobError) -> AssembledChunk? {
        if let first = ahead.take() { return first }
        return try assembly.next()
    }
}
