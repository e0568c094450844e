internal import CFFmpeg
internal import LibAV

/// Decodes one stream of audio by libavcodec.
///
/// Thread-safety: used by one thread at a time.
@safe
struct AudioDecoder: ~Copyable, @unchecked Sendable {
    // @unchecked: one owner at a time is what ~Copyable means.
    private let owner: AudioCodecContext
    private let packet: Packet

    /// A decoder of a stream.
    init(_ stream: AudioStream) throws(AudioCodingError) {
        let packet = try Packet(orThrow: AudioCodingError.outOfMemory)
        guard let decoder = unsafe avcodec_find_decoder(stream.parameters.codec) else {
            throw .unsupported("libavcodec has no decoder of \(stream.codec)")
        }
        let owner = try unsafe AudioCodecContext(decoder)
        let context = unsafe owner.pointer
        guard unsafe stream.parameters.copy(to: context) >= 0 else { throw .outOfMemory }
        unsafe context.pointee.pkt_timebase = stream.unit
        unsafe context.pointee.thread_count = 1
        unsafe context.pointee.err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(.audio, to: &messages) { unsafe avcodec_open2(context, decoder, nil) }
        guard status >= 0 else {
            throw .unsupported("the decoder of \(stream.codec) refuses it: \(messages.reason ?? libAVMessage(status))")
        }
        self.owner = owner
        self.packet = packet
    }

    private var context: UnsafeMutablePointer<AVCodecContext> { unsafe owner.pointer }

    /// The format of its samples.
    var sampleFormat: AVSampleFormat { unsafe context.pointee.sample_fmt }

    /// Gives it a packet; `nil` after the last.
    func send(_ audio: AudioPacket?) throws(AudioCodingError) {
        guard let audio else {
            _ = unsafe avcodec_send_packet(context, nil)
            return
        }
        defer { unsafe av_packet_unref(packet.pointer) }
        guard unsafe cffmpeg_fill_packet(packet.pointer, audio.data, audio.data.count) >= 0 else { throw .outOfMemory }
        for data in audio.sideData {
            let type = AVPacketSideDataType(data.type)
            let status = unsafe cffmpeg_packet_side_data(packet.pointer, type, data.bytes, data.bytes.count)
            guard status >= 0 else { throw .outOfMemory }
        }
        unsafe packet.pointer.pointee.pts = audio.time
        unsafe packet.pointer.pointee.dts = audio.time
        unsafe packet.pointer.pointee.duration = audio.duration
        unsafe packet.pointer.pointee.flags = audio.isKey ? AV_PKT_FLAG_KEY : 0
        try check { unsafe avcodec_send_packet(context, packet.pointer) }
    }

    /// Takes the next samples that are decoded.
    ///
    /// - Returns: Whether there were some: it needs another packet, or has ended, if not.
    func receive(into frame: borrowing AudioFrame) throws(AudioCodingError) -> Bool {
        unsafe av_frame_unref(frame.pointer)
        var isThere = true
        try check {
            let status = unsafe avcodec_receive_frame(context, frame.pointer)
            guard status == cffmpeg_error_again || status == cffmpeg_error_end else { return status }
            isThere = false
            return 0
        }
        guard isThere else { return false }
        guard unsafe cffmpeg_name_layout(frame.pointer) >= 0 else {
            throw .unsupported("\(unsafe frame.pointer.pointee.ch_layout.nb_channels) channels have no usual layout")
        }
        return true
    }

    private func check(_ call: () -> CInt) throws(AudioCodingError) {
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(.audio, to: &messages, call)
        guard status < 0 else { return }
        guard status != cffmpeg_error_out_of_memory else { throw .outOfMemory }
        throw .damaged(messages.reason ?? libAVMessage(status))
    }
}
