internal import CFFmpeg
internal import CVPX
internal import Logging
internal import VideoTypes

/// Sole owner of one `AVCodecContext` that decodes.
@safe
struct DecoderContext: ~Copyable {
    let pointer: UnsafeMutablePointer<AVCodecContext>

    private let decoder: UnsafePointer<AVCodec>
    /// It has been opened, and decodes.
    private(set) var isOpen = false
    private static let silence = Logger(label: "sluice.decoder") { _ in SwiftLogNoOpLogHandler() }

    /// A decoder that is not open yet.
    init(_ codec: VideoCodec, threads: Int, isMidway: Bool = false) throws(DecoderError) {
        let decoder = try unsafe Self.decoder(for: codec)
        guard let pointer = unsafe avcodec_alloc_context3(decoder) else { throw .outOfMemory("avcodec_alloc_context3") }
        unsafe self.pointer = pointer
        unsafe self.decoder = decoder
        unsafe Self.configure(pointer, codec, threads: threads)
        // What is missing before the beginning of a stream is not damaged.
        if isMidway { unsafe pointer.pointee.err_recognition &= ~AV_EF_EXPLODE }
    }

    /// Opens it, for streams that `description` describes.
    ///
    /// - Parameters:
    ///   - description: The decoder configuration record, where there is one.
    ///   - size: The size of H.264's pictures as their container has it: libavcodec leaves off what exceeds it by less than a
    ///     macroblock, where the stream itself crops nothing.
    ///   - reorderDepth: H.264's pictures that may come before one that they are shown after. libavcodec would begin with a
    ///     guess where the stream does not have it, and drop pictures whenever it turns out to be too low.
    mutating func open(description: [UInt8]?, size: PictureSize?, reorderDepth: Int?) throws(DecoderError) {
        if let description { try set(description) }
        if let size {
            unsafe pointer.pointee.width = CInt(clamping: size.width)
            unsafe pointer.pointee.height = CInt(clamping: size.height)
        }
        // libavcodec has room for 16 pictures that wait, one of which is the next.
        if let reorderDepth { unsafe pointer.pointee.has_b_frames = CInt(min(reorderDepth, 15)) }
        // The reordering of a sequence that does not declare it is what its level allows, as the standard has it; but
        // libavcodec takes sequences of key pictures alone, which reorder nothing, for such as well.
        if unsafe pointer.pointee.codec_id == AV_CODEC_ID_H264, reorderDepth != 0 {
            unsafe pointer.pointee.strict_std_compliance = FF_COMPLIANCE_STRICT
        }
        // From the first listening on, nothing that libavcodec logs is printed, on whichever thread it decodes.
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(Self.silence, to: &messages) {
            unsafe avcodec_open2(pointer, decoder, nil)
        }
        // What pthread_create said.
        guard status != cffmpeg_error_again else {
            throw .codec(operation: "avcodec_open2", status: Int(status), message: "the system refused a thread")
        }
        try checkDecoding("avcodec_open2", status, reason: messages.reason)
        isOpen = true
    }

    /// What went wrong when the stream was said to be damaged: libvpx may have had no room to decode it.
    func cause(of error: DecoderError) -> DecoderError {
        guard case .corrupt = error, decodesByLibvpx, unsafe cvpx_lacks_room(pointer.pointee.priv_data) != 0 else {
            return error
        }
        return .codec(
            operation: "vpx_codec_decode",
            status: Int(cffmpeg_error_out_of_memory),
            message: "the system refused memory or a thread"
        )
    }

    /// Throws if the frame that was decoded last has less data than it goes on for.
    func checkData(of chunk: EncodedVideoChunk) throws(DecoderError) {
        guard unsafe pointer.pointee.codec_id == AV_CODEC_ID_VP8, decodesByLibvpx else { return }
        guard unsafe cvpx_lacks_data(pointer.pointee.priv_data) != 0 else { return }
        throw .corrupt("the chunk at \(chunk.timestamp) µs is truncated")
    }

    private var decodesByLibvpx: Bool { unsafe String(cString: decoder.pointee.name).hasPrefix("libvpx") }

    deinit {
        var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe pointer
        unsafe avcodec_free_context(&pointer)
    }

    /// The strictest decoder of each codec that is there. Those of libavcodec itself for VP8 and VP9 read zeros after a frame
    /// that was cut off and say nothing, libvpx refuses it. For AV1, libavcodec's own needs hardware.
    private static func decoder(for codec: VideoCodec) throws(DecoderError) -> UnsafePointer<AVCodec> {
        let names =
            switch codec {
            case .h264: ["h264"]
            case .hevc: ["hevc"]
            case .vp8: ["libvpx", "vp8"]
            case .vp9: ["libvpx-vp9", "vp9"]
            case .av1: ["libdav1d", "libaom-av1"]
            }
        for name in names {
            if let decoder = unsafe avcodec_find_decoder_by_name(name) { return unsafe decoder }
        }
        throw .unsupported("this libavcodec has no decoder for \(codec.name) (\(names.joined(separator: ", ")))")
    }

    private static func configure(
        _ context: UnsafeMutablePointer<AVCodecContext>,
        _ codec: VideoCodec,
        threads: Int
    ) {
        unsafe context.pointee.thread_count = CInt(threads)
        // In libavcodec 5.1, threads that decode pictures of HEVC side by side crash on some damaged streams, one run in
        // thousands; those that share a picture do not.
        if codec == .hevc { unsafe context.pointee.thread_type = FF_THREAD_SLICE }
        // Damage is an error, and a picture whose references are missing is delivered, marked, and refused by us.
        unsafe context.pointee.err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_EXPLODE
        unsafe context.pointee.flags |= CInt(AV_CODEC_FLAG_OUTPUT_CORRUPT)
        // Crops to the sample, where libavcodec would rather keep its rows aligned.
        unsafe context.pointee.flags |= CInt(AV_CODEC_FLAG_UNALIGNED)
        // libavcodec's own decoders do not miss parts of a picture that are not in the stream.
        if [.h264, .hevc].contains(codec) { unsafe cffmpeg_mark_pictures(context) }
        unsafe context.pointee.max_pixels = Int64(PictureSize.limit * PictureSize.limit)
        unsafe context.pointee.pkt_timebase = AVRational(num: 1, den: 1_000_000)
    }

    private func set(_ description: [UInt8]) throws(DecoderError) {
        // A record is a few hundred bytes: this is no limit, and keeps the sum below from overflowing.
        guard description.count <= 1 << 24, let size = CInt(exactly: description.count) else {
            throw .corrupt("a description of \(description.count) bytes")
        }
        let padded = description.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)
        guard let bytes = unsafe av_mallocz(padded) else { throw .outOfMemory("av_mallocz") }
        // SAFETY: av_mallocz gave more than that many bytes, and the context frees what it is given here.
        unsafe UnsafeMutableRawBufferPointer(start: bytes, count: description.count).copyBytes(from: description)
        unsafe pointer.pointee.extradata = bytes.assumingMemoryBound(to: UInt8.self)
        unsafe pointer.pointee.extradata_size = size
    }
}
