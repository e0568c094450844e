internal import Bitstream
internal import CFFmpeg
internal import VideoTypes

/// Decodes the transparency of VP8 and VP9: a stream of its own beside that of the colors, whose luma is their alpha (WebM's
/// convention). The picture of each chunk comes out before the next chunk is taken, as that of its colors does.
struct AlphaDecoder: ~Copyable {
    private var context: DecoderContext
    private var packet: Packet
    private var picture: Picture
    private var watch: ChunkWatch

    /// - Parameters:
    ///   - codec: VP8 or VP9.
    ///   - threads: Threads that decode.
    init(_ codec: VideoCodec, threads: Int) throws(DecoderError) {
        guard [.vp8, .vp9].contains(codec) else {
            throw .unsupported("\(codec.name) has no transparency of its own (VP8 and VP9 have)")
        }
        let watch = try ChunkWatch(codec, description: nil)
        var context = try DecoderContext(codec, threads: threads, isImmediate: true)
        try context.open()
        let packet = try Packet.forDecoding()
        let picture = try Picture.forDecoding()
        self.watch = watch
        self.context = context
        self.packet = packet
        self.picture = picture
    }

    /// Takes the transparency of a chunk; a chunk without any is noticed when its picture is shown.
    ///
    /// - Parameters:
    ///   - chunk: The chunk.
    ///   - size: The size of its colors.
    mutating func submit(_ chunk: EncodedVideoChunk, size: PictureSize?) throws(DecoderError) {
        guard let data = chunk.alphaData else { return }
        var alpha = chunk
        (alpha.data, alpha.alphaData) = (data, nil)
        do throws(DecoderError) {
            try decode(alpha, size: size)
        } catch {
            switch error {
            case .corrupt(let words): throw .corrupt("its transparency: \(words)")
            default: throw error
            }
        }
    }

    private mutating func decode(_ alpha: EncodedVideoChunk, size: PictureSize?) throws(DecoderError) {
        guard !alpha.data.isEmpty else { throw .corrupt("the chunk at \(alpha.timestamp) µs is empty") }
        try watch.take(alpha)
        // Before the decoder makes room for pictures of any size.
        if let own = watch.size, let size, own != size { throw Self.sizeDiffers(own, size, alpha.timestamp) }
        try packet.fill(with: alpha, data: alpha.data)
        do throws(DecoderError) {
            try checkDecoding("avcodec_send_packet", unsafe avcodec_send_packet(context.pointer, packet.pointer))
            try context.checkData(of: alpha)
        } catch {
            throw context.cause(of: error)
        }
    }

    /// Gives a picture of colors its alpha.
    mutating func add(to colors: borrowing Picture) throws(DecoderError) {
        let time = try colors.time().timestamp
        let status = unsafe avcodec_receive_frame(context.pointer, picture.pointer)
        guard status != cffmpeg_error_again, status != cffmpeg_error_end else {
            throw .corrupt("the picture at \(time) µs has no transparency, unlike those before it")
        }
        try checkDecoding("avcodec_receive_frame", status)
        defer { picture.clear() }
        try picture.checkIntact()
        guard try picture.time().timestamp == time else {
            throw .corrupt("the picture at \(time) µs has the transparency of another")
        }
        guard picture.size == colors.size else { throw Self.sizeDiffers(picture.size, colors.size, time) }
        let added = unsafe cffmpeg_add_alpha(colors.pointer, picture.pointer)
        guard added != cffmpeg_error_not_implemented else {
            throw .unsupported("transparency is decoded beside 4:2:0 and 4:4:4 YUV of 8 bits only")
        }
        try checkDecoding("av_buffer_ref", added)
    }

    /// Drops the alpha of colors that are not shown.
    mutating func passOver() {
        while unsafe avcodec_receive_frame(context.pointer, picture.pointer) >= 0 { picture.clear() }
    }

    private static func sizeDiffers(_ own: PictureSize, _ colors: PictureSize, _ time: Int64) -> DecoderError {
        .corrupt("the transparency at \(time) µs is \(own), but its colors are \(colors)")
    }
}

extension Picture {
    /// Its size in samples of luma.
    fileprivate var size: PictureSize {
        unsafe PictureSize(width: Int(pointer.pointee.width), height: Int(pointer.pointee.height))
    }
}
