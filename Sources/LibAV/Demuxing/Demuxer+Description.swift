internal import CFFmpeg
internal import VideoTypes

// What a container stores about its streams, as our types.
extension Demuxer {
    static func videoStream(of context: UnsafeMutablePointer<AVFormatContext>) throws(DemuxerError) -> Int {
        let index = unsafe av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
        guard index >= 0, let stream = unsafe context.pointee.streams[Int(index)],
            unsafe stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
        else {
            throw unsafe noVideo(in: context)
        }
        return Int(index)
    }

    static func describe(
        _ context: UnsafeMutablePointer<AVFormatContext>,
        _ index: Int
    ) throws(DemuxerError) -> MediaStream {
        guard let stream = unsafe context.pointee.streams[index], let parameters = unsafe stream.pointee.codecpar else {
            throw .unsupported("it has no video stream")
        }
        try unsafe checkClear(stream)
        let id = unsafe parameters.pointee.codec_id
        let codec = VideoCodec(id)
        if codec == nil {
            guard id != AV_CODEC_ID_NONE else {
                throw .unsupported("its video is \(unsafe codecName(parameters)), which Sluice does not read")
            }
            _ = try unsafe SourceCodecs.decoder(id)
        }
        var described = MediaStream(
            format: unsafe String(cString: context.pointee.iformat.pointee.name),
            codec: codec,
            codecName: unsafe codecName(parameters),
            colorSpace: unsafe colorSpace(parameters)
        )
        if let codec {
            described.description = unsafe description(parameters, codec)
            described.parameterSets = unsafe parameterSets(parameters, codec)
            described.mayLackTimes = ["mpeg", "mxf"].contains(described.format) && [.h264, .hevc].contains(codec)
        }
        let format = AVPixelFormat(rawValue: .init(unsafe parameters.pointee.format))
        described.pixelFormat = unsafe av_get_pix_fmt_name(format).map { unsafe String(cString: $0) }
        described.dropsAlpha = codec == nil && (try? SourceFormat(format))?.alphaBits != nil
        described.isIntraOnly = cffmpeg_is_intra_only(id) != 0
        let size = unsafe PictureSize(width: Int(parameters.pointee.width), height: Int(parameters.pointee.height))
        described.size = size.width > 0 && size.height > 0 ? size : nil
        unsafe described.takeShape(of: stream, parameters)
        unsafe described.takeTimes(of: stream, in: context)
        unsafe described.takeHDR(of: stream)
        described.others = unsafe others(in: context, than: index)
        described.leftovers = unsafe leftovers(stream)
        described.metadata = unsafe metadata(context, stream)
        return described
    }

    /// The record, if any: H.264 and HEVC may have their parameter sets with start codes instead.
    static func description(_ parameters: UnsafePointer<AVCodecParameters>, _ codec: VideoCodec) -> [UInt8]? {
        let count = Int(unsafe parameters.pointee.extradata_size)
        guard let bytes = unsafe parameters.pointee.extradata, count > 0 else { return nil }
        // SAFETY: libavformat gives the number of bytes.
        return unsafe record(Array(UnsafeBufferPointer(start: bytes, count: count)), codec)
    }

    /// Extradata that begins with a start code, as in NUT, or as libavformat derives it from packets.
    private static func parameterSets(
        _ parameters: UnsafePointer<AVCodecParameters>,
        _ codec: VideoCodec
    ) -> [UInt8]? {
        let count = Int(unsafe parameters.pointee.extradata_size)
        guard [.h264, .hevc].contains(codec), let bytes = unsafe parameters.pointee.extradata, count > 4 else {
            return nil
        }
        // SAFETY: libavformat gives the number of bytes.
        let sets = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
        return sets.starts(with: [0, 0, 1]) || sets.starts(with: [0, 0, 0, 1]) ? sets : nil
    }

    static func record(_ bytes: [UInt8], _ codec: VideoCodec) -> [UInt8]? {
        switch codec {
        case .h264, .hevc: bytes.first == 1 ? bytes : nil
        case .av1: bytes.first == 0x81 && bytes.count >= 4 ? bytes : nil
        case .vp8, .vp9: nil
        }
    }

