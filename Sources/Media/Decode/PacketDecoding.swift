internal import EncoderCore
internal import Encoders
internal import Jobs
internal import LibAV
internal import Threading
internal import VideoTypes

/// Decodes the packets of a codec that libavcodec alone reads, on the thread that runs it and those of libavcodec.
final class PacketDecoding: MediaDecoding {
    private let units: Monitor<ContainerUnits>
    private let source: SourceParameters
    private let options: DecoderOptions
    private let outlet: FrameOutlet
    private let frames: FrameSource
    private let isClosed: Monitor<Bool>

    let info: MediaInfo
    /// Where pictures refer to others, some may come twice, in two packets, or not at all.
    let countsPictures: Bool

    /// - Parameters:
    ///   - units: The packets.
    ///   - info: What is known of the stream.
    ///   - options: The form of the frames.
    ///   - outlet: Where they go.
    init(
        _ units: sending ContainerUnits,
        _ info: MediaInfo,
        _ options: DecoderOptions,
        _ outlet: FrameOutlet
    ) throws(JobError) {
        source = try units.parameters()
        countsPictures = units.isIntraOnly
        self.units = Monitor(units)
        (self.info, self.options, self.outlet) = (info, options, outlet)
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
                source,
                threads: options.usedThreads,
                keepsAlpha: options.keepsDeepAlpha,
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
        noteMissing()
        if let failure { throw failure }
    }

    private func pump(_ units: ContainerUnits, _ decoder: inout PacketDecoder) throws(MediaFailure) {
        while let packet = try nextPacket(units, &decoder) {
            let (bytes, isShown) = (packet.byteCount, !packet.isDiscarded)
            outlet.outcome.withLock {
                $0.bytes += bytes
                $0.shown += isShown ? 1 : 0
            }
            try decoding { () throws(DecoderError) in try decoder.submit(packet) }
            try deliver(from: &decoder)
        }
        try decoding { () throws(DecoderError) in try decoder.drain() }
        try deliver(from: &decoder)
    }

    /// The next packet. Before what is wrong with the file is thrown, what was read before it is decoded.
    private func nextPacket(
        _ units: ContainerUnits,
        _ decoder: inout PacketDecoder
    ) throws(MediaFailure) -> SourcePacket? {
        do throws(JobError) {
            return try units.nextPacket()
        } catch {
            try decoding { () throws(DecoderError) in try decoder.drain() }
            try deliver(from: &decoder)
            throw .reading(error)
        }
    }

    private func deliver(from decoder: inout PacketDecoder) throws(MediaFailure) {
        while let frame = try decoding({ () throws(DecoderError) in try decoder.nextFrame() }) {
            do { try outlet.deliver(frame) } catch { throw .decoding(.output(error)) }
        }
    }

    private func noteMissing() {
        guard !countsPictures else { return }
        outlet.outcome.withLock {
            guard $0.failure == nil, $0.delivered < $0.shown else { return }
            let missing = Quantity.part($0.shown - $0.delivered, of: $0.shown, "packet", "has", "have")
            $0.numberGap = "\(missing) no picture of its own"
        }
    }
}
