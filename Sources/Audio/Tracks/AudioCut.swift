internal import Containers
internal import LibAV
internal import Muxing

/// Which packets of audio are copied, and at which times: decided without reading any.
struct AudioCut {
    /// Microseconds of the input at which the output begins; the first requested frame has this time, if some were skipped.
    private var origin: Int64 = 0
    /// Packets that end before the first frame are dropped.
    private var isCutAtStart = false
    /// The earliest time that the container can store for each stream's packets, in samples.
    let earliest: [Int64]
    private let format: OutputFormat

    init(_ streams: [AudioStream], in format: OutputFormat) {
        earliest = streams.map(format.earliestTime(of:))
        self.format = format
    }

    /// The output begins at a time of the input; if it is cut, with a frame.
    mutating func begin(at time: Int64, isCut: Bool) { (origin, isCutAtStart) = (time, isCut) }

    /// Microseconds by which the first packet of a stream may come before the beginning of the output: what primes a decoder
    /// is not heard.
    func allowance(of stream: AudioStream, beginningWith packet: AudioPacket) -> Int64 {
        stream.microseconds(format.hiddenSamples(of: stream, beginningWith: packet))
    }

    /// A packet at its time in the output.
    func placed(_ packet: AudioPacket, of stream: AudioStream) -> AudioPacket {
        var packet = packet
        packet.time -= stream.samples(origin)
        return packet
    }

    /// Whether a packet at its new time is copied. A packet that begins before the first frame and ends after it is copied if
    /// the container can store that it begins earlier.
    func keeps(_ packet: AudioPacket) -> Bool {
        guard packet.time >= earliest[packet.stream] else { return false }
        return !isCutAtStart || packet.time + packet.duration > 0 || packet.time >= 0
    }
}
