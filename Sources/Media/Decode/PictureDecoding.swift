internal import Bitstream
internal import EncoderCore
internal import Encoders
internal import Ingest
internal import Jobs
internal import LibAV
internal import Threading
internal import VideoTypes

/// Decodes pictures that are files of their own, or come one after another: several at a time, on libavcodec's threads.
final class PictureDecoding: MediaDecoding {
    private let units: Monitor<any MediaUnits>
    private let options: DecoderOptions
    private let outlet: FrameOutlet
    private let frames: FrameSource
    private let isClosed: Monitor<Bool>
    private let format: PictureFormat?
    private let rate: FrameRate
    /// The names and times of the pictures that the decoder has, the earliest first.
    private let waiting = Monitor<[(name: String, time: Int64)]>([])

    let info: MediaInfo
    let countsPictures = true

    /// - Parameters:
    ///   - opened: The pictures.
    ///   - media: Their rate.
    ///   - options: The form of the frames.
    ///   - outlet: Where they go.
    init(
        _ opened: sending OpenedMedia,
        _ media: MediaOptions,
        _ options: DecoderOptions,
        _ outlet: FrameOutlet
    ) {
        info = MediaInfo(picturesOf: opened, media)
        format = PictureFormat.allCases.first { [codec = opened.head.codecName] in $0.codec == codec }
        rate = media.framerate ?? .thirty
        units = Monitor(opened.units)
        (self.options, self.outlet) = (options, outlet)
        let isClosed = Monitor(false)
        self.isClosed = isClosed
        frames = FrameSource(frames: FrameOutlet.frames) { isClosed.withLock { $0 } }
    }

    func close() {
        isClosed.withLock { $0 = true }
        frames.wake()
    }

    func run() throws(MediaFailure) {
        var decoder = try decoding { () throws(DecoderError) in
            try PacketDecoder(
                SourceParameters(picturesOf: info.codec),
                threads: options.usedThreads,
                frames: frames,
                conversion: options.conversion
            )
        }
        let failure = units.withLock { units -> MediaFailure? in
            do throws(MediaFailure) {
                try pump(units, &decoder)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private func pump(_ units: any MediaUnits, _ decoder: inout PacketDecoder) throws(MediaFailure) {
        var number = 0
        while let unit = try reading({ () throws(JobError) in try units.next() }) {
            let (start, end) = (time(number), time(number + 1))
            waiting.withLock { $0.append((unit.place, start)) }
            outlet.outcome.withLock {
                $0.shown += 1
                $0.bytes += unit.data.count
                $0.sizes[start] = unit.data.count
            }
            let packet = try decoding { () throws(DecoderError) in
                try SourcePacket(picture: unit.data, at: start, lasting: end - start)
            }
            try decoding { () throws(DecoderError) in try decoder.submit(packet) }
            try give(from: &decoder)
            number += 1
        }
        try decoding { () throws(DecoderError) in try decoder.drain() }
        try give(from: &decoder)
        if !units.isInterrupted, let lost = waiting.withLock({ $0.first }) { throw Self.empty(lost.name) }
    }

    /// Decoders pass over what they do not know, and then have no picture.
    private static func empty(_ name: String) -> MediaFailure {
        .reading(.input(.damagedHeader(name: name, reason: "it is damaged: there is no picture in it")))
    }

    private func time(_ number: Int) -> Int64 { rate.timestamp(ofFrame: number) ?? .max }

    /// Gives out what is decoded; an error is that of the first picture that is not.
    private func give(from decoder: inout PacketDecoder) throws(MediaFailure) {
        var lost: String?
        do throws(MediaFailure) {
            try deliver(from: &decoder, to: outlet) { frame in
                let time = frame.frame.timestamp
                waiting.withLock { waiting in
                    if let first = waiting.first, first.time != time { lost = lost ?? first.name }
                    waiting.removeAll { $0.time <= time }
                }
                frame.colorSpace = color(of: frame)
            }
            if let lost { throw Self.empty(lost) }
        } catch {
            if let lost { throw Self.empty(lost) }
            guard case .decoding(let reason) = error, let name = waiting.withLock({ $0.first?.name }) else {
                throw error
            }
            switch reason {
            case .corrupt(let words), .dataError(let words):
                throw .reading(.input(.damagedHeader(name: name, reason: "it is damaged: \(words)")))
            case .unsupported(let words):
                throw .reading(.input(.unsupported(name: name, reason: words)))
            case .codec: throw .reading(.input(.unsupported(name: name, reason: "\(reason)")))
            default: throw error
            }
        }
    }

    /// What the format defines where the file does not say it: WebP has the colors of VP8, OpenEXR has light itself, and gray is
    /// what equal parts of red, green and blue are, but in JPEG, where it is luma.
    private func color(of frame: borrowing DecodedFrame) -> VideoColorSpace {
        var color = frame.colorSpace
        if format != .jpeg, frame.frame.format.isGray { (color.matrix, color.fullRange) = (.rgb, true) }
        if format == .webp, frame.frame.format.chroma != nil { color = .bt601 }
        if format == .exr, color.transfer == .unspecified { color.transfer = .linear }
        return color
    }
}

extension PictureDecoding {
    /// What is known of pictures once the first is decoded.
    static func firstInfo(_ origin: ByteSource.Origin, _ options: MediaOptions) throws(JobError) -> MediaInfo {
        let media = try DecodedMedia(opening: origin, media: options, options: DecoderOptions(threads: 1))
        defer { media.stop() }
        var info = media.info
        if let first = try media.next() { info.codedSize = first.frame.size }
        return info
    }
}

extension MediaInfo {
    /// What is known of pictures before the first is decoded.
    init(picturesOf opened: OpenedMedia, _ options: MediaOptions) {
        self.init(opened)
        (framerate, hasConstantRate) = (options.framerate ?? .thirty, true)
        (isRateAssumed, hasAssumedTimes) = (options.framerate == nil, true)
        (isPictures, pictures) = (true, (opened.units as? SequenceUnits)?.sequence)
    }
}
