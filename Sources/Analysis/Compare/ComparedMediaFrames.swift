internal import EncoderCore
internal import Encoders
internal import Ingest
internal import Jobs
internal import Logging
internal import Media
internal import VideoTypes

/// Frames of a compressed stream. A few are decoded ahead.
final class ComparedMediaFrames: ComparedFrames {
    let name: String
    let layout: PictureLayout
    let color: VideoColorSpace
    let chromaLocation: ChromaLocation
    private let media: DecodedMedia
    private let selection: FrameReader.Selection
    /// The first frame, which was decoded to know what they are like.
    private var ahead: VideoFrame?
    private var count = 0

    /// - Parameter description: The decoder configuration record of a stream in AVCC format.
    init(
        _ input: InputDescription,
        description: ByteSource.Origin? = nil,
        _ interrupt: Interrupt,
        _ logger: Logger
    ) throws(JobError) {
        var options = input.mediaOptions
        options.timeout = nil
        if description != nil { (options.format, options.description) = (.avcc, description) }
        options.framerate = input.framerate
        var form = DecoderOptions()
        form.alpha = .keep
        media = try DecodedMedia(
            opening: input.origin,
            media: options,
            options: form,
            interrupt: interrupt,
            logger: logger
        )
        do throws(JobError) {
            let first = try Self.first(of: media, input.selection)
            (name, selection) = (media.info.name, input.selection)
            (color, chromaLocation, layout) = (first.colorSpace, first.chromaLocation, first.frame.layout)
            ahead = first.takeFrame()
        } catch {
            media.stop()
            throw error
        }
    }

    deinit { media.stop() }

    /// The first requested frame.
    private static func first(
        of media: DecodedMedia,
        _ selection: FrameReader.Selection
    ) throws(JobError) -> DecodedFrame {
        for skipped in 0..<selection.skip {
            guard try media.next() != nil else {
                throw .input(.skippedPastEnd(frames: skipped, skip: selection.skip))
            }
        }
        guard let first = try media.next() else {
            let skip = selection.skip
            throw .input(
                skip > 0
                    ? .skippedPastEnd(frames: skip, skip: skip) : .empty(name: media.info.name, frameBytes: nil)
            )
        }
        return first
    }

    func next() throws(JobError) -> VideoFrame? {
        if let wanted = selection.count, count == wanted { return nil }
        guard let frame = try takeNext() else {
            if let wanted = selection.count { throw .input(.tooFewFrames(frames: count, wanted: wanted)) }
            return nil
        }
        if frame.size != layout.size, let name = media.file(ofPicture: selection.skip + count) {
            throw .input(.otherSize(name: name, frame.size, before: layout.size, advice: "both sides need one size"))
        }
        count += 1
        return frame
    }

    private func takeNext() throws(JobError) -> VideoFrame? {
        if let first = ahead.take() { return first }
        return try media.next()?.takeFrame()
    }
}