    private static func colorSpace(_ parameters: UnsafePointer<AVCodecParameters>) -> VideoColorSpace {
        // libavutil's numbers are those of H.273.
        unsafe VideoColorSpace(
            primaries: ColorPrimaries(rawValue: UInt8(truncatingIfNeeded: parameters.pointee.color_primaries.rawValue)),
            transfer: TransferCharacteristics(
                rawValue: UInt8(truncatingIfNeeded: parameters.pointee.color_trc.rawValue)
            ),
            matrix: MatrixCoefficients(rawValue: UInt8(truncatingIfNeeded: parameters.pointee.color_space.rawValue)),
            fullRange: parameters.pointee.color_range == AVCOL_RANGE_JPEG
        )
    }
}

extension MediaStream {
    fileprivate mutating func takeShape(
        of stream: UnsafeMutablePointer<AVStream>,
        _ parameters: UnsafePointer<AVCodecParameters>
    ) {
        // The container's ratio has priority: players use it.
        for ratio in unsafe [stream.pointee.sample_aspect_ratio, parameters.pointee.sample_aspect_ratio] {
            guard pixelAspectRatio == nil, ratio.num > 0, ratio.den > 0 else { continue }
            pixelAspectRatio = PixelAspectRatio(width: Int(ratio.num), height: Int(ratio.den))
        }
        guard let transform = unsafe DisplayMatrix(of: stream) else { return }
        orientation = transform.orientation
        let (shown, coded) = unsafe (stream.pointee.sample_aspect_ratio, parameters.pointee.sample_aspect_ratio)
        pixelAspectRatio = transform.stretched(shown, coded) ?? pixelAspectRatio
    }

    fileprivate mutating func takeTimes(
        of stream: UnsafeMutablePointer<AVStream>,
        in context: UnsafeMutablePointer<AVFormatContext>
    ) {
        let unit = unsafe stream.pointee.time_base
        let isSeekable = unsafe context.pointee.pb?.pointee.seekable ?? 0 != 0
        takeRate(
            average: unsafe FrameRate(stream.pointee.avg_frame_rate),
            finest: unsafe FrameRate(stream.pointee.r_frame_rate),
            clock: FrameRate(AVRational(num: unit.den, den: unit.num)),
            isSeekable: isSeekable
        )
        if unit.num > 0, unit.den > 0 { clockError = max(1, Int64(unit.num) * 500_000 / Int64(unit.den)) }
        // What libavformat has seen of a GIF in a pipe is its beginning.
        if format == "gif", !isSeekable { return }
        let frames = unsafe stream.pointee.nb_frames
        frameCount = frames > 0 ? Int(frames) : nil
        let entries = Int(unsafe cffmpeg_index_entries(stream))
        packetCount = entries > 0 ? entries : nil
        if let own = microseconds(unsafe stream.pointee.duration, unsafe stream.pointee.time_base), own > 0 {
            duration = own
            end = microseconds(unsafe stream.pointee.start_time, unsafe stream.pointee.time_base).map { $0 &+ own }
            if let shown = unsafe endOfOnlyTrack(context), let known = end, shown > known { end = shown }
        } else if case let whole = unsafe context.pointee.duration, whole > 0 {
            duration = whole
            // With other streams it may be one of them that lasts so long.
            guard unsafe context.pointee.nb_streams == 1 else { return }
            // Writers of Matroska count it from 0, whenever the first picture is.
            let countsFromZero = unsafe String(cString: context.pointee.iformat.pointee.name).hasPrefix("matroska")
            let unit = AVRational(num: 1, den: AV_TIME_BASE)
            let start = countsFromZero ? 0 : microseconds(unsafe context.pointee.start_time, unit)
            end = start.map { $0 &+ whole }
        }
    }

    /// When the only track of an MP4 ends, in microseconds, as its edit list has it; `nil` for everything else. The durations of its
    /// samples tell when the last one that is decoded has been decoded, which of a variable rate is before the last picture ends.
    private func endOfOnlyTrack(_ context: UnsafeMutablePointer<AVFormatContext>) -> Int64? {
        let (whole, start) = unsafe (context.pointee.duration, context.pointee.start_time)
        guard unsafe String(cString: context.pointee.iformat.pointee.name).hasPrefix("mov"),
            unsafe context.pointee.nb_streams == 1, whole > 0, start != cffmpeg_no_time
        else { return nil }
        // Edit lists count in a unit of their own, of a thousandth of a second in most files.
        return start &+ whole &- 1000
    }

