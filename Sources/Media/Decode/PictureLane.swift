internal import Bitstream
internal import EncoderCore
internal import Encoders
internal import LibAV
internal import PNGDecoding
internal import Threading
internal import VideoTypes

/// One of several threads that decode pictures, each a picture at a time.
///
/// Thread-safety: ``take(_:)`` and ``give()`` are called on one thread; ``end()`` on any.
final class PictureLane: Sendable {
    /// A picture that is to be decoded.
    struct Work: Sendable {
        /// The bytes of its file.
        var file: [UInt8]
        let time: Int64
        let duration: Int64
    }

    /// What became of one.
    enum Outcome: ~Copyable, Sendable {
        /// Its frame, and the bytes that the decoder keeps besides.
        case frame(DecodedFrame, keptBytes: Int)
        case failed(DecoderError)
    }

    private let work: BoundedQueue<Work>
    private let outcomes: BoundedQueue<Outcome>
    private let thread = Monitor<WorkerThread?>(nil)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - decoder: Makes what decodes, on the thread.
    init(_ decoder: @escaping @Sendable () throws(DecoderError) -> PictureFileDecoder) throws(WorkerThread
        .CreationError)
    {
        let single = QueueLimits(soft: 1, hard: 1, maxBytes: .max / 2)
        let (work, outcomes) = (BoundedQueue<Work>(limits: single), BoundedQueue<Outcome>(limits: single))
        (self.work, self.outcomes) = (work, outcomes)
        var started: WorkerThread? = try WorkerThread(name: "sluice-pictures") {
            Self.run(work, outcomes, decoder)
        }
        thread.withLock { $0 = started.take() }
    }

    private static func run(
        _ work: BoundedQueue<Work>,
        _ outcomes: BoundedQueue<Outcome>,
        _ makeDecoder: () throws(DecoderError) -> PictureFileDecoder
    ) {
        defer { outcomes.finish() }
        do throws(DecoderError) {
            var decoder = try makeDecoder()
            while let next = work.receive() {
                let frame = try decoder.decode(next)
                let outcome = Outcome.frame(frame, keptBytes: decoder.keptBytes)
                guard (try? outcomes.send(outcome, cost: .payload(bytes: 1))) != nil else { return }
            }
        } catch {
            try? outcomes.send(.failed(error), cost: .payload(bytes: 1))
        }
    }

    /// Takes a picture, after what became of the one before has been given.
    func take(_ picture: Work) { try? work.send(picture, cost: .payload(bytes: picture.file.count)) }

    /// What became of the picture that was taken first; `nil` if the lane has ended.
    func give() -> Outcome? { outcomes.receive() }

    /// Ends the thread, and waits for it.
    func end() {
        work.cancel()
        outcomes.cancel()
        if let thread = thread.withLock({ $0.take() }) { thread.join() }
    }
}

/// Decodes pictures of one format, each by itself: PNG of the usual kinds by ``PNGDecoding/PNGDecoder``, everything else by
/// libavcodec.
struct PictureFileDecoder: ~Copyable {
    private let format: PictureFormat
    private let frames: FrameSource
    private let options: DecoderOptions
    private var png: PNGDecoder?
    private var decoder: PacketDecoder?

    /// - Parameters:
    ///   - format: The format.
    ///   - frames: Where the memory of the frames comes from.
    ///   - options: The form of the frames.
    init(_ format: PictureFormat, _ frames: FrameSource, _ options: DecoderOptions) throws(DecoderError) {
        (self.format, self.frames, self.options) = (format, frames, options)
        // What is converted is converted as libavcodec has it.
        png = format == .png && options.outputFormat == nil ? try PNGDecoder() : nil
    }

    /// Bytes that it keeps for the next picture, besides those of frames.
    var keptBytes: Int {
        switch decoder {
        case nil: 0
        case .some(let decoder): decoder.keptBytes
        }
    }

    /// Decodes the picture of a file, whose bytes are dropped as soon as that can be.
    mutating func decode(_ work: consuming PictureLane.Work) throws(DecoderError) -> DecodedFrame {
        let work = consume work
        if let reason = format.refusal(of: work.file) { throw .unsupported(reason) }
        if let damage = format.damage(in: work.file) { throw .corrupt(damage) }
        let (orientation, isAssociated) = (format.orientation(of: work.file), format.isAssociated(work.file))
        let aspect = format.aspect(of: work.file)
        var frame = try decodeSamples(work)
        frame.orientation = orientation
        frame.isAssociated = frame.frame.format.hasAlpha && isAssociated
        if let aspect { frame.pixelAspectRatio = aspect }
        return frame
    }

    private mutating func decodeSamples(_ work: consuming PictureLane.Work) throws(DecoderError) -> DecodedFrame {
        var work = consume work
        if var png = png.take() {
            let frame = try png.decode(work.file, from: frames, at: work.time, lasting: work.duration)
            self.png = consume png
            if let frame { return frame }
        }
        var decoder: PacketDecoder
        if let made = self.decoder.take() { decoder = made } else { decoder = try makeDecoder() }
        let packet = try SourcePacket(picture: work.file, at: work.time, lasting: work.duration)
        work.file = []
        try decoder.submit(packet)
        let frame = try decoder.nextFrame()
        self.decoder = consume decoder
        guard let frame else { throw .corrupt("there is no picture in it") }
        return frame
    }

    private func makeDecoder() throws(DecoderError) -> PacketDecoder {
        let parameters = try SourceParameters(picturesOf: format.codec)
        return try PacketDecoder(parameters, threads: 1, frames: frames, conversion: options.conversion)
    }
}
