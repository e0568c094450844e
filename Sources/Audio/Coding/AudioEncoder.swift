internal import CFFmpeg
internal import Containers
internal import LibAV

/// Encodes one stream of audio by libavcodec.
///
/// Thread-safety: used by one thread at a time.
@safe
struct AudioEncoder: ~Copyable, @unchecked Sendable {
    // @unchecked: one owner at a time is what ~Copyable means.
    private let owner: AudioCodecContext
    private let packet: Packet

    /// An encoder of what a decoder gives out.
    ///
    /// - Parameters:
    ///   - row: The codec.
    ///   - bitrate: Bits a second; `nil` means the codec's usual rate.
    ///   - source: The stream that is decoded.
    ///   - format: The format of its samples.
    init(_ row: AudioCodecRow, bitrate: Int?, for source: AudioStream, _ format: AVSampleFormat)
        throws(AudioCodingError)
    {
        let packet = try Packet(orThrow: AudioCodingError.outOfMemory)
        let samples = AudioSampleKind(source, format)
        let name = row.encoder(samples)
        guard let encoder = unsafe avcodec_find_encoder_by_name(name) else {
            throw .unsupported("libavcodec has no encoder \(name)")
        }
        let owner = try unsafe AudioCodecContext(encoder)
        let context = unsafe owner.pointer
        let channels = source.channels
        let status = unsafe source.withLayout { layout in
            unsafe cffmpeg_set_audio_encoder(context, encoder, layout, CInt(source.sampleRate), samples.format)
        }
        guard status >= 0 else { throw .unsupported("\(name) does not take \(channels) channels") }
        if let usual = row.bitrate { unsafe context.pointee.bit_rate = Int64(bitrate ?? usual * channels) }
        if unsafe context.pointee.sample_fmt == AV_SAMPLE_FMT_S32 {
            unsafe context.pointee.bits_per_raw_sample = 24
        }
        var messages = LibAVLog.Messages()
        let opened = LibAVLog.listening(.audio, to: &messages) { unsafe avcodec_open2(context, encoder, nil) }
        guard opened >= 0 else {
            throw .unsupported("\(name) refuses it: \(messages.reason ?? libAVMessage(opened))")
        }
        self.owner = owner
        self.packet = packet
    }

    /// The encoder, which is open.
    var context: UnsafeMutablePointer<AVCodecContext> { unsafe owner.pointer }

    /// Its packets as a stream for containers.
    func stream(from source: AudioStream) throws(AudioCodingError) -> AudioStream {
        do throws(DemuxerError) { return try unsafe AudioStream(encodedBy: context, from: source) } catch {
            throw .outOfMemory
        }
    }

    /// Samples a second.
    var sampleRate: Int { Int(unsafe context.pointee.sample_rate) }

    /// Samples of a packet.
    var frameSize: Int {
        let size = Int(unsafe context.pointee.frame_size)
        return size > 0 ? size : 2048
    }

    /// Gives it samples; `nil` after the last.
    func send(_ frame: borrowing AudioFrame, at time: Int64) throws(AudioCodingError) {
        unsafe frame.pointer.pointee.pts = time
        try check { unsafe avcodec_send_frame(context, frame.pointer) }
    }

    /// No more samples follow.
    func finish() throws(AudioCodingError) { try check { unsafe avcodec_send_frame(context, nil) } }

    /// The next packet, of stream 0; `nil` if it needs more samples, or has ended.
    func receive() throws(AudioCodingError) -> AudioPacket? {
        while true {
            var isThere = true
            try check {
                let status = unsafe avcodec_receive_packet(context, packet.pointer)
                guard status == cffmpeg_error_again || status == cffmpeg_error_end else { return status }
                isThere = false
                return 0
            }
            guard isThere else { return nil }
            defer { unsafe av_packet_unref(packet.pointer) }
            // FLAC ends with a packet that has only a header for the beginning of the stream.
            guard unsafe packet.pointer.pointee.size > 0 else { continue }
            return unsafe AudioPacket(encoded: packet.pointer)
        }
    }

    private func check(_ call: () -> CInt) throws(AudioCodingError) {
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(.audio, to: &messages, call)
        guard status < 0 else { return }
        guard status != cffmpeg_error_out_of_memory else { throw .outOfMemory }
        throw .unsupported("encoding audio: \(messages.reason ?? libAVMessage(status))")
    }
}
