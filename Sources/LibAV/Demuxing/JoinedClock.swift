internal import CFFmpeg

/// Makes one clock of several: an MPEG stream that was joined from others has a clock that starts again.
///
/// All streams of a part keep their distances, set by the first stream that reaches the part. A stream that lasted longer in
/// the previous part begins where it ended there.
struct JoinedClock {
    private struct Track {
        /// The number of the part that its packets are of.
        var part = 0
        /// What is added to its times.
        var offset: Int64 = 0
        /// The time of the packet before, as the file has it.
        var last: Int64?
        /// How long that one lasts.
        var length: Int64 = 0
        /// When the last of the part is shown, as the file has it.
        var latest: Int64?
    }

    /// A step back by more is another clock, in microseconds. Times of decoding never go back in a transport stream; times of
    /// presentation do where pictures are reordered, and program streams do not have those of all pictures.
    private func threshold(isDecoding: Bool) -> Int64 { isTransport && isDecoding ? 1000 : 100_000 }
    private static var unit: AVRational { AVRational(num: 1, den: 1_000_000) }

    private var tracks: [Int: Track] = [:]
    /// What is added to the times of each part, in microseconds.
    private var offsets: [Int64] = [0]
    /// The format has clocks that may start again.
    let isPossible: Bool
    private let isTransport: Bool

    /// Clocks that started again.
    var restarts: Int { offsets.count - 1 }

    /// - Parameter context: An open container.
    init(_ context: UnsafeMutablePointer<AVFormatContext>) {
        let name = unsafe String(cString: context.pointee.iformat.pointee.name)
        isTransport = name == "mpegts"
        isPossible = isTransport || name == "mpeg"
    }

    /// Gives a packet its time in the whole stream.
    ///
    /// SAFETY: the packet is one that libavformat has filled from this container.
    mutating func adjust(_ packet: UnsafeMutablePointer<AVPacket>, in context: UnsafeMutablePointer<AVFormatContext>) {
        let number = Int(unsafe packet.pointee.stream_index)
        guard isPossible, number < Int(unsafe context.pointee.nb_streams),
            let stream = unsafe context.pointee.streams[number]
        else { return }
        let timeBase = unsafe stream.pointee.time_base
        let (shown, decoded) = unsafe (packet.pointee.pts, packet.pointee.dts)
        let time = decoded == cffmpeg_no_time ? shown : decoded
        guard time != cffmpeg_no_time else { return }
        let index = Int(unsafe packet.pointee.stream_index)
        var track = tracks[index] ?? Track()
        let own = av_rescale_q(time, timeBase, Self.unit)
        let place = shown == cffmpeg_no_time ? own : av_rescale_q(shown, timeBase, Self.unit)
        if let last = track.last, own < last - threshold(isDecoding: decoded != cffmpeg_no_time) {
            begin(&track, at: own, shown: place, after: last)
        }
        (track.last, track.latest) = (own, max(track.latest ?? place, place))
        let length = unsafe av_rescale_q(max(0, packet.pointee.duration), timeBase, Self.unit)
        track.length = min(length, 1_000_000)
        tracks[index] = track
        guard track.offset != 0 else { return }
        let offset = av_rescale_q(track.offset, Self.unit, timeBase)
        if shown != cffmpeg_no_time { unsafe packet.pointee.pts = shown &+ offset }
        if decoded != cffmpeg_no_time { unsafe packet.pointee.dts = decoded &+ offset }
    }

    /// A part begins once all packets of the part before have been decoded and shown: of one that was cut off, packets may be
    /// missing that are shown before its last.
    private mutating func begin(_ track: inout Track, at time: Int64, shown: Int64, after last: Int64) {
        track.part += 1
        let distance = max(last &- time, (track.latest ?? last) &- shown)
        let least = distance &+ track.offset &+ track.length
        track.latest = nil
        if track.part == offsets.count { offsets.append(least) }
        track.offset = max(offsets[track.part], least)
    }
}
