internal import CFFmpeg
package import EncoderCore
package import VideoTypes

/// Decodes the packets of a container's stream by libavcodec, whatever the codec, strictly: damage is an error. Pictures keep
/// their own format if Sluice has it, else they get the smallest one that loses nothing. libavcodec does not write to stderr.
///
/// After every ``submit(_:)``, ``nextFrame()`` is called until it returns `nil`. What is wrong with a packet is thrown there, once
/// the frames before it have been delivered.
///
/// Thread-safety: used by one thread at a time.
package struct PacketDecoder: ~Copyable {
    private let source: SourceParameters
    private let keepsAlpha: Bool
    private var context: DecoderContext
    private var picture: Picture
    private var output: PictureOutput
    private var repacker = PictureRepacker()
    private var times: PictureClock
    private var shape: SourceShape
    private var isDrained = false
    private var log: DecoderLog
    /// What is wrong with a packet, until the frames before it have been delivered.
    private var damage: DecoderError?
    /// What the pictures that came last are, by libavutil's number.
    private var latest: (number: CInt, format: SourceFormat)?
    /// Bytes of its own that the decoder keeps for pictures, which the frames do not have.
    package private(set) var keptBytes = 0
    /// The size of the pictures, as they are coded.
    private var size: (width: CInt, height: CInt)?

    /// A decoder that waits for its first packet.
    ///
    /// - Parameters:
    ///   - source: What the container stores about the stream.
    ///   - threads: Threads that decode, 1 to 64.
    ///   - keepsAlpha: Transparency beside YUV of more than 8 bits, and beside 4:2:2, is kept, which `conversion` has to do
    ///     (``DecodedPictureKind/alphaBits``). The default is that it is left out. What Sluice has a format for always stays.
    ///   - frames: Where the memory of the frames comes from.
    ///   - conversion: The conversion of the pictures. By default they stay as they are.
    /// - Throws: ``VideoTypes/DecoderError`` without a decoder, or if it refuses the parameters.
    package init(
        _ source: SourceParameters,
        threads: Int,
        keepsAlpha: Bool = false,
        frames: FrameSource,
        conversion: @escaping DecodedPictureConversion = { _ in nil }
    ) throws(DecoderError) {
        precondition((1...64).contains(threads), "a decoder has 1 to 64 threads")
        let context = try Self.context(source, threads: threads)
        let picture = try Picture.forDecoding()
        (self.source, self.keepsAlpha) = (source, keepsAlpha)
        log = DecoderLog(context, threads: threads)
        self.context = context
        self.picture = picture
        output = PictureOutput(frames, conversion)
        times = PictureClock(source.framerate)
        shape = SourceShape(source.pixelAspectRatio)
    }

    private static func context(_ source: SourceParameters, threads: Int) throws(DecoderError) -> DecoderContext {
        let decoder: UnsafePointer<AVCodec>
        do throws(DemuxerError) {
            unsafe decoder = try SourceCodecs.decoder(source.parameters.codec)
        } catch {
            throw .unsupported("\(error)")
        }
        var context = try unsafe DecoderContext(source, decoder, threads: threads)
        do throws(DecoderError) {
            try context.open()
        } catch {
            // Old decoders have no other number for headers that they cannot read.
            guard case .codec(let operation, -1, let message) = error else { throw error }
            throw .corrupt("\(operation): \(message)")
        }
        return context
    }

    /// Takes one packet, in decoding order.
    package mutating func submit(_ packet: borrowing SourcePacket) throws(DecoderError) {
        guard damage == nil else { return }
        log.willSubmit(packet)
        let status = unsafe avcodec_send_packet(context.pointer, packet.packet.pointer)
        do throws(DecoderError) {
            try Self.check("avcodec_send_packet", status)
            try log.check()
        } catch {
            try stop(error)
        }
    }

    /// Turns a status of a decoder into an error.
    private static func check(_ operation: String, _ status: CInt) throws(DecoderError) {
        guard status != cffmpeg_error_not_implemented else {
            throw .unsupported("libavcodec does not decode this variant of its codec")
        }
        // Decoders also call a packet invalid that is shorter than its picture, and old ones have no number but -1.
        let isInvalid = [cffmpeg_error_invalid, -1].contains(status)
        try checkDecoding(operation, isInvalid ? cffmpeg_error_invalid_data : status)
    }

    /// Ends the input. Afterwards ``nextFrame()`` delivers what was delayed.
    package mutating func drain() throws(DecoderError) {
        guard !isDrained else { return }
        isDrained = true
        do throws(DecoderError) {
            // The end is accepted even if the call reports a damaged packet.
            try Self.check("avcodec_send_packet", unsafe avcodec_send_packet(context.pointer, nil))
        } catch {
            try stop(error)
        }
    }

    /// Keeps what is wrong; what was decoded before it is still to be delivered.
    private mutating func stop(_ error: DecoderError) throws(DecoderError) {
        guard damage == nil else { return }
        damage = error
        try drain()
    }

    /// Keeps what the log tells of damage.
    private mutating func stopIfLogged() throws(DecoderError) {
        do throws(DecoderError) { try log.check() } catch { try stop(error) }
    }

    /// The next frame in presentation order, or `nil` if the decoder wants another packet or is drained.
    package mutating func nextFrame() throws(DecoderError) -> DecodedFrame? {
        let status = unsafe avcodec_receive_frame(context.pointer, picture.pointer)
        try stopIfLogged()
        guard status != cffmpeg_error_again, status != cffmpeg_error_end else {
            if let damage { throw damage }
            return nil
        }
        defer { picture.clear() }
        do throws(DecoderError) {
            try Self.check("avcodec_receive_frame", status)
            if let damage, !log.isClear(picture) { throw damage }
            guard picture.isIntact else {
                throw .corrupt("the picture at \(picture.bestTime(source.unit) ?? 0) µs cannot be decoded completely")
            }
        } catch {
            throw damage ?? error
        }
        return try frame()
    }

    private mutating func frame() throws(DecoderError) -> DecodedFrame {
        try checkSize()
        let time = times.place(
            source.hasTimes ? picture.bestTime(source.unit) : nil,
            lasting: picture.length(source.unit)
        )
        let (_, format) = try sourceFormat()
        try checkDecoding("av_frame_copy", unsafe cffmpeg_upright_picture(picture.pointer))
        // Its name tells the range, and the copy has another one.
        let color = picture.sourceColor(completedBy: source.colorSpace)
        if format.isRepacked { try repacker.repack(picture, as: format.format) }
        let layout = try picture.layout(of: format.format)
        let alphaBits = keepsAlpha ? format.alphaBits : nil
        let bytes = Int(unsafe cffmpeg_buffer_bytes(picture.pointer))
        var decoded = try output.frame(picture, layout: layout, color: color, time: time, alphaBits: alphaBits)
        keptBytes = decoded.frame.isBorrowed ? 0 : bytes
        decoded.pixelAspectRatio = shape.take(picture.pixelAspectRatio)
        if let fields = source.fields, !decoded.isInterlaced {
            (decoded.isInterlaced, decoded.isTopFieldFirst) = (true, fields == .topFirst)
        }
        decoded.hdr = picture.hdr
        decoded.orientation = source.orientation
        return decoded
    }

    /// Decoders of MPEG-1, MPEG-2 and MPEG-4 lose the picture that waits to be shown when the size changes.
    private mutating func checkSize() throws(DecoderError) {
        let own = unsafe (width: picture.pointer.pointee.width, height: picture.pointer.pointee.height)
        let before = size ?? own
        size = own
        guard own != before, unsafe cffmpeg_is_intra_only(context.pointer.pointee.codec_id) == 0 else { return }
        throw .unsupported(
            "the size changes from \(before.width)x\(before.height) to \(own.width)x\(own.height), where libavcodec loses a picture of this codec (decode the parts one by one)"
        )
    }

    private mutating func sourceFormat() throws(DecoderError) -> (number: CInt, format: SourceFormat) {
        let number = unsafe picture.pointer.pointee.format
        if let latest, latest.number == number { return latest }
        let made = (number, try SourceFormat(AVPixelFormat(rawValue: .init(number))))
        latest = made
        return made
    }
}

