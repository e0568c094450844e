internal import Bitstream
internal import CFFmpeg
package import EncoderCore
package import VideoTypes

/// Decodes by libavcodec, strictly: damage that a decoder would conceal is an error. libavcodec does not write to stderr.
///
/// Every chunk must contain a picture, and the decoder must return every displayed picture. In H.264 and HEVC, a missing chunk
/// that others refer to is detected. VP8, VP9 and AV1 refer to any picture in a slot: count the frames.
///
/// After every ``submit(_:)``, ``nextFrame()`` is called until it returns `nil`. What is wrong with a chunk is thrown there, once
/// the frames before it have been delivered.
///
/// Thread-safety: may be moved between threads; used by one at a time, which ownership ensures.
package struct LibAVDecoder: DecoderBackend, ~Copyable {
    private let codec: VideoCodec
    private let config: DecoderConfig?
    private let isMidway: Bool
    private var context: DecoderContext
    private var packet: Packet
    private var picture: Picture
    private var alpha: AlphaDecoder?
    private var output: PictureOutput
    private var preparation: DecoderPreparation
    private var isDrained = false
    private var watch: ChunkWatch
    private var damage: DecoderDamage

    /// The color of the frame delivered last, from its bitstream; `nil` before the first.
    package private(set) var colorSpace: VideoColorSpace?
    /// Width to height of one sample of the frame delivered last; `nil` if its bitstream does not store it.
    package private(set) var pixelAspectRatio: PixelAspectRatio?

    /// A decoder that waits for its first chunk.
    ///
    /// - Parameters:
    ///   - codec: The codec.
    ///   - description: The decoder configuration record (`avcC`, `hvcC`, `av1C`) of a stream that does not carry its
    ///     parameter sets; `nil`, the default, means that it does (H.264 and HEVC: Annex B).
    ///   - threads: Threads that decode, 1 or more; 2 is the default. With more than one, frames come later.
    /// - Throws: ``DecoderError`` without a decoder, or if it refuses the description.
    package init(codec: VideoCodec, description: [UInt8]? = nil, threads: Int = 2) throws(DecoderError) {
        let output = PictureOutput(.unpooled) { _ in nil }
        try self.init(codec, nil, description: description, threads: threads, isMidway: false, nil, output)
    }

    /// A decoder for the chunks that come with a configuration.
    ///
    /// - Parameters:
    ///   - config: The codec string, the description, and the defaults for values that the bitstream does not store.
    ///   - threads: As in ``init(codec:description:threads:)``.
    ///   - isMidway: The first chunk is not key: pictures may lack others that they refer to, and are marked then
    ///     (``EncoderCore/DecodedFrame/isIncomplete``) rather than an error. The default is false.
    ///   - keepsAlpha: The transparency of VP8 and VP9 is decoded too: every chunk with a picture that is shown must have it. The
    ///     default is false.
    ///   - frames: Where the memory of the frames comes from. The default is new memory for each.
    ///   - conversion: The conversion of the pictures. By default they stay as they are.
    package init(
        _ config: DecoderConfig,
        threads: Int = 2,
        isMidway: Bool = false,
        keepsAlpha: Bool = false,
        frames: FrameSource = .unpooled,
        conversion: @escaping DecodedPictureConversion = { _ in nil }
    ) throws(DecoderError) {
        let codec: VideoCodec
        do throws(EncoderConfigError) {
            codec = try CodecRequest(.exact(config.codec)).codec
        } catch {
            throw .unsupported(error.description)
        }
        let alpha = keepsAlpha ? try AlphaDecoder(codec, threads: threads) : nil
        let output = PictureOutput(frames, conversion)
        try self.init(
            codec,
            config,
            description: config.description,
            threads: threads,
            isMidway: isMidway,
            alpha,
            output
        )
    }

    private init(
        _ codec: VideoCodec,
        _ config: DecoderConfig?,
        description: [UInt8]?,
        threads: Int,
        isMidway: Bool,
        _ alpha: consuming AlphaDecoder?,
        _ output: consuming PictureOutput
    ) throws(DecoderError) {
        precondition((1...64).contains(threads), "a decoder has 1 to 64 threads")
        let watch = try ChunkWatch(codec, description: description)
        var context = try DecoderContext(codec, threads: threads, isMidway: isMidway, isImmediate: alpha != nil)
        let preparation = DecoderPreparation(codec, config, description: description)
        if preparation.isComplete { try context.open(preparation) }
        let packet = try Packet.forDecoding()
        let picture = try Picture.forDecoding()
        (self.codec, self.config, self.isMidway) = (codec, config, isMidway)
        self.context = context
        self.packet = packet
        self.picture = picture
        self.alpha = alpha
        self.output = output
        self.preparation = preparation
        self.watch = watch
        damage = DecoderDamage(threads: threads)
    }

    /// Takes one chunk, in decoding order.
    package mutating func submit(_ chunk: EncodedVideoChunk) throws(DecoderError) {
        // libavcodec takes an empty packet for the end of the stream.
        guard !chunk.data.isEmpty else { throw .corrupt("the chunk at \(chunk.timestamp) µs is empty") }
        guard damage.error == nil else { return }
        do throws(DecoderError) {
            try watch.take(chunk)
        } catch {
            return try stop(error, before: chunk.timestamp)
        }
        damage.didSubmit(chunk.timestamp)
        let data = preparation.prepared(chunk.data)
        if !context.isOpen { try context.open(preparation) }
        try packet.fill(with: chunk, data: data)
        do throws(DecoderError) {
            try checkDecoding("avcodec_send_packet", unsafe avcodec_send_packet(context.pointer, packet.pointer))
        } catch {
            return try stop(context.cause(of: error), before: damage.earliest)
        }
        // Decoders of VP8 keep no chunk back.
        do throws(DecoderError) {
            try context.checkData(of: chunk)
            try alpha?.submit(chunk, size: watch.size)
        } catch {
            try stop(error, before: chunk.timestamp)
        }
    }

    /// Ends the input at a damaged chunk: what was decoded before it is still to be delivered.
    private mutating func stop(_ error: DecoderError, before time: Int64?) throws(DecoderError) {
        guard context.isOpen, let time else { throw error }
        damage.note(error, before: time)
        try drain()
    }

    /// The next frame in presentation order, or `nil` if the decoder wants another chunk or is drained.
    ///
    /// Its timestamp and duration are its chunk's; its size is cropped as the bitstream specifies.
    package mutating func nextFrame() throws(DecoderError) -> DecodedFrame? {
        if damage.error == nil {
            do throws(DecoderError) {
                guard let frame = try nextDecoded() else { return nil }
                damage.didDeliver(frame.frame.timestamp)
                return frame
            } catch {
                try stop(context.cause(of: error), before: damage.earliest)
            }
        }
        return try nextBeforeDamage()
    }

    /// The next frame before the damage; throws what is wrong after the last.
    private mutating func nextBeforeDamage() throws(DecoderError) -> DecodedFrame? {
        repeat {
            do throws(DecoderError) {
                guard let frame = try nextDecoded(), damage.follows(frame.frame.timestamp) else { break }
                damage.didDeliver(frame.frame.timestamp)
                return frame
            } catch {}
        } while damage.mayGoOn()
        throw damage.error ?? .corrupt("the stream is damaged")
    }

    private mutating func nextDecoded() throws(DecoderError) -> DecodedFrame? {
        guard context.isOpen else { return nil }
        let status = unsafe avcodec_receive_frame(context.pointer, picture.pointer)
        guard status != cffmpeg_error_again, status != cffmpeg_error_end else {
            alpha?.passOver()
            if isDrained, !isMidway { try watch.checkEnd() }
            return nil
        }
        try checkDecoding("avcodec_receive_frame", status)
        defer { picture.clear() }
        let isIncomplete = isMidway && !picture.isIntact
        if !isMidway { try picture.checkIntact() }
        watch.didDeliver()
        try checkDecoding("av_frame_get_buffer", unsafe cffmpeg_expand_picture(picture.pointer))
        try alpha?.add(to: picture)
        // VP8 has but one color (RFC 6386 9.2), which libvpx leaves unsaid.
        let color = codec == .vp8 ? .bt601 : picture.colorSpace
        var decoded = try output.frame(
            picture,
            layout: try picture.layout(),
            color: config.map { color.completed(by: $0.colorSpace) } ?? color
        )
        (colorSpace, pixelAspectRatio) = (color, picture.pixelAspectRatio)
        decoded.pixelAspectRatio = pixelAspectRatio ?? config?.pixelAspectRatio ?? .square
        decoded.hdr = picture.hdr
        decoded.isIncomplete = isIncomplete
        decoded.orientation = config?.orientation ?? .upright
        return decoded
    }

    /// Ends the input. Afterwards ``nextFrame()`` delivers what was delayed.
    package mutating func drain() throws(DecoderError) {
        guard !isDrained else { return }
        isDrained = true
        guard context.isOpen else { return }
        do throws(DecoderError) {
            // The end is accepted even if the call reports a damaged chunk.
            try checkDecoding("avcodec_send_packet", unsafe avcodec_send_packet(context.pointer, nil))
        } catch {
            try stop(error, before: damage.earliest)
        }
    }
}
