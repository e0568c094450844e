internal import Bitstream
internal import CFFmpeg
internal import Logging
internal import VideoTypes

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
    /// Where the last packet ends, where the format tells where one begins.
    private var packetEnd = 0
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

    static func open(_ io: DemuxerIO, withAudio: Bool = false) throws(DemuxerError) -> UnsafeMutablePointer<
        AVFormatContext
    > {
        var messages = LibAVLog.Messages()
        let format = LibAVLog.listening(Self.silence, to: &messages) {
            Result(catching: { () throws(DemuxerError) in try ReadableFormats.check(io, withAudio: withAudio) })
        }
        io.prepare(for: try format.get())
        guard let made = unsafe cffmpeg_demuxer_alloc(io.pointer, ReadableFormats.list) else {
            throw .outOfMemory("avformat_alloc_context")
        }
        unsafe made.pointee.max_streams = CInt(countedStreams)
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe made
        var status = LibAVLog.listening(Self.silence, to: &messages) {
            unsafe avformat_open_input(&context, nil, nil, nil)
        }
        io.endsForNow = false
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
            let name = unsafe String(cString: opened.pointee.iformat.pointee.name)
            if FormatEnd.opensIntactFilesSilently(name) { io.noteDamage(messages.formatErrors) }
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
        io.beginPacket()
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
        let errors = messages.errors.filter { !io.isOfPipe($0) }
        if let message = errors.first ?? io.corruption ?? io.damage { throw .damaged(message) }
        return nil
    }

    /// The streams of audio, if they are wanted.
    package var audioStreams: [AudioStream] { tracks?.streams ?? [] }

    /// The next packet in decoding order; `nil` after the last.
    ///
    /// - Parameter takeAudio: Is given the packets of audio that are before it.
    package mutating func next(_ takeAudio: (AudioPacket) -> Void = { _ in }) throws(DemuxerError) -> MediaPacket? {
        guard try advance(takeAudio) else { return nil }
        var media = try unsafe MediaPacket(packet.pointer, timeBase: streamPointer.pointee.time_base)
        // Without an index of its own, MXF is read as if pictures were shown in the order of decoding.
        if stream.format == "mxf", stream.mayLackTimes, media.timestamp == media.decodeTimestamp {
            media.timestamp = nil
        }
        return media
    }

    /// The next packet in decoding order, for a ``PacketDecoder``; `nil` after the last.
    ///
    /// - Parameter takeAudio: Is given the packets of audio that are before it.
    package mutating func nextPacket(
        _ takeAudio: (AudioPacket) -> Void = { _ in }
    ) throws(DemuxerError) -> SourcePacket? {
        guard try advance(takeAudio) else { return nil }
        return try SourcePacket(taking: packet)
    }

    /// What a ``PacketDecoder`` needs to know of the stream.
    package func parameters() throws(DemuxerError) -> SourceParameters {
        let stream = unsafe streamPointer
        guard let parameters = unsafe stream.pointee.codecpar else { throw .unsupported("it has no video stream") }
        let unit = unsafe stream.pointee.time_base
        return SourceParameters(
            parameters: try unsafe StreamParameters(copying: parameters),
            unit: (unit.num, unit.den),
            framerate: self.stream.framerate,
            hasTimes: self.stream.hasTimes,
            colorSpace: self.stream.colorSpace,
            pixelAspectRatio: self.stream.pixelAspectRatio,
            orientation: self.stream.orientation,
            fields: unsafe SourceFields(parameters.pointee.field_order, of: parameters.pointee.codec_id)
        )
    }

    /// Reads on to the next packet of the video; false at the end.
    private mutating func advance(_ takeAudio: (AudioPacket) -> Void) throws(DemuxerError) -> Bool {
        while true {
            guard let messages = try unsafe Self.read(packet, of: context, io) else {
                try checkEnd()
                return false
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
            if let message = messages.errors.first, !Self.isOfBeginning(message), !io.isOfPipe(message) {
                throw .damaged("\(message), in packet \(packets)")
            }
            guard unsafe packet.pointer.pointee.flags & AV_PKT_FLAG_CORRUPT == 0, !isCut else {
                throw .damaged("packet \(packets) is incomplete")
            }
            let scheme = unsafe cffmpeg_encryption_scheme(packet.pointer)
            guard scheme == 0 else { throw .encrypted(FourCC.name(bigEndian: scheme)) }
            packets += 1
            packetEnd = max(packetEnd, Int(unsafe packet.pointer.pointee.pos) + Int(unsafe packet.pointer.pointee.size))
            // AVI has a packet without bytes where the picture before it is shown on.
            if stream.codec == nil, unsafe packet.pointer.pointee.size == 0 { continue }
            if unsafe SourceCodecs.isEndOfSequence(packet.pointer, of: stream.codecName) { continue }
            return true
        }
    }

    /// A parser's message about AV1 that begins in the middle. Missing parts elsewhere are detected by a decoder.
    private static func isOfBeginning(_ message: String) -> Bool {
        message.hasPrefix("Missing reference frame needed for")
    }

    /// The packet goes on after the end of the file.
    private var isCut: Bool {
        let (place, size) = unsafe (packet.pointer.pointee.pos, packet.pointer.pointee.size)
        return place >= 0 && io.isCut(stream.format, packetEnd: Int(clamping: place &+ Int64(size)))
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
        if let reason = io.truncation(of: stream.format) { throw .damaged("it is truncated: \(reason)") }
        if stream.format == "nut", !io.hasNUTIndex(after: packetEnd) {
            throw .damaged("it ends without an index, as it does where its writer was ended")
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
