internal import Bitstream
internal import EncoderCore
internal import Encoders
internal import Ingest
internal import Jobs
internal import Threading
internal import VideoTypes

/// Decodes pictures that are files of their own, or come one after another: several at a time, each on a thread, given out in
/// order.
final class PictureDecoding: MediaDecoding {
    /// A picture that a lane has.
    private struct Waiting {
        let name: String
        /// Its primaries, where its file tells them.
        let primaries: ColorPrimaries
    }

    private let units: Monitor<any MediaUnits>
    private let options: DecoderOptions
    private let outlet: FrameOutlet
    private let frames: FrameSource
    private let isClosed: Monitor<Bool>
    private let format: PictureFormat?
    private let rate: FrameRate
    private let notices: Notices?
    private let lanes = Monitor<[PictureLane]>([])

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

    func run() throws(MediaFailure) {
        let lanes = try makeLanes()
        let failure = units.withLock { units -> MediaFailure? in
            do throws(MediaFailure) {
                try pump(units, lanes)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private func makeLanes() throws(MediaFailure) -> [PictureLane] {
        let (codec, frames, options) = (info.codec, frames, options)
        for _ in 0..<options.usedThreads {
            do throws(WorkerThread.CreationError) {
                let lane = try PictureLane { () throws(DecoderError) in try PictureFileDecoder(codec, frames, options) }
                lanes.withLock { $0.append(lane) }
            } catch {
                throw .reading(.thread(error))
            }
        }
        return lanes.withLock { $0 }
    }

    private func pump(_ units: any MediaUnits, _ lanes: [PictureLane]) throws(MediaFailure) {
        // The pictures that the lanes have, the earliest first.
        var (waiting, count): ([Waiting], Int) = ([], 0)
        var end: MediaFailure?
        do throws(MediaFailure) {
            while let unit = try reading({ () throws(JobError) in try units.next() }) {
                if waiting.count == lanes.count {
                    try give(waiting.removeFirst(), from: lanes[(count - lanes.count) % lanes.count])
                }
                note(unit, number: count)
                waiting.append(Waiting(name: unit.place, primaries: primaries(of: unit)))
                let (start, next) = (time(count), time(count + 1))
                lanes[count % lanes.count].take(PictureLane.Work(unit: unit, time: start, duration: next - start))
                count += 1
            }
        } catch {
            guard case .reading = error else { throw error }
            end = error
        }
        while !waiting.isEmpty {
            let lane = lanes[(count - waiting.count) % lanes.count]
            try give(waiting.removeFirst(), from: lane)
        }
        if let end { throw end }
    }

    /// What a picture's file tells of its primaries, where libavcodec does not.
    private func primaries(of unit: MediaUnit) -> ColorPrimaries {
        guard format == .exr else { return .unspecified }
        switch EXRPrimaries(file: unit.data) {
        case .named(let primaries): return primaries
        case .other(let chromaticities):
            let numbers = chromaticities.map { "\($0)" }.joined(separator: " ")
            let reason = "which are not those of \(EXRPrimaries.known), so its primaries are not known"
            notices?.add("\(info.name): it has the chromaticities \(numbers), \(reason)")
            return .unspecified
        }
    }

    private func note(_ unit: MediaUnit, number: Int) {
        outlet.outcome.withLock {
            $0.shown += 1
            $0.bytes += unit.data.count
            $0.sizes[time(number)] = unit.data.count
        }
    }

    private func time(_ number: Int) -> Int64 { rate.timestamp(ofFrame: number) ?? .max }

    /// Gives out the next picture of a lane.
    private func give(_ picture: Waiting, from lane: PictureLane) throws(MediaFailure) {
        switch lane.give() {
        case nil: throw .decoding(.aborted)
        case .failed(let error): throw Self.failure(error, picture.name)
        case .frame(var frame):
            frame.colorSpace = color(of: frame, picture.primaries)
            do { try outlet.deliver(frame) } catch { throw .decoding(.output(error)) }
        }
    }

    /// An error of a picture, with its name.
    private static func failure(_ error: DecoderError, _ name: String) -> MediaFailure {
        switch error {
        case .corrupt(let words), .dataError(let words):
            .reading(.input(.damagedHeader(name: name, reason: "it is damaged: \(words)")))
        case .unsupported(let words): .reading(.input(.unsupported(name: name, reason: words)))
        case .codec: .reading(.input(.unsupported(name: name, reason: "\(error)")))
        default: .decoding(error)
        }
    }

    /// What the format defines where the file does not say it: WebP has the colors of VP8, OpenEXR has light itself, and gray is
    /// what equal parts of red, green and blue are, but in JPEG, where it is luma.
    private func color(of frame: borrowing DecodedFrame, _ primaries: ColorPrimaries) -> VideoColorSpace {
        var color = frame.colorSpace
        if format != .jpeg, frame.frame.format.isGray { (color.matrix, color.fullRange) = (.rgb, true) }
        if format == .webp, frame.frame.format.chroma != nil { color = .bt601 }
        if format == .exr, color.transfer == .unspecified { color.transfer = .linear }
        if color.primaries == .unspecified { color.primaries = primaries }
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
