internal import Bitstream
internal import EncoderCore
internal import Encoders
internal import Ingest
internal import Jobs
internal import PNGDecoding
internal import Threading
internal import VideoTypes

/// Decodes pictures that are files of their own, or come one after another: several at a time, each on a thread, given out in
/// order.
final class PictureDecoding: MediaDecoding {
    /// A picture that a lane has.
    private struct Waiting {
        let lane: PictureLane
        let name: String
        /// Bytes of its file.
        let bytes: Int
        /// Its colors, where its file tells them.
        let color: PictureColor
    }

    private let units: Monitor<any MediaUnits>
    private let options: DecoderOptions
    private let outlet: FrameOutlet
    private let frames: FrameSource
    private let isClosed: Monitor<Bool>
    private let format: PictureFormat
    private let rate: FrameRate
    private let notices: Notices?
    /// Every lane that there is.
    private let lanes = Monitor<[PictureLane]>([])
    /// What the pictures take; `nil` before the first has been decoded.
    private let memory = Monitor<AheadMemory?>(nil)
    /// Bytes that they may take.
    private let limit: Monitor<Int>
    /// Whether colors are multiplied by alpha, once a picture had any.
    private let hasAssociatedAlpha = Monitor<Bool?>(nil)

    let info: MediaInfo
    let countsPictures = true

    /// - Parameters:
    ///   - opened: The pictures.
    ///   - format: Their format.
    ///   - media: Their rate.
    ///   - options: The form of the frames.
    ///   - outlet: Where they go.
    init(
        _ opened: sending OpenedMedia,
        _ format: PictureFormat,
        _ media: MediaOptions,
        _ options: DecoderOptions,
        _ outlet: FrameOutlet
    ) {
        info = MediaInfo(picturesOf: opened, media)
        self.format = format
        rate = media.framerate ?? .thirty
        units = Monitor(opened.units)
        limit = Monitor(media.aheadBytes ?? AheadMemory.usualBytes)
        (self.options, self.outlet, notices) = (options, outlet, media.notices)
        let isClosed = Monitor(false)
        self.isClosed = isClosed
        // Each lane has one that it decodes, and one that waits for those before it.
        frames = FrameSource(frames: FrameOutlet.frames + 2 * options.usedThreads) { isClosed.withLock { $0 } }
    }

    func close() {
        isClosed.withLock { $0 = true }
        frames.wake()
        for lane in lanes.withLock({ $0 }) { lane.end() }
    }

    /// What the pictures take; known with the first.
    var aheadMemory: AheadMemory? { memory.withLock { $0 } }

    /// Decodes as many pictures at a time as fit.
    func decodeAhead(within bytes: Int) { limit.withLock { $0 = bytes } }

