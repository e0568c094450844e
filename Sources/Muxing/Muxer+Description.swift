internal import CFFmpeg
internal import Containers
internal import VideoTypes

// What the container stores about the stream, set before its header is written.
extension Muxer {
    /// Sets everything from a description and the first chunk.
    ///
    /// - Parameters:
    ///   - description: The stream.
    ///   - config: The decoder's configuration from the first chunk.
    ///   - extradata: The decoder configuration record, or what libavformat makes one of.
    func describe(_ description: ContainerDescription, _ config: DecoderConfig?, extradata: [UInt8]) throws(SinkError) {
        guard let parameters = unsafe stream.pointee.codecpar else { return }
        unsafe parameters.pointee.codec_type = AVMEDIA_TYPE_VIDEO
        unsafe parameters.pointee.codec_id = description.codec.avCodecID
        unsafe parameters.pointee.codec_tag = hasSampleEntry ? Self.tag(config?.codec) : 0
        unsafe parameters.pointee.width = CInt(description.size.width)
        unsafe parameters.pointee.height = CInt(description.size.height)
        unsafe parameters.pointee.format = description.avPixelFormat.rawValue
        unsafe parameters.pointee.bits_per_raw_sample = CInt(description.bitDepth)
        unsafe parameters.pointee.bit_rate = Int64(description.bitrate ?? 0)
        if !extradata.isEmpty {
            try check("extradata", unsafe cffmpeg_set_extradata(parameters, extradata, extradata.count))
        }
        unsafe setLevel(config?.codec, parameters)
        unsafe setColor(description, parameters)
        unsafe setShape(description, parameters)
        setTime(description)
        if description.hasAlpha { unsafe av_dict_set(&stream.pointee.metadata, "alpha_mode", "1", 0) }
        try addSideData(description)
    }

