internal import CFFmpeg
internal import Containers

// What a container stores of its contents, as text.
extension Demuxer {
    /// Tags that are read of one dictionary, at most.
    private static let tagLimit = 256

    /// The tags of the container and of the video's own stream, its chapters, its language and its timecode.
    static func metadata(
        _ context: UnsafeMutablePointer<AVFormatContext>,
        _ stream: UnsafeMutablePointer<AVStream>
    ) -> SourceMetadata {
        var metadata = SourceMetadata()
        let (ofFile, ofStream) = unsafe (entries(context.pointee.metadata), entries(stream.pointee.metadata))
        // Ogg has all of its tags in its streams.
        let isOgg = unsafe String(cString: context.pointee.iformat.pointee.name) == "ogg"
        for (key, value) in ofFile { metadata.take(key, value) }
        for (key, value) in ofStream {
            switch key.lowercased() {
            case "title" where !isOgg: metadata.trackTitle = MetadataTag(key: "title", value: value)?.value
            case "language": metadata.language = LanguageCode(value)
            // Every stream of MP4 has one.
            case "creation_time": break
            default: metadata.take(key, value)
            }
        }
        metadata.timecode = unsafe timecode(context, ofStream + ofFile)
        metadata.chapters = unsafe chapters(context)
        return metadata
    }

    /// That of the video, or of the file, or of a track of timecodes.
    private static func timecode(
        _ context: UnsafeMutablePointer<AVFormatContext>,
        _ entries: [(key: String, value: String)]
    ) -> String? {
        if let own = entries.first(where: { $0.key.lowercased() == "timecode" }) { return own.value }
        for number in 0..<Int(unsafe context.pointee.nb_streams) {
            guard let stream = unsafe context.pointee.streams[number], let parameters = unsafe stream.pointee.codecpar,
                unsafe FourCC.name(parameters.pointee.codec_tag) == "tmcd",
                let entry = unsafe av_dict_get(stream.pointee.metadata, "timecode", nil, 0)
            else { continue }
            return unsafe String(cString: entry.pointee.value)
        }
        return nil
    }

    private static func chapters(_ context: UnsafeMutablePointer<AVFormatContext>) -> [Chapter] {
        let count = min(Int(unsafe context.pointee.nb_chapters), Chapter.limit)
        let chapters = (0..<count).compactMap { number -> Chapter? in
            guard let chapter = unsafe context.pointee.chapters[number] else { return nil }
            return unsafe Self.chapter(chapter, number)
        }
        return chapters.sorted { $0.start < $1.start }
    }

    private static func chapter(_ chapter: UnsafeMutablePointer<AVChapter>, _ number: Int) -> Chapter? {
        let unit = unsafe chapter.pointee.time_base
        guard let start = microseconds(unsafe chapter.pointee.start, unit) else { return nil }
        let end = microseconds(unsafe chapter.pointee.end, unit)
        let title = unsafe av_dict_get(chapter.pointee.metadata, "title", nil, 0)
        let text = MetadataTag(key: "title", value: unsafe title.map { unsafe String(cString: $0.pointee.value) } ?? "")
        guard let text, !text.value.isEmpty else {
            return Chapter(start: start, end: end, title: "Chapter \(number + 1)")
        }
        return Chapter(start: start, end: end.flatMap { $0 > start ? $0 : nil }, title: text.value)
    }

    private static func entries(_ dictionary: OpaquePointer?) -> [(key: String, value: String)] {
        var found: [(key: String, value: String)] = []
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while found.count < tagLimit, let next = unsafe av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX) {
            unsafe entry = next
            found.append(unsafe (String(cString: next.pointee.key), String(cString: next.pointee.value)))
        }
        return found
    }
}

extension SourceMetadata {
    /// What muxers write of themselves.
    fileprivate static let ownKeys: Set = [
        "major_brand", "minor_version", "compatible_brands", "encoder", "handler_name", "vendor_id", "language",
        "timecode", "duration", "rotate", "alpha_mode", "variant_bitrate", "id3v2_priv", "metadatacreator", "hasvideo",
        "hasaudio",
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

    /// Phones write these keys of QuickTime, whose usual names are others.
    private static let quickTime = [
        "title": "title", "artist": "artist", "author": "author", "comment": "comment", "description": "description",
        "album": "album", "genre": "genre", "copyright": "copyright", "keywords": "keywords", "make": "make",
        "model": "model", "location.iso6709": "location", "creationdate": "date",
    ]

    /// Takes a tag, unless it is a muxer's own, or one of the same name in another language.
    fileprivate mutating func take(_ key: String, _ value: String) {
        let name = key.lowercased()
        let stem = String(name.prefix { $0 != "-" })
        guard !Self.ownKeys.contains(name), !Self.ownKeys.contains(stem), !name.hasPrefix("_statistics"), !value.isEmpty
        else { return }
        let quickTime = name.hasPrefix("com.apple.quicktime.") ? Self.quickTime[String(name.dropFirst(20))] : nil
        let isTranslated = stem.count + 4 == name.count
        guard let tag = MetadataTag(key: quickTime ?? (isTranslated ? stem : name), value: value) else {
            unreadable.append(String(key.prefix(40).map { $0.isASCII && $0 >= " " ? $0 : "?" }))
            return
        }
        if !tags.contains(where: { $0.name == tag.name }) { tags.append(tag) }
    }
}
