internal import CFFmpeg
internal import Containers
internal import LibAV
internal import Logging
internal import SystemPackage

/// Sole owner of an `AVFormatContext` and its `AVIOContext`. Its first stream is that of the video.
///
/// Thread-safety: used by one thread at a time.
@safe
struct Muxer: ~Copyable {
    /// Where the bytes go, and where errors of writing are kept.
    let output: SinkOutput
    let context: UnsafeMutablePointer<AVFormatContext>
    let stream: UnsafeMutablePointer<AVStream>
    let packet: Packet
    /// The container names codecs as codec strings do; Matroska has names of its own.
    let hasSampleEntry: Bool
    /// The most, in ticks, by which players take a frame to be shown after it is decoded.
    let longestDelay: Int64
    /// Packets are in the output, or in libavformat's buffer for it, once they have been written.
    let writesAtOnce: Bool

    /// A muxer before its header.
    init(_ kind: ContainerKind, output: SinkOutput) throws(SinkError) {
        let outOfMemory = SinkError.failed(operation: "muxing", name: output.name, .noMemory)
        let packet = try Packet(orThrow: outOfMemory)
        var made: UnsafeMutablePointer<AVFormatContext>?
        unsafe avformat_alloc_output_context2(&made, nil, kind.muxer, nil)
        guard let context = unsafe made else {
            throw .refused(name: output.name, reason: "libavformat has no muxer \"\(kind.muxer)\"")
        }
        let stream = unsafe avformat_new_stream(context, nil)
        unsafe context.pointee.pb = Self.callbacks(output)
        unsafe Self.letRead(output, context)
        guard let stream = unsafe stream, unsafe context.pointee.pb != nil else {
            unsafe cffmpeg_output_free(&context.pointee.pb)
            unsafe avformat_free_context(context)
            throw outOfMemory
        }
        self.output = output
        (hasSampleEntry, writesAtOnce) = (kind.hasSampleEntry, kind.writesAtOnce)
        longestDelay = kind.longestDelay
        unsafe (self.context, self.stream) = (context, stream)
        self.packet = packet
        configure(kind)
    }

    deinit {
        unsafe cffmpeg_output_free(&context.pointee.pb)
        unsafe avformat_free_context(context)
    }

    private func configure(_ kind: ContainerKind) {
        // The same input gives the same bytes: no dates, no random numbers, no version of a library.
        unsafe context.pointee.flags |= AVFMT_FLAG_BITEXACT
        // Decoding times before 0 are right where frames are reordered; presentation begins at 0.
        unsafe context.pointee.avoid_negative_ts = 0
        // The reader of a pipe shall get available bytes at once.
        if !output.isSeekable { unsafe context.pointee.flags |= AVFMT_FLAG_FLUSH_PACKETS }
        for (key, value) in kind.options {
            let status = unsafe av_opt_set(context.pointee.priv_data, key, value, 0)
            precondition(status >= 0, "libavformat's \(kind.muxer) has no option \(key)")
        }
    }

    /// SAFETY: the muxer holds the output as long as the callbacks can come.
    private static func callbacks(_ output: SinkOutput) -> UnsafeMutablePointer<AVIOContext>? {
        let opaque = unsafe Unmanaged.passUnretained(output).toOpaque()
        return unsafe cffmpeg_output_alloc(opaque, writeToSink, output.isSeekable ? seekInSink : nil)
    }

    /// Writes what comes before the first packet; from here on ``stream``'s time base is the container's.
    func writeHeader() throws(SinkError) {
        try call("avformat_write_header") { unsafe avformat_write_header(context, nil) }
        guard output.patch != nil else { return }
        unsafe avio_flush(context.pointee.pb)
        try check("avio_flush", unsafe context.pointee.pb.pointee.error)
        guard output.patch?.place == nil else { return }
        throw .refused(name: output.name, reason: "this libavformat does not store a rotation")
    }

    /// Writes a packet, whose times are in ticks of `timeBase`. It is not held back for interleaving.
    func write(_ content: MuxerPacket, timeBase: AVRational) throws(SinkError) {
        defer { unsafe av_packet_unref(packet.pointer) }
        try check("av_new_packet", fill(content))
        unsafe av_packet_rescale_ts(packet.pointer, timeBase, stream.pointee.time_base)
        let (delay, overflows) = unsafe packet.pointer.pointee.pts.subtractingReportingOverflow(
            packet.pointer.pointee.dts
        )
        guard !overflows, delay.magnitude < longestDelay else {
            let reason = "the pause between two frames is longer than readers of MP4 accept (use mkv)"
            throw .cannotHold(name: output.name, reason: reason)
        }
        try call("av_write_frame") { unsafe av_write_frame(context, packet.pointer) }
        output.expect(byteCount: content.data.count)
    }

    func fill(_ content: MuxerPacket) -> CInt {
        let status = unsafe av_new_packet(packet.pointer, CInt(content.data.count))
        guard status >= 0 else { return status }
        unsafe content.data.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(packet.pointer.pointee.data).copyMemory(from: base, byteCount: bytes.count)
        }
        unsafe packet.pointer.pointee.pts = content.presentation
        unsafe packet.pointer.pointee.dts = content.decoding
        unsafe packet.pointer.pointee.duration = content.duration
        unsafe packet.pointer.pointee.flags = content.isKey ? AV_PKT_FLAG_KEY : 0
        guard let alpha = content.alpha else { return 0 }
        return unsafe cffmpeg_packet_add_alpha(packet.pointer, alpha, alpha.count)
    }

    /// Writes what comes after the last packet.
    func writeTrailer() throws(SinkError) {
        try call("av_write_trailer") { unsafe av_write_trailer(context) }
        unsafe avio_flush(context.pointee.pb)
        try check("avio_flush", unsafe context.pointee.pb.pointee.error)
    }

    /// What libavformat logs becomes the reason of an error, and is printed nowhere.
    private static let silence = Logger(label: "sluice.muxer") { _ in SwiftLogNoOpLogHandler() }

    func call(_ operation: StaticString, _ body: () -> CInt) throws(SinkError) {
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(Self.silence, to: &messages, body)
        try check(operation, status, reason: messages.reason)
    }

    /// Throws the sink's own error if there is one, for libavformat passes on only that something failed.
    func check(_ operation: StaticString, _ status: CInt, reason: String? = nil) throws(SinkError) {
        if let failure = output.failure { throw failure }
        guard status < 0 else { return }
        throw .refused(name: output.name, reason: "\(operation): \(reason ?? libAVMessage(status))")
    }
}

/// A packet for the muxer: what it holds, and when.
struct MuxerPacket {
    var data: [UInt8]
    var alpha: [UInt8]?
    var presentation: Int64
    var decoding: Int64
    var duration: Int64
    var isKey: Bool
}

// SAFETY: `opaque` is the output that Muxer has set, and the bytes are libavformat's during the call.
private func writeToSink(_ opaque: UnsafeMutableRawPointer?, _ bytes: UnsafePointer<UInt8>?, _ count: CInt) -> CInt {
    guard let opaque = unsafe opaque else { return cffmpeg_error_invalid }
    let output = unsafe Unmanaged<SinkOutput>.fromOpaque(opaque).takeUnretainedValue()
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(count))
    return output.write(unsafe buffer.bytes)
}

private func seekInSink(_ opaque: UnsafeMutableRawPointer?, _ offset: Int64, _ whence: CInt) -> Int64 {
    guard let opaque = unsafe opaque else { return Int64(cffmpeg_error_invalid) }
    return unsafe Unmanaged<SinkOutput>.fromOpaque(opaque).takeUnretainedValue().seek(offset, whence)
}
