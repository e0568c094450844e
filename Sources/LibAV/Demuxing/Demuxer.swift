internal import Bitstream
internal import CFFmpeg
internal import Logging
internal import VideoTypes

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Reads the packets of one video stream of a container, and those of audio on request. The formats are those of
/// ``ReadableFormats``. No other file is opened, and libavformat does not write to stderr.
///
/// libavformat reports little about a file that ends early. Each of its reports is an error here: a packet marked corrupt, a
/// logged error, fewer packets than the index has.
///
/// Thread-safety: used by one thread at a time.
@safe
package struct Demuxer: ~Copyable {
    let context: UnsafeMutablePointer<AVFormatContext>
    let index: Int
    private let io: DemuxerIO
    private var packet: Packet
    private var packets = 0
    private var tracks: AudioTracks?
    private var clock: JoinedClock
    /// Clocks that started again in what was read, and were continued.
    package var clockRestarts: Int { clock.restarts }
    /// What the container stores about the stream.
    package let stream: MediaStream

    static let silence = Logger(label: "sluice.demuxer") { _ in SwiftLogNoOpLogHandler() }

    /// Opens a container and finds its video stream: the one that libavformat rates as the best.
    ///
    /// - Parameters:
    ///   - input: The bytes, at their beginning.
    ///   - audio: The packets of audio are read as well. The default is that they are passed over.
    package init(_ input: any DemuxerInput, audio: Bool = false) throws(DemuxerError) {
        let packet = try Packet(orThrow: DemuxerError.outOfMemory("av_packet_alloc"))
        let io = try DemuxerIO(input)
        let context = try unsafe Self.open(io)
        let found: (index: Int, stream: MediaStream)
        do throws(DemuxerError) {
            let index = try unsafe Self.videoStream(of: context)
            found = (index, try unsafe Self.describe(context, index))
            if audio { tracks = try unsafe AudioTracks(context) }
        } catch {
            var context: UnsafeMutablePointer<AVFormatContext>? = unsafe context
            unsafe avformat_close_input(&context)
            throw error
        }
        // Damage can be in any packet. With an index of the packets, those of other streams are not read.
        if found.stream.hasIndex {
            unsafe Self.discard(context) { [tracks] in $0 != found.index && tracks?.contain($0) != true }
        }
        (index, stream) = found
        clock = unsafe JoinedClock(context)
        self.io = io
        self.packet = packet
        unsafe self.context = context
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe context
        unsafe avformat_close_input(&context)
    }

    static func open(_ io: DemuxerIO) throws(DemuxerError) -> UnsafeMutablePointer<AVFormatContext> {
        var messages = LibAVLog.Messages()
        let format = LibAVLog.listening(Self.silence, to: &messages) {
            Result(catching: { () throws(DemuxerError) in try ReadableFormats.check(io) })
        }
        try format.get()
        guard let made = unsafe cffmpeg_demuxer_alloc(io.pointer, ReadableFormats.list) else {
            throw .outOfMemory("avformat_alloc_context")
        }
        unsafe made.pointee.max_streams = CInt(countedStreams)
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe made
        var status = LibAVLog.listening(Self.silence, to: &messages) {
            unsafe avformat_open_input(&context, nil, nil, nil)
        }
        // A context that could not be opened has been freed.
        guard let opened = unsafe context, status >= 0 else {
            if io.hasFailed { throw .readFailed }
            // libavformat gives this out as a lack of memory.
            if messages.errors.contains(where: { $0.contains("max_streams") }) {
                throw .tooManyStreams(nil, limit: maxStreams)
            }
            let isUnknown = status == cffmpeg_error_invalid_data && messages.reason == nil
            guard !isUnknown else { throw .unsupported("libavformat does not support this format") }
            try checkDemuxing("opening", status, reason: messages.errors.last ?? messages.reason)
            throw .outOfMemory("avformat_open_input")
        }
        do throws(DemuxerError) {
            try unsafe checkStreams(of: opened)
            status = LibAVLog.listening(Self.silence, to: &messages) { unsafe avformat_find_stream_info(opened, nil) }
            io.note(messages)
            io.noteDamage(messages.formatErrors)
            if io.hasFailed { throw .readFailed }
            try checkDemuxing("avformat_find_stream_info", status, reason: messages.errors.last)
            try unsafe checkStreams(of: opened)
        } catch {
            unsafe avformat_close_input(&context)
            throw error
        }
        return unsafe opened
    }

    /// Streams of a file that is read, at most: each costs memory and time, even if it is not used.
    static let maxStreams = 1000
    /// Streams that libavformat counts, for the message about their number.
    private static let countedStreams = 10_000

    private static func checkStreams(of context: UnsafeMutablePointer<AVFormatContext>) throws(DemuxerError) {
        let count = Int(unsafe context.pointee.nb_streams)
        guard count <= maxStreams else { throw .tooManyStreams(count, limit: maxStreams) }
    }

    /// Has libavformat skip the streams that are not used.
    static func discard(_ context: UnsafeMutablePointer<AVFormatContext>, where isUnwanted: (Int) -> Bool) {
        for number in 0..<Int(unsafe context.pointee.nb_streams) where isUnwanted(number) {
            unsafe context.pointee.streams[number]?.pointee.discard = AVDISCARD_ALL
        }
    }

    /// Reads the next packet of any stream.
    ///
    /// - Returns: The logged message; `nil` at the end.
    static func read(
        _ packet: borrowing Packet,
        of context: UnsafeMutablePointer<AVFormatContext>,
        _ io: DemuxerIO
    ) throws(DemuxerError) -> LibAVLog.Messages? {
        unsafe av_packet_unref(packet.pointer)
        var messages = LibAVLog.Messages()
        let pointer = unsafe packet.pointer
        let status = LibAVLog.listening(silence, to: &messages) { unsafe av_read_frame(context, pointer) }
        if io.hasFailed { throw .readFailed }
        guard status == cffmpeg_error_end else {
            try checkDemuxing("av_read_frame", status, reason: messages.errors.last ?? messages.reason)
            io.note(messages)
            if io.areMarksOfJoints { unsafe packet.pointer.pointee.flags &= ~AV_PKT_FLAG_CORRUPT }
            return messages
        }
        io.note(messages)
        if let message = messages.errors.first ?? io.corruption ?? io.damage { throw .damaged(message) }
        return nil
    }

    /// The streams of audio, if they are wanted.
    package var audioStreams: [AudioStream] { tracks?.streams ?? [] }

    /// The next packet in decoding order; `nil` after the last.
    ///
    /// - Parameter takeAudio: Is given the packets of audio that are before it.
    package mutating func next(_ takeAudio: (AudioPacket) -> Void = { _ in }) throws(DemuxerError) -> MediaPacket? {
        while true {
            guard let messages = try unsafe Self.read(packet, of: context, io) else {
                try checkEnd()
                return nil
            }
            unsafe clock.adjust(packet.pointer, in: context)
            guard Int(unsafe packet.pointer.pointee.stream_index) == index else {
                if let audio = try unsafe tracks?.packet(packet.pointer) {
                    takeAudio(audio)
                } else {
                    try checkOther()
                }
                continue
            }
            if let message = messages.errors.first, !Self.isOfBeginning(message) {
                throw .damaged("\(message), in packet \(packets)")
            }
            guard unsafe packet.pointer.pointee.flags & AV_PKT_FLAG_CORRUPT == 0 else {
                throw .damaged("packet \(packets) is incomplete")
            }
            let scheme = unsafe cffmpeg_encryption_scheme(packet.pointer)
            guard scheme == 0 else { throw .encrypted(FourCC.name(bigEndian: scheme)) }
            packets += 1
            var media = try unsafe MediaPacket(packet.pointer, timeBase: streamPointer.pointee.time_base)
            // Without an index of its own, MXF is read as if pictures were shown in the order of decoding.
            if stream.format == "mxf", stream.mayLackTimes, media.timestamp == media.decodeTimestamp {
                media.timestamp = nil
            }
            return media
        }
    }

    /// A parser's message about AV1 that begins in the middle. Missing parts elsewhere are detected by a decoder.
    private static func isOfBeginning(_ message: String) -> Bool {
        message.hasPrefix("Missing reference frame needed for")
    }

    /// Throws if a packet of another stream is incomplete: then the file is truncated or damaged.
    private func checkOther() throws(DemuxerError) {
        guard unsafe packet.pointer.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 else { return }
        let stream = unsafe packet.pointer.pointee.stream_index
        throw .damaged("a packet of stream \(stream), before packet \(packets) of the video, is incomplete")
    }

    private func checkEnd() throws(DemuxerError) {
        // Without a readable beginning of a packet, a stream has no packets.
        if packets == 0, io.isScrambled { throw .encrypted("transport_scrambling_control") }
        try tracks?.checkEnd()
        if let (bytes, length) = io.partialTag {
            throw .damaged("it is truncated: its last tag has \(bytes) of \(length) bytes")
        }
        if let count = stream.packetCount, packets < count {
            throw .damaged("it ends after \(packets) of the \(Quantity.count(count, "frame")) in its index")
        }
    }

    private var streamPointer: UnsafeMutablePointer<AVStream> {
        guard let stream = unsafe context.pointee.streams[index] else { preconditionFailure("a stream without memory") }
        return unsafe stream
    }
}

