internal import CFFmpeg

// Readable names of what a container has in addition to the video.
extension Demuxer {
    /// The streams that are not read.
    static func others(in context: UnsafeMutablePointer<AVFormatContext>, than index: Int) -> [MediaStream.Other] {
        (0..<Int(unsafe context.pointee.nb_streams)).filter { $0 != index }.compactMap { number in
            guard let stream = unsafe context.pointee.streams[number] else { return nil }
            return unsafe other(stream)
        }
    }

    private static func other(_ stream: UnsafeMutablePointer<AVStream>) -> MediaStream.Other? {
        guard let parameters = unsafe stream.pointee.codecpar else { return nil }
        let kind = unsafe av_get_media_type_string(parameters.pointee.codec_type).map { unsafe String(cString: $0) }
        var other = MediaStream.Other(kind: kind ?? "data", codec: unsafe codecName(parameters))
        if unsafe stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 { other.kind = "cover picture" }
        if unsafe FourCC.name(parameters.pointee.codec_tag) == "tmcd" { other.kind = "timecode track" }
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

    /// The names of metadata of the video and of the container that has no place in frames.
    static func leftovers(
        _ context: UnsafeMutablePointer<AVFormatContext>,
        _ stream: UnsafeMutablePointer<AVStream>
    ) -> [String] {
        var names: [String] = []
        let keys = unsafe keys(of: context.pointee.metadata) + keys(of: stream.pointee.metadata)
        if !keys.isEmpty { names.append("metadata (\(unique(keys).prefix(12).joined(separator: ", ")))") }
        let chapters = unsafe context.pointee.nb_chapters
        if chapters > 0 { names.append(chapters == 1 ? "1 chapter" : "\(chapters) chapters") }
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

    private static func unique(_ keys: [String]) -> [String] {
        keys.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// What muxers write of themselves.
    private static let ownKeys: Set = [
        "major_brand", "minor_version", "compatible_brands", "encoder", "handler_name", "vendor_id", "language",
        "duration", "rotate", "alpha_mode", "variant_bitrate", "id3v2_priv", "metadatacreator", "hasvideo", "hasaudio",
        "hasmetadata", "hascuepoints", "haskeyframes", "canseektoend", "datasize", "videosize", "audiosize",
        "lasttimestamp", "lastkeyframetimestamp", "lastkeyframelocation", "audiodatarate", "totaldatarate",
        "totalduration", "bytelength", "canseekontime", "sourcedata", "purl", "service_name", "service_provider",
        "bps", "number_of_frames", "number_of_bytes", "enc_key_id", "wm/encodingsettings", "devicemanufacturer",
        "software",
        "isvbr", "wmfsdkversion", "wmfsdkneeded", "uid", "generation_uid", "company_name", "product_name",
        "product_version", "product_version_num", "toolkit_version", "toolkit_version_num", "application_platform",
        "product_uid", "operational_pattern_ul", "modification_date", "material_package_umid", "file_package_umid",
        "file_package_name", "data_type", "application_supplier_name", "application_name", "application_version",
    ]

    /// Keys, with their languages and units taken off, that are not a muxer's own.
    private static func keys(of metadata: OpaquePointer?) -> [String] {
        var keys: [String] = []
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while keys.count < 64, let next = unsafe av_dict_get(metadata, "", entry, AV_DICT_IGNORE_SUFFIX) {
            unsafe entry = next
            let key = unsafe String(cString: next.pointee.key).lowercased()
            let isOwn = ownKeys.contains(key) || key.hasPrefix("_statistics") || ownKeys.contains(stem(key))
            if !isOwn { keys.append(String(key.prefix(40).map { $0.isASCII && $0 >= " " ? $0 : "?" })) }
        }
        return keys
    }

    private static func stem(_ key: String) -> String { String(key.prefix { $0 != "-" }) }
}
