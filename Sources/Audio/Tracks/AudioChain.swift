internal import CFFmpeg
internal import Jobs
internal import LibAV
internal import Media

/// A decoder, the conversion of its samples, and an encoder, one behind the other.
///
/// Thread-safety: used by one thread at a time.
final class AudioChain {
    /// The reason why decoding stopped.
    enum ReadingError: Error {
        case reading(JobError)
        case coding(AudioCodingError)
    }

    private let packets: any AudioPackets
    private let number: Int
    private let decoder: AudioDecoder
    private let encoder: AudioEncoder
    private var graph: AudioGraph?
    /// What was decoded last, what the graph was made for, and what goes from one to the other.
    private let decoded: AudioFrame
    private let example: AudioFrame
    private let passed: AudioFrame
    /// Samples that the encoder was given.
    private var encoded: Int64 = 0
    /// The decoder has been told that no more packets follow.
    private var hasDrained = false
    /// Nothing more is decoded.
    private var isExhausted = false

    /// A chain of parts that are open.
    init(
        _ packets: any AudioPackets,
        _ number: Int,
        _ decoder: consuming AudioDecoder,
        _ encoder: consuming AudioEncoder
    ) throws(AudioCodingError) {
        decoded = try AudioFrame()
        example = try AudioFrame()
        passed = try AudioFrame()
        (self.packets, self.number) = (packets, number)
        self.decoder = decoder
        self.encoder = encoder
    }

    /// Nothing more is read.
    func stopReading() { isExhausted = true }

    /// Decodes the next samples.
    ///
    /// - Parameter isLast: All packets have arrived: the decoder gives out what it has kept.
    /// - Returns: When the first of them is, and how many there are; `nil` if none has arrived, or after the last.
    func decodeNext(isLast: Bool) throws(ReadingError) -> (time: Int64?, count: Int64)? {
        while !isExhausted {
            if try coding({ () throws(AudioCodingError) in try decoder.receive(into: decoded) }) {
                return (decoded.time, decoded.count)
            }
            guard !hasDrained else {
                isExhausted = true
                return nil
            }
            let packet: AudioPacket?
            do throws(JobError) { packet = try packets.next(of: [number]) } catch { throw .reading(error) }
            // A pipe may have more later.
            if packet == nil, packets.mayGrow, !isLast { return nil }
            hasDrained = packet == nil
            try coding { () throws(AudioCodingError) in try decoder.send(packet) }
        }
        return nil
    }

    private func coding<Result>(_ body: () throws(AudioCodingError) -> Result) throws(ReadingError) -> Result {
        do throws(AudioCodingError) { return try body() } catch { throw .coding(error) }
    }

    /// Gives the encoder some of what was decoded last, or silence.
    func feed(_ run: SampleTimeline.Run) throws(AudioCodingError) {
        try passed.take(from: decoded, first: run.first, count: run.count)
        if graph == nil || !passed.isLike(example) { try restartGraph() }
        try graph?.send(passed)
        try convert()
    }

    /// Samples of another kind: what the old conversion has left is encoded first.
    private func restartGraph() throws(AudioCodingError) {
        try drainGraph()
        try example.take(from: decoded, first: nil, count: 1)
        graph = try AudioGraph(example, for: encoder)
    }

    private func drainGraph() throws(AudioCodingError) {
        guard graph != nil else { return }
        try graph?.finish()
        try convert()
        graph = nil
    }

    /// No more samples follow.
    func finish() throws(AudioCodingError) {
        try drainGraph()
        // An encoder without samples would have nothing to end.
        if encoded > 0 { try encoder.finish() }
    }

    private func convert() throws(AudioCodingError) {
        while try graph?.receive(into: passed) == true {
            let count = passed.count
            try encoder.send(passed, at: encoded)
            encoded += count
            while let packet = try encoder.receive() { ready.append(packet) }
        }
    }

    private var ready: [AudioPacket] = []

    /// The next packet that is encoded; `nil` if there is none yet.
    func nextPacket() throws(AudioCodingError) -> AudioPacket? {
        if ready.isEmpty, encoded > 0, let packet = try encoder.receive() { ready.append(packet) }
        return ready.isEmpty ? nil : ready.removeFirst()
    }
}
