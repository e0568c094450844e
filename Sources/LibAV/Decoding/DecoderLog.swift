internal import CFFmpeg
internal import VideoTypes

/// The damage that a decoder tells in its log alone: some return an older picture, or half of one, and call it a success.
///
/// Thread-safety: used by one thread at a time.
struct DecoderLog: ~Copyable {
    private let listener: LibAVLog.CodecListener
    /// Packets of which a line may be: those in work at the same time.
    private let inWork: Int
    /// Their times, in the stream's unit.
    private var times: [Int64] = []
    /// The earliest time that a picture with damage may have; `nil` without damage.
    private var limit: Int64?

    /// Begins to listen to a decoder that is open.
    ///
    /// - Parameter threads: Threads that decode.
    init(_ context: borrowing DecoderContext, threads: Int) {
        unsafe listener = LibAVLog.CodecListener(UInt(bitPattern: context.pointer.pointee.opaque))
        let hasFrameThreads = unsafe context.pointer.pointee.active_thread_type & FF_THREAD_FRAME != 0
        inWork = hasFrameThreads ? threads + 1 : 1
    }

    /// A packet is about to be handed to the decoder.
    mutating func willSubmit(_ packet: borrowing SourcePacket) {
        let (time, decoding) = unsafe (packet.packet.pointer.pointee.pts, packet.packet.pointer.pointee.dts)
        times.append(time == cffmpeg_no_time ? decoding : time)
        if times.count > inWork { times.removeFirst() }
    }

    /// Throws what the decoder has logged as an error since the last call.
    mutating func check() throws(DecoderError) {
        // H.261, whose pictures have no mark of a key picture, has such a line in every stream.
        let lines = listener.taken().errors.filter { !$0.hasPrefix("warning:") }
        guard let line = lines.first, limit == nil else { return }
        // A time that is not known is the least value.
        limit = times.min() ?? .min
        throw .corrupt(line)
    }

    /// Whether a picture comes before all damage.
    func isClear(_ picture: borrowing Picture) -> Bool {
        guard let limit else { return true }
        let time = unsafe cffmpeg_best_time(picture.pointer)
        return time != cffmpeg_no_time && time < limit
    }
}