    /// The sample entry's code, as the codec string has it; 0 leaves it to libavformat.
    private static func tag(_ codec: String?) -> UInt32 {
        guard let entry = codec?.prefix(4).utf8, entry.count == 4 else { return 0 }
        return entry.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// `vpcC` stores the profile and the level of the codec string.
    private func setLevel(_ codec: String?, _ parameters: UnsafeMutablePointer<AVCodecParameters>) {
        guard let string = codec.flatMap(VP9CodecString.init(_:)) else { return }
        unsafe parameters.pointee.profile = CInt(string.profile)
        unsafe parameters.pointee.level = CInt(string.level)
    }

    private func setColor(
        _ description: ContainerDescription,
        _ parameters: UnsafeMutablePointer<AVCodecParameters>
    ) {
        let color = description.colorSpace
        // libavutil's numbers are those of H.273.
        unsafe parameters.pointee.color_primaries = AVColorPrimaries(UInt32(color.primaries.rawValue))
        unsafe parameters.pointee.color_trc = AVColorTransferCharacteristic(UInt32(color.transfer.rawValue))
        unsafe parameters.pointee.color_space = AVColorSpace(UInt32(color.matrix.rawValue))
        unsafe parameters.pointee.color_range = color.fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
        guard let location = description.chromaLocation else { return }
        // AVChromaLocation counts from 1.
        unsafe parameters.pointee.chroma_location = AVChromaLocation(UInt32(location.rawValue) + 1)
    }

    private func setShape(
        _ description: ContainerDescription,
        _ parameters: UnsafeMutablePointer<AVCodecParameters>
    ) {
        guard let ratio = description.pixelAspectRatio else { return }
        let rational = AVRational(num: CInt(ratio.width), den: CInt(ratio.height))
        unsafe parameters.pointee.sample_aspect_ratio = rational
        unsafe stream.pointee.sample_aspect_ratio = rational
    }

    private func setTime(_ description: ContainerDescription) {
        unsafe stream.pointee.time_base = ContainerClock(description).avTimeBase
        guard let rate = description.framerate else { return }
        unsafe stream.pointee.avg_frame_rate = AVRational(num: CInt(rate.numerator), den: CInt(rate.denominator))
    }

    private func addSideData(_ description: ContainerDescription) throws(SinkError) {
        try addOrientation(description.orientation)
        if let display = description.masteringDisplay {
            try add(AV_PKT_DATA_MASTERING_DISPLAY_METADATA, [display.avMetadata])
        }
        if let level = description.contentLightLevel {
            let metadata = AVContentLightMetadata(MaxCLL: UInt32(level.maxCLL), MaxFALL: UInt32(level.maxFALL))
            try add(AV_PKT_DATA_CONTENT_LIGHT_LEVEL, [metadata])
        }
    }

    private func addOrientation(_ orientation: Orientation) throws(SinkError) {
        guard let projection = MatroskaProjection(orientation) else { return }
        if hasSampleEntry { return try add(AV_PKT_DATA_DISPLAYMATRIX, orientation.displayMatrix) }
        try check(
            "projection",
            unsafe cffmpeg_stream_projection(stream, CInt(projection.yaw), CInt(projection.roll))
        )
        // A checksum would be one of the bytes as they were.
        try check("write_crc32", unsafe av_opt_set(context.pointee.priv_data, "write_crc32", "0", 0))
        output.patch = MatroskaProjection.patch
    }

    private func add<Element>(_ type: AVPacketSideDataType, _ elements: [Element]) throws(SinkError) {
        let status = unsafe elements.withUnsafeBytes { bytes in
            unsafe cffmpeg_stream_side_data(stream, type, bytes.baseAddress, bytes.count)
        }
        try check("side data", status)
    }
}

extension VideoCodec {
    fileprivate var avCodecID: AVCodecID {
        switch self {
        case .h264: AV_CODEC_ID_H264
        case .hevc: AV_CODEC_ID_HEVC
        case .vp8: AV_CODEC_ID_VP8
        case .vp9: AV_CODEC_ID_VP9
        case .av1: AV_CODEC_ID_AV1
        }
    }
}

extension ContainerDescription {
    /// libavutil names its formats by chroma and depth; the ones without an ending are in the machine's byte order.
    fileprivate var avPixelFormat: AVPixelFormat {
        let isRGB = colorSpace.matrix == .rgb
        let depth = bitDepth == 8 ? "" : "\(bitDepth)"
        return unsafe av_get_pix_fmt(isRGB ? "gbrp\(depth)" : "yuv\(chroma.rawValue)p\(depth)")
    }
}

extension ContainerClock {
    /// Seconds of a tick.
    var avTimeBase: AVRational { AVRational(num: CInt(timeBase.numerator), den: CInt(timeBase.denominator)) }
}

extension Orientation {
    /// `transform` of a track header (ISO/IEC 14496-12 8.3.2): rotated clockwise, then mirrored left to right.
    fileprivate var displayMatrix: [Int32] {
        var matrix = [Int32](repeating: 0, count: 9)
        unsafe av_display_rotation_set(&matrix, Double(rotation.rawValue))
        unsafe av_display_matrix_flip(&matrix, flip ? 1 : 0, 0)
        return matrix
    }
}

extension MasteringDisplay {
    fileprivate var avMetadata: AVMasteringDisplayMetadata {
        func chromaticity(_ value: Int) -> AVRational { AVRational(num: CInt(value), den: 50000) }
        func luminance(_ value: Int) -> AVRational { AVRational(num: CInt(value), den: 10000) }
        func point(_ point: Chromaticity) -> (AVRational, AVRational) { (chromaticity(point.x), chromaticity(point.y)) }
        var metadata = AVMasteringDisplayMetadata()
        metadata.display_primaries = (point(red), point(green), point(blue))
        metadata.white_point = point(white)
        metadata.min_luminance = luminance(minLuminance)
        metadata.max_luminance = luminance(maxLuminance)
        (metadata.has_primaries, metadata.has_luminance) = (1, 1)
        return metadata
    }
}