/// Gives each picture a time, also where its packet has none.
struct PictureClock {
    private let framerate: FrameRate?
    /// When the picture before ends.
    private var next: Int64?

    init(_ framerate: FrameRate?) { self.framerate = framerate }

    /// The time of a picture in microseconds.
    ///
    /// - Parameters:
    ///   - time: Its own; `nil` places it after the one before.
    ///   - duration: How long it is shown; `nil` if that is not known.
    mutating func place(_ time: Int64?, lasting duration: Int64?) -> (timestamp: Int64, duration: Int64?) {
        let start = time ?? next ?? 0
        let usual = framerate.flatMap { $0.timestamp(ofFrame: 1) }
        next = start &+ (duration ?? usual ?? 1)
        return (start, duration)
    }
}

extension Picture {
    /// When it is shown, in microseconds; `nil` if neither its packet nor the ones before tell.
    fileprivate func bestTime(_ unit: (num: Int32, den: Int32)) -> Int64? {
        microseconds(unsafe cffmpeg_best_time(pointer), AVRational(num: unit.num, den: unit.den))
    }

    /// How long it is shown, in microseconds; `nil` if that is not known.
    fileprivate func length(_ unit: (num: Int32, den: Int32)) -> Int64? {
        let length = unsafe cffmpeg_decoded_duration(pointer)
        guard length > 0 else { return nil }
        return microseconds(length, AVRational(num: unit.num, den: unit.den)).flatMap { $0 > 0 ? $0 : nil }
    }

    /// The color, from the stream or else from its container. Gray is full range unless it is marked as limited.
    fileprivate func sourceColor(completedBy container: VideoColorSpace) -> VideoColorSpace {
        var color = colorSpace.completed(by: container)
        let isLimited = unsafe pointer.pointee.color_range == AVCOL_RANGE_MPEG
        color.fullRange = colorSpace.fullRange || isRGB || isGray && !isLimited
        if isRGB { color.matrix = .rgb }
        return color
    }

    private var isRGB: Bool {
        let format = AVPixelFormat(rawValue: .init(unsafe pointer.pointee.format))
        let flags = unsafe av_pix_fmt_desc_get(format).map { unsafe $0.pointee.flags } ?? 0
        return flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
    }

    private var isGray: Bool {
        let format = AVPixelFormat(rawValue: .init(unsafe pointer.pointee.format))
        guard let descriptor = unsafe av_pix_fmt_desc_get(format) else { return false }
        return unsafe descriptor.pointee.nb_components <= 2
    }

    /// The layout that the picture has if its rows are without a gap.
    fileprivate func layout(of format: PixelFormat) throws(DecoderError) -> PictureLayout {
        let size = unsafe PictureSize(width: Int(pointer.pointee.width), height: Int(pointer.pointee.height))
        guard let layout = PictureLayout(format: format, size: size) else {
            throw .unsupported("the stream's pictures have \(size) samples (at most \(PictureSize.limit) a side)")
        }
        return layout
    }
}