/// Sole owner of the `AVIOContext` through which libavformat reads an input.
@safe
final class DemuxerIO {
    let pointer: UnsafeMutablePointer<AVIOContext>
    private let input: any DemuxerInput
    /// Reading failed.
    private(set) var hasFailed = false
    /// The counters of a transport stream, as far as it has been read.
    private var counters = TransportCounters()
    private var tags = FLVTags()
    /// The log messages about the first incomplete packet, by its counters and by its length: a parser that splits packets
    /// loses their mark, and the packets of a short file are all read before the first is requested.
    private var (marked, cut): (String?, String?) = (nil, nil)
    /// An error in what was read to find out what the streams are.
    fileprivate private(set) var damage: String?

    init(_ input: any DemuxerInput) throws(DemuxerError) {
        self.input = input
        // The object's address is known only after its initialization.
        guard let pointer = unsafe cffmpeg_input_alloc(nil, readFromInput, input.length == nil ? nil : seekInInput)
        else {
            throw .outOfMemory("avio_alloc_context")
        }
        unsafe self.pointer = pointer
        // SAFETY: the context is used only through this object, which frees it.
        unsafe pointer.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        var pointer: UnsafeMutablePointer<AVIOContext>? = unsafe pointer
        unsafe cffmpeg_input_free(&pointer)
    }

