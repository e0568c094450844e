internal import EncoderCore
internal import Ingest
internal import LibAV
internal import Logging
internal import VideoTypes

/// Frames of a compressed stream, decoded one at a time on the thread that wants them.
final class ComparedMediaFrames: ComparedFrames {
    let name: String
    let layout: PictureLayout
    let color: VideoColorSpace
    let chromaLocation: ChromaLocation
    private var media: ComparedMedia
    private let selection: FrameReader.Selection
    /// The first frame, which was decoded to know what they are like.
    private var ahead: VideoFrame?
    private var count = 0

    init(_ input: InputDescription, _ interrupt: Interrupt, _ logger: Logger) throws(JobError) {
        var media = try ComparedMedia(input, interrupt, logger)
        for skipped in 0..<input.selection.skip {
            guard try media.next() != nil else {
                throw .input(.skippedPastEnd(frames: skipped, skip: input.selection.skip))
            }
        }
        guard let first = try media.next() else {
            let skip = input.selection.skip
            throw .input(
                skip > 0 ? .skippedPastEnd(frames: skip, skip: skip) : .empty(name: media.name, frameBytes: nil)
            )
        }
        (name, selection) = (media.name, input.selection)
        (color, chromaLocation, layout) = (first.colorSpace, first.chromaLocation, first.frame.layout)
        ahead = first.takeFrame()
        self.media = media
    }

    func next() throws(JobError) -> VideoFrame? {
        if let wanted = selection.count, count == wanted { return nil }
        guard let frame = try takeNext() else {
            if let wanted = selection.count { throw .input(.tooFewFrames(frames: count, wanted: wanted)) }
            return nil
        }
        count += 1
        return frame
    }

    private func takeNext() throws(JobError) -> VideoFrame? {
        if let first = ahead.take() { return first }
        return try media.next()?.takeFrame()
    }
}

/// A reader of media with a decoder behind it.
private struct ComparedMedia: ~Copyable {
    private var reader: MediaReader
    private var decoder: LibAVDecoder
    private var description: [UInt8]?
    /// The chunk that another decoder is to begin with, once this one has given all of its frames.
    private var waiting: EncodedVideoChunk?
    private var isDrained = false
    private var isDamaged = false
    /// Pictures that an edit list leaves out, and that have not been decoded yet, by their times.
    private var leftOut: Set<Int64> = []
    private var (submitted, decoded) = (0, 0)
    private let acceptPartial: Bool

    var name: String { reader.info.name }

    init(_ input: InputDescription, _ interrupt: Interrupt, _ logger: Logger) throws(JobError) {
        var options = MediaOptions()
        options.framerate = input.framerate
        options.acceptPartial = input.selection.acceptPartial
        let reader = try MediaReader(opening: input.origin, options: options, interrupt: interrupt, logger: logger)
        let decoder = try Self.open(reader.info.decoderConfig, reader.info.name)
        description = reader.info.decoderConfig.description
        acceptPartial = options.acceptPartial
        self.reader = reader
        self.decoder = decoder
    }

    private static func open(_ config: DecoderConfig, _ name: String) throws(JobError) -> LibAVDecoder {
        do throws(DecoderError) { return try LibAVDecoder(config) } catch { throw failure(error, name) }
    }

    /// The next frame that is to be shown, in presentation order; `nil` behind the last.
    mutating func next() throws(JobError) -> DecodedFrame? {
        while !isDamaged {
            if let frame = try decodedFrame() {
                guard leftOut.remove(frame.frame.timestamp) == nil else { continue }
                return frame
            }
            if isDrained {
                guard let chunk = waiting.take() else { return try ended() }
                try reopen(with: chunk)
            } else if let chunk = try reader.next() {
                try take(chunk)
            } else {
                try drain()
            }
        }
        return nil
    }

    private mutating func take(_ chunk: EncodedVideoChunk) throws(JobError) {
        if reader.isShown || reader.isLeftOut { submitted += 1 }
        if reader.isLeftOut { leftOut.insert(chunk.timestamp) }
        if let config = chunk.decoderConfig, config.description != description {
            waiting = chunk
            return try drain()
        }
        try submit(chunk)
    }

    private mutating func reopen(with chunk: EncodedVideoChunk) throws(JobError) {
        guard let config = chunk.decoderConfig else { return try submit(chunk) }
        decoder = try Self.open(config, name)
        (description, isDrained) = (config.description, false)
        try submit(chunk)
    }

    private mutating func submit(_ chunk: EncodedVideoChunk) throws(JobError) {
        do throws(DecoderError) { try decoder.submit(chunk) } catch { try end(with: error) }
    }

    /// Damage is the end where what is whole is enough.
    private mutating func end(with error: DecoderError) throws(JobError) {
        guard acceptPartial, case .corrupt = error else { throw Self.failure(error, name) }
        (isDamaged, waiting) = (true, nil)
    }

    private mutating func drain() throws(JobError) {
        isDrained = true
        do throws(DecoderError) { try decoder.drain() } catch { try end(with: error) }
    }

    private mutating func decodedFrame() throws(JobError) -> DecodedFrame? {
        do throws(DecoderError) {
            guard let frame = try decoder.nextFrame() else { return nil }
            decoded += 1
            return frame
        } catch {
            try end(with: error)
            return nil
        }
    }

    /// A decoder passes over what it cannot decode without a word; only the count tells.
    private func ended() throws(JobError) -> DecodedFrame? {
        guard decoded >= submitted || acceptPartial else {
            throw .input(.damaged(name: name, reason: "\(decoded) of \(submitted) pictures can be decoded"))
        }
        return nil
    }

    private static func failure(_ error: DecoderError, _ name: String) -> JobError {
        switch error {
        case .unsupported(let reason): .input(.unsupported(name: name, reason: reason))
        default: .input(.damaged(name: name, reason: "\(error)"))
        }
    }
}