    /// Whether the rate is constant, as far as libavformat knows. The times of a file are all read before that is relied upon
    /// (`TimeSurvey`); those of a pipe cannot be.
    ///
    /// - Parameters:
    ///   - average: The average rate. For many codecs without a rate in their headers it is not known.
    ///   - finest: The lowest rate at which every time that was seen is one of a frame's.
    ///   - clock: What the times count in.
    ///   - isSeekable: Bytes can be read in any order.
    private mutating func takeRate(average: FrameRate?, finest: FrameRate?, clock: FrameRate?, isSeekable: Bool) {
        (framerate, hasConstantRate) = (average, average != nil && finest == average)
        // The pictures of a GIF each have a delay, of which libavformat takes the mean.
        if format == "gif", !isSeekable { hasConstantRate = false }
        // Sluice itself reads the rate of the other codecs in their headers.
        guard average == nil, codec == nil, let finest, finest.approximate <= Self.mostFrames else { return }
        // A clock that counts frames tells the rate itself, as in Ogg and MXF.
        if isSeekable || finest == clock { (framerate, hasConstantRate) = (finest, true) }
    }

    /// Frames a second, at most, of a rate that is taken from a stream's times: clocks count in thousands.
    private static var mostFrames: Double { 300 }

    fileprivate mutating func takeHDR(of stream: UnsafeMutablePointer<AVStream>) {
        var size = 0
        if let bytes = unsafe cffmpeg_stream_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, &size),
            size >= MemoryLayout<AVMasteringDisplayMetadata>.size
        {
            // SAFETY: by libavutil's documentation, the side data has this type.
            masteringDisplay = unsafe bytes.withMemoryRebound(to: AVMasteringDisplayMetadata.self, capacity: 1) {
                unsafe MasteringDisplay($0.pointee)
            }
        }
        if let bytes = unsafe cffmpeg_stream_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, &size),
            size >= MemoryLayout<AVContentLightMetadata>.size
        {
            contentLightLevel = unsafe bytes.withMemoryRebound(to: AVContentLightMetadata.self, capacity: 1) {
                unsafe ContentLightLevel($0.pointee)
            }
        }
    }
}

extension FrameRate {
    fileprivate init?(_ ratio: AVRational) { self.init(Int(ratio.num), Int(ratio.den)) }
}

/// A time in microseconds, rounded to the nearest; `nil` if it is not known.
func microseconds(_ time: Int64, _ timeBase: AVRational) -> Int64? {
    guard time != cffmpeg_no_time else { return nil }
    return av_rescale_q(time, timeBase, AVRational(num: 1, den: 1_000_000))
}

extension MediaPacket {
    /// SAFETY: the packet is one that libavformat has filled.
    init(_ packet: UnsafeMutablePointer<AVPacket>, timeBase: AVRational) throws(DemuxerError) {
        let count = Int(unsafe packet.pointee.size)
        guard count > 0, let bytes = unsafe packet.pointee.data else { throw .damaged("a packet is empty") }
        timestamp = microseconds(unsafe packet.pointee.pts, timeBase)
        decodeTimestamp = microseconds(unsafe packet.pointee.dts, timeBase)
        let length = microseconds(unsafe packet.pointee.duration, timeBase)
        duration = length.flatMap { $0 > 0 ? $0 : nil }
        isKey = unsafe packet.pointee.flags & AV_PKT_FLAG_KEY != 0
        isDiscarded = unsafe packet.pointee.flags & AV_PKT_FLAG_DISCARD != 0
        data = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
        description = unsafe Self.sideData(packet, AV_PKT_DATA_NEW_EXTRADATA)
        let addition = unsafe Self.sideData(packet, AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL)
        // The addition's number, 1, is before the picture's transparency.
        alpha = addition.flatMap { $0.count > 8 && $0[7] == 1 ? Array($0.dropFirst(8)) : nil }
    }

    private static func sideData(_ packet: UnsafeMutablePointer<AVPacket>, _ type: AVPacketSideDataType) -> [UInt8]? {
        var size = 0
        guard let bytes = unsafe av_packet_get_side_data(packet, type, &size), size > 0 else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: size))
    }
}

extension VideoCodec {
    fileprivate init?(_ id: AVCodecID) {
        switch id {
        case AV_CODEC_ID_H264: self = .h264
        case AV_CODEC_ID_HEVC: self = .hevc
        case AV_CODEC_ID_VP8: self = .vp8
        case AV_CODEC_ID_VP9: self = .vp9
        case AV_CODEC_ID_AV1: self = .av1
        default: return nil
        }
    }
}