    func run() throws(MediaFailure) {
        let failure = units.withLock { units -> MediaFailure? in
            do throws(MediaFailure) {
                try pump(units)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private func makeLane() throws(MediaFailure) -> PictureLane {
        let (format, frames, options) = (format, frames, options)
        do throws(WorkerThread.CreationError) {
            let lane = try PictureLane { () throws(DecoderError) in try PictureFileDecoder(format, frames, options) }
            lanes.withLock { $0.append(lane) }
            return lane
        } catch {
            throw .reading(.thread(error))
        }
    }

    /// How many pictures may be decoded at a time: the first alone, which tells what one takes.
    private var allowedLanes: Int { aheadMemory.map { $0.lanes(within: limit.withLock { $0 }) } ?? 1 }

    private func pump(_ units: any MediaUnits) throws(MediaFailure) {
        // The pictures that lanes have, the earliest first.
        var (waiting, idle, count): ([Waiting], [PictureLane], Int) = ([], [], 0)
        var end: MediaFailure?
        while let unit = unit(from: units, &end) {
            while waiting.count >= allowedLanes {
                let first = waiting.removeFirst()
                idle.append(first.lane)
                try give(first)
            }
            let lane = if let lane = idle.popLast() { lane } else { try makeLane() }
            waiting.append(start(unit, number: count, on: lane))
            count += 1
        }
        while !waiting.isEmpty { try give(waiting.removeFirst()) }
        if let end { throw end }
    }

    /// Has a lane decode a picture.
    private func start(_ unit: MediaUnit, number: Int, on lane: PictureLane) -> Waiting {
        note(unit, number: number)
        let name = info.pictures == nil ? "\(info.name), \(unit.place)" : unit.place
        let waiting = Waiting(lane: lane, name: name, bytes: unit.data.count, color: told(by: unit))
        let (start, next) = (time(number), time(number + 1))
        lane.take(PictureLane.Work(file: unit.data, time: start, duration: next - start))
        return waiting
    }

    /// The next picture; `nil` after the last, and at an error, which is thrown once the pictures before it have been given out.
    private func unit(from units: any MediaUnits, _ end: inout MediaFailure?) -> MediaUnit? {
        do throws(MediaFailure) {
            return try reading { () throws(JobError) in try units.next() }
        } catch {
            end = error
            return nil
        }
    }

    /// What a picture's file tells of its colors, where libavcodec does not.
    private func told(by unit: MediaUnit) -> PictureColor {
        let color = format.color(of: unit.data, inflate: ZlibData.inflate)
        if let unknown = color.unknown { notices?.add("\(info.name): \(unknown)") }
        return color
    }

    private func note(_ unit: MediaUnit, number: Int) {
        outlet.outcome.withLock {
            $0.shown += 1
            $0.bytes += unit.data.count
            $0.sizes[time(number)] = unit.data.count
        }
    }

    private func time(_ number: Int) -> Int64 { rate.timestamp(ofFrame: number) ?? .max }

    /// Gives out the picture of a lane.
    private func give(_ picture: Waiting) throws(MediaFailure) {
        switch picture.lane.give() {
        case nil: throw .decoding(.aborted)
        case .failed(let error): throw Self.failure(error, picture.name)
        case .frame(var frame, let keptBytes):
            note(picture, frame, keptBytes)
            try checkAlpha(frame, picture.name)
            frame.colorSpace = color(of: frame, picture.color)
            // Pictures of other chroma, or without any, have the place of those of 4:2:0 among them.
            if format == .jpeg, frame.frame.format.chroma != .yuv420 { frame.chromaLocation = .center }
            do { try outlet.deliver(frame) } catch { throw .decoding(.output(error)) }
        }
    }

    private func note(_ picture: Waiting, _ frame: borrowing DecodedFrame, _ keptBytes: Int) {
        let own = AheadMemory(
            frame: frame.frame.layout.byteCount,
            kept: keptBytes,
            file: picture.bytes,
            mostLanes: options.usedThreads
        )
        memory.withLock { memory in
            if memory == nil { memory = own } else { memory?.grow(own) }
        }
    }

    /// Throws for a picture whose alpha is of another kind than that of those before it, if something is done with it.
    private func checkAlpha(_ frame: borrowing DecodedFrame, _ name: String) throws(MediaFailure) {
        guard frame.frame.format.hasAlpha, options.alpha == .keep else { return }
        let own = frame.isAssociated
        let first = hasAssociatedAlpha.withLock { first in
            first = first ?? own
            return first
        }
        guard own != first else { return }
        let reason =
            "its colors are\(own ? "" : " not") multiplied by its alpha, unlike those of the pictures before it"
        throw .reading(.input(.unsupported(name: name, reason: reason)))
    }

    /// An error of a picture, with its name.
    private static func failure(_ error: DecoderError, _ name: String) -> MediaFailure {
        switch error {
        case .corrupt(let words), .dataError(let words):
            .reading(.input(.damaged(name: name, reason: words)))
        case .unsupported(let words): .reading(.input(.unsupported(name: name, reason: words)))
        case .codec: .reading(.input(.unsupported(name: name, reason: "\(error)")))
        default: .decoding(error)
        }
    }

    /// What the format defines where the file does not say it: WebP has the matrix of VP8, and gray is what equal parts of red,
    /// green and blue are, but in JPEG, where it is luma. Gray with transparency has become RGB.
    private func color(of frame: borrowing DecodedFrame, _ told: PictureColor) -> VideoColorSpace {
        var color = frame.colorSpace
        let own = frame.frame.format
        if own.isRGB || own.isGray && format != .jpeg { (color.matrix, color.fullRange) = (.rgb, true) }
        if format == .webp, frame.frame.format.chroma != nil { color = .bt601 }
        // libavcodec reads a part of what PNG and WebP tell, and guesses the transfer of a gray TIFF.
        if [.png, .tiff, .webp].contains(format) { (color.primaries, color.transfer) = (.unspecified, .unspecified) }
        if color.transfer == .unspecified { color.transfer = told.transfer }
        if color.primaries == .unspecified { color.primaries = told.primaries }
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