    fileprivate func note(_ messages: LibAVLog.Messages) {
        marked = marked ?? messages.complaints.first { $0.contains("Packet corrupt") }
        cut = cut ?? messages.complaints.first { $0.contains("PES packet size mismatch") }
    }

    /// Notes errors of the demuxer in packets that it reads before the first of them is requested.
    fileprivate func noteDamage(_ errors: [String]) { damage = errors.first }

    /// Packets that libavformat marks as incomplete are those before a joint of complete transport streams.
    fileprivate var areMarksOfJoints: Bool { !counters.isBroken && cut == nil }

    /// The tag of an FLV file in which its bytes end.
    fileprivate var partialTag: (bytes: Int, length: Int)? { tags.partial }

    fileprivate var isScrambled: Bool { counters.isScrambled }

    /// The log message about the first incomplete packet.
    fileprivate var corruption: String? { areMarksOfJoints ? nil : cut ?? marked }

    fileprivate func read(into target: inout MutableRawSpan) -> CInt {
        let position = input.position
        guard !hasFailed, let count = input.read(into: &target) else {
            hasFailed = true
            return cffmpeg_error_io
        }
        counters.take(target.bytes.extracting(0..<count), at: position)
        tags.take(target.bytes.extracting(0..<count), at: position)
        return count == 0 ? cffmpeg_error_end : CInt(count)
    }

    fileprivate func seek(_ offset: Int64, _ whence: CInt) -> Int64 {
        guard let length = input.length else { return Int64(cffmpeg_error_invalid) }
        let base: Int
        switch whence & ~CInt(AVSEEK_FORCE) {
        case cffmpeg_seek_size: return Int64(length)
        case SEEK_SET: base = 0
        case SEEK_CUR: base = input.position
        case SEEK_END: base = length
        default: return Int64(cffmpeg_error_invalid)
        }
        let (target, isTooLarge) = Int64(base).addingReportingOverflow(offset)
        guard !isTooLarge, target >= 0 else { return Int64(cffmpeg_error_invalid) }
        input.seek(to: Int(target))
        return target
    }
}

// SAFETY: `opaque` is the DemuxerIO, which outlives its context, and the bytes are ours during the call.
private func readFromInput(_ opaque: UnsafeMutableRawPointer?, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: CInt)
    -> CInt
{
    guard let opaque = unsafe opaque, let bytes = unsafe bytes, count > 0 else { return cffmpeg_error_invalid }
    let io = unsafe Unmanaged<DemuxerIO>.fromOpaque(opaque).takeUnretainedValue()
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: Int(count))
    var target = unsafe buffer.mutableBytes
    return io.read(into: &target)
}

private func seekInInput(_ opaque: UnsafeMutableRawPointer?, _ offset: Int64, _ whence: CInt) -> Int64 {
    guard let opaque = unsafe opaque else { return Int64(cffmpeg_error_invalid) }
    return unsafe Unmanaged<DemuxerIO>.fromOpaque(opaque).takeUnretainedValue().seek(offset, whence)
}
