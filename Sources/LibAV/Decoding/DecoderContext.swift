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
    ///
    /// - Parameters:
    ///   - codec: The codec.
    ///   - threads: Threads that decode.
    ///   - isMidway: The first chunk is not key.
    ///   - isImmediate: A chunk's picture comes out before the next chunk is taken, where pictures are shown in the order of
    ///     decoding. By default, threads may decode several at a time.
    init(
        _ codec: VideoCodec,
        threads: Int,
        isMidway: Bool = false,
        isImmediate: Bool = false
    ) throws(DecoderError) {
        let decoder = try unsafe Self.decoder(for: codec)
        guard let pointer = unsafe avcodec_alloc_context3(decoder) else { throw .outOfMemory("avcodec_alloc_context3") }
        unsafe self.pointer = pointer
        unsafe self.decoder = decoder
        unsafe Self.configure(pointer, codec, threads: threads)
        if isImmediate { unsafe pointer.pointee.thread_type = FF_THREAD_SLICE }
        // Pictures before the beginning of a stream are missing, which is not damage.
        if isMidway { unsafe pointer.pointee.err_recognition &= ~AV_EF_EXPLODE }
    }

    /// A decoder of a container's stream, that is not open yet.
    ///
    /// - Parameters:
    ///   - source: What the container stores about the stream.
    ///   - decoder: The decoder of its codec.
    ///   - threads: Threads that decode.
    init(_ source: SourceParameters, _ decoder: UnsafePointer<AVCodec>, threads: Int) throws(DecoderError) {
        guard let pointer = unsafe avcodec_alloc_context3(decoder) else { throw .outOfMemory("avcodec_alloc_context3") }
        let status = unsafe source.parameters.copy(to: pointer)
        guard status >= 0 else {
            var pointer: UnsafeMutablePointer<AVCodecContext>? = unsafe pointer
            unsafe avcodec_free_context(&pointer)
            throw .outOfMemory("avcodec_parameters_to_context")
        }
        unsafe self.pointer = pointer
        unsafe self.decoder = decoder
        unsafe Self.setStrict(pointer, threads: threads)
        // The contexts of its threads are copies of this one: what they log is known by it (``DecoderLog``).
        unsafe pointer.pointee.opaque = UnsafeMutableRawPointer(pointer)
        // Pictures that others refer to are decoded one after the other, so that what comes before damage is known.
        let isIntraOnly = unsafe cffmpeg_is_intra_only(pointer.pointee.codec_id) != 0
        unsafe pointer.pointee.thread_type = isIntraOnly ? FF_THREAD_FRAME | FF_THREAD_SLICE : FF_THREAD_SLICE
        unsafe pointer.pointee.pkt_timebase = AVRational(num: source.unit.num, den: source.unit.den)
        // To decoders of MPEG-1 and MPEG-2 that conceal nothing, every picture is damaged; one that is concealed is an error too.
        unsafe pointer.pointee.error_concealment = FF_EC_GUESS_MVS | FF_EC_DEBLOCK
        // Threads of the decoder of Dirac write over each other's coefficients where slices do not fill the picture.
        if unsafe pointer.pointee.codec_id == AV_CODEC_ID_DIRAC { unsafe pointer.pointee.thread_count = 1 }
        // These two write nothing outside of a picture, which may be too large to be copied.
        if unsafe [AV_CODEC_ID_EXR, AV_CODEC_ID_DPX].contains(pointer.pointee.codec_id) {
            unsafe pointer.pointee.get_buffer2 = { unsafe cffmpeg_get_packed_buffer($0, $1, $2) }
        }
        // A tag that is not known is an error to this decoder, and every file has some.
        if unsafe pointer.pointee.codec_id == AV_CODEC_ID_TIFF {
            unsafe pointer.pointee.err_recognition &= ~AV_EF_EXPLODE
        }
    }

    /// Opens it, for streams that `description` describes.
    ///
    /// - Parameters:
    ///   - description: The decoder configuration record, if any.
    ///   - size: The size of H.264's pictures in their container: libavcodec crops to it if it is smaller by less than a
    ///     macroblock and the stream itself does not crop.
    ///   - reorderDepth: H.264's pictures that may come before one that they are shown after. libavcodec would begin with a
    ///     guess where the stream does not have it, and drop pictures whenever it turns out to be too low.
    mutating func open(
        description: [UInt8]? = nil,
        size: PictureSize? = nil,
        reorderDepth: Int? = nil
    ) throws(DecoderError) {
        if let description { try set(description) }
        if let size {
            unsafe pointer.pointee.width = CInt(clamping: size.width)
            unsafe pointer.pointee.height = CInt(clamping: size.height)
        }
        // libavcodec has room for 16 pictures that wait, one of which is the next.
        if let reorderDepth { unsafe pointer.pointee.has_b_frames = CInt(min(reorderDepth, 15)) }
        // By the standard, a sequence that does not declare its reordering may use what its level allows. libavcodec assumes
        // that also for sequences of only key pictures, which are never reordered.
        if unsafe pointer.pointee.codec_id == AV_CODEC_ID_H264, reorderDepth != 0 {
            unsafe pointer.pointee.strict_std_compliance = FF_COMPLIANCE_STRICT
        }
        // After the first listener is set, libavcodec prints no log messages, on any decoding thread.
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(Self.silence, to: &messages) {
            unsafe avcodec_open2(pointer, decoder, nil)
        }
        // The status of pthread_create.
        guard status != cffmpeg_error_again else {
            throw .codec(operation: "avcodec_open2", status: Int(status), message: "the system refused a thread")
        }
        try checkDecoding("avcodec_open2", status, reason: messages.reason)
        isOpen = true
    }

    /// The real error if the stream was reported as damaged: libvpx may have had no memory to decode it.
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

    /// Throws if the data of the frame that was decoded last ended early.
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

    /// The strictest available decoder of each codec. libavcodec's own decoders for VP8 and VP9 read zeros after the end of a
    /// truncated frame without an error; libvpx refuses such a frame. libavcodec's own decoder for AV1 needs hardware.
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
        unsafe setStrict(context, threads: threads)
        // In libavcodec 5.1, threads that decode pictures of HEVC side by side crash on some damaged streams, one run in
        // thousands; those that share a picture do not.
        if codec == .hevc { unsafe context.pointee.thread_type = FF_THREAD_SLICE }
        // libavcodec's own decoders do not miss parts of a picture that are not in the stream.
        if [.h264, .hevc].contains(codec) { unsafe cffmpeg_mark_pictures(context) }
        unsafe context.pointee.pkt_timebase = AVRational(num: 1, den: 1_000_000)
    }

    /// What holds for every decoder.
    private static func setStrict(_ context: UnsafeMutablePointer<AVCodecContext>, threads: Int) {
        unsafe context.pointee.thread_count = CInt(threads)
        // Damage is an error, and a picture whose references are missing is delivered, marked, and refused by us.
        unsafe context.pointee.err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_EXPLODE
        unsafe context.pointee.flags |= CInt(AV_CODEC_FLAG_OUTPUT_CORRUPT)
        // Concealment would invent the blocks of slices that are missing, on some threads without reporting the picture as damaged.
        // Without it, these blocks keep their marks.
        unsafe context.pointee.error_concealment = 0
        // Crops to the sample, where libavcodec would rather keep its rows aligned.
        unsafe context.pointee.flags |= CInt(AV_CODEC_FLAG_UNALIGNED)
        unsafe context.pointee.max_pixels = Int64(PictureSize.limit * PictureSize.limit)
    }

    private func set(_ description: [UInt8]) throws(DecoderError) {
        // A record has a few hundred bytes: this limit is never reached, and keeps the sum below from overflowing.
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
