internal import CFFmpeg

// Readable names of what a container has in addition to the video.
extension Demuxer {
    /// The streams that are not read.
    static func others(in context: UnsafeMutablePointer<AVFormatContext>, than index: Int) -> [MediaStream.Other] {
        (0..<Int(unsafe context.pointee.nb_streams)).filter { $0 != index }.compactMap { number in
            guard let stream = unsafe context.pointee.streams[number] else { return nil }
            return unsafe other(stream, hasChapters: context.pointee.nb_chapters > 0)
        }
    }

    private static func other(_ stream: UnsafeMutablePointer<AVStream>, hasChapters: Bool) -> MediaStream.Other? {
        guard let parameters = unsafe stream.pointee.codecpar else { return nil }
        let kind = unsafe av_get_media_type_string(parameters.pointee.codec_type).map { unsafe String(cString: $0) }
        var other = MediaStream.Other(kind: kind ?? "data", codec: unsafe codecName(parameters))
        if unsafe stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 { other.kind = "cover picture" }
        let tag = unsafe FourCC.name(parameters.pointee.codec_tag)
        if tag == "tmcd" { other.kind = "timecode track" }
        // libavformat reads the chapters of it.
        if tag == "text", hasChapters { other.kind = "chapter track" }
        return other
    }

    /// libavcodec's name of the codec; where it has none, the four characters by which the container calls it.
    static func codecName(_ parameters: UnsafePointer<AVCodecParameters>) -> String {
        guard unsafe parameters.pointee.codec_id == AV_CODEC_ID_NONE else {
            return unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id))
        }
        return unsafe FourCC.name(parameters.pointee.codec_tag).map { "\"\($0)\"" } ?? "unknown"
    }

    /// The reason why a container has no readable video.
    static func noVideo(in context: UnsafeMutablePointer<AVFormatContext>) -> DemuxerError {
        let others = unsafe others(in: context, than: -1).map { "\($0.kind) (\($0.codec))" }
        guard !others.isEmpty else { return .unsupported("it has no video stream") }
        return .unsupported("it has no video stream, only \(others.prefix(4).joined(separator: ", "))")
    }

    /// Throws for video that the container declares as encrypted.
    static func checkClear(_ stream: UnsafeMutablePointer<AVStream>) throws(DemuxerError) {
        if unsafe av_dict_get(stream.pointee.metadata, "enc_key_id", nil, 0) != nil { throw .encrypted("WebM") }
        var size = 0
        guard unsafe cffmpeg_stream_data(stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, &size) == nil else {
            throw .encrypted("with keys for DRM")
        }
    }

    /// The names of metadata of the video that has no place in frames.
    static func leftovers(_ stream: UnsafeMutablePointer<AVStream>) -> [String] {
        var names: [String] = []
        for (type, name) in sideData {
            var size = 0
            if unsafe cffmpeg_stream_data(stream, type, &size) != nil { names.append(name) }
        }
        if let rest = unsafe DisplayMatrix(of: stream)?.restOfTurn {
            names.append("a rotation that is not a multiple of 90° (\(rest)° from the nearest)")
        }
        return names
    }

    private static var sideData: [(AVPacketSideDataType, String)] {
        [
            (AV_PKT_DATA_DOVI_CONF, "Dolby Vision metadata"),
            (AV_PKT_DATA_SPHERICAL, "spherical (360°) metadata"),
            (AV_PKT_DATA_STEREO3D, "stereoscopic (3D) metadata"),
        ]
    }
}
