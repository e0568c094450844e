internal import VideoTypes

// Which container stores which metadata.
extension OutputFormat {
    /// Why a tag cannot be stored; `nil` if it can.
    package func refusal(of tag: MetadataTag) -> String? {
        if let setting = Self.settings[tag.name] { return "\(tag.name) is set by \(setting)" }
        if Self.own.contains(tag.name) { return "\(tag.name) is written by the container itself" }
        guard tag.name != "creation_time" || Self.isDate(tag.value) else {
            return "creation_time \"\(tag.value)\" is not a date such as 2024-05-01T12:00:00Z"
        }
        switch self {
        case .mkv, .webm: return nil
        case .mp4: return refusal(of: tag, texts: Self.textsOfMP4, numbers: Self.numbersOfMP4)
        case .mov: return refusal(of: tag, texts: Self.textsOfMOV, numbers: [:])
        case .annexB, .avcc, .ivf, .obu, .obuAnnexB: return "\(name) cannot store metadata (use \(Self.containers))"
        }
    }

    private func refusal(of tag: MetadataTag, texts: Set<String>, numbers: [String: ClosedRange<Int>]) -> String? {
        let key = tag.name
        if let range = numbers[key] {
            let parts = tag.value.split(separator: "/", omittingEmptySubsequences: false)
            let isPair = ["track", "disc"].contains(key)
            let isNumber = parts.allSatisfy { part in
                part.utf8.allSatisfy { (48...57).contains($0) } && Int(part).map(range.contains) == true
            }
            guard isNumber, parts.count <= (isPair ? 2 : 1) else {
                return
                    "\(key) in \(name) is a number of \(range)\(isPair ? ", or two as in 3/12" : ""), not \"\(tag.value)\""
            }
            return nil
        }
        if key == "location", self == .mp4, !Self.isLocation(tag.value) {
            return "location in MP4 is a place such as +52.5163+013.3777/ (ISO 6709), not \"\(tag.value)\""
        }
        guard texts.contains(key) || key == "creation_time" else {
            let known = (texts.union(numbers.keys)).sorted().joined(separator: ", ")
            return "\(name) cannot store the key \(key) (use mkv, or one of \(known))"
        }
        return nil
    }

    /// The code by which the format stores a language; `nil` if it cannot.
    package func code(of language: LanguageCode) -> String? {
        switch self {
        case .mp4, .mkv, .webm: return language.code
        // QuickTime numbers its languages; libavformat has them under one code each.
        case .mov: return [language.code, language.bibliographic].first(where: Self.languagesOfMOV.contains)
        case .annexB, .avcc, .ivf, .obu, .obuAnnexB: return nil
        }
    }

    /// The format has a track for timecodes, or a tag that is usual for them.
    package var storesMetadata: Bool { isContainer }

    static var containers: String { names(where: \.isContainer) }

    /// A time in UTC, with or without a fraction of a second.
    private static func isDate(_ text: String) -> Bool {
        let pattern = Array("0000-00-00T00:00:00".utf8)
        let bytes = Array(text.utf8)
        guard bytes.last == UInt8(ascii: "Z"), bytes.count > pattern.count,
            zip(bytes, pattern).allSatisfy({ $1 == 48 ? (48...57).contains($0) : $0 == $1 })
        else { return false }
        let fraction = bytes[pattern.count...].dropLast()
        guard fraction.isEmpty || fraction.first == UInt8(ascii: ".") && (2...7).contains(fraction.count),
            fraction.dropFirst().allSatisfy({ (48...57).contains($0) })
        else { return false }
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1) - 48 } }
        return number(0..<4) >= 1970 && (1...12).contains(number(5..<7)) && (1...31).contains(number(8..<10))
            && number(11..<13) < 24 && number(14..<16) < 60 && number(17..<19) < 60
    }

    /// Degrees of latitude and longitude with their signs, and meters of altitude (ISO 6709).
    private static func isLocation(_ text: String) -> Bool {
        let parts = text.hasSuffix("/") ? text.dropLast() : text[...]
        var numbers: [String] = []
        for character in parts {
            if character == "+" || character == "-" { numbers.append("") } else if numbers.isEmpty { return false }
            numbers[numbers.count - 1].append(character)
        }
        let isNumber = { (text: String) in
            text.count > 1 && text.dropFirst().utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
                && Double(text) != nil
        }
        guard (2...3).contains(numbers.count), numbers.allSatisfy(isNumber) else { return false }
        return abs(Double(numbers[0]) ?? 91) <= 90 && abs(Double(numbers[1]) ?? 181) <= 180
    }

    /// Tags that have settings of their own.
    private static let settings: [String: Setting] = ["language": .language, "timecode": .timecode]

    /// What muxers write of themselves, or read as a setting.
    private static let own: Set<String> = [
        "encoder", "encoding_tool", "handler_name", "vendor_id", "major_brand", "minor_version", "compatible_brands",
        "duration", "rotate", "stereo_mode", "alpha_mode", "filename", "mimetype",
    ]

    /// Text of iTunes (`ilst`), as libavformat writes it.
    private static let textsOfMP4: Set<String> = [
        "title", "artist", "album_artist", "album", "composer", "comment", "genre", "date", "copyright", "description",
        "synopsis", "show", "episode_id", "network", "keywords", "grouping", "lyrics", "location",
    ]

    private static let numbersOfMP4: [String: ClosedRange<Int>] = [
        "track": 1...65535, "disc": 1...65535, "season_number": 0...0x7FFF_FFFF, "episode_sort": 0...0x7FFF_FFFF,
        "media_type": 0...255, "hd_video": 0...255, "gapless_playback": 0...1, "compilation": 0...1,
    ]

    /// User data of QuickTime, as libavformat writes it.
    private static let textsOfMOV: Set<String> = [
        "title", "artist", "album", "comment", "genre", "date", "copyright", "location", "make", "model",
    ]

    /// The languages that libavformat finds in QuickTime's list.
    private static let languagesOfMOV: Set<String> = [
        "alb", "amh", "ara", "arm", "asm", "aym", "aze", "baq", "bel", "ben", "bul", "bur", "cat", "ces", "chi",
        "dan", "dut", "dzo", "eng", "epo", "est", "fin", "fra", "geo", "ger", "gre", "grn", "guj", "heb", "hin",
        "hun", "ice", "ind", "ita", "jav", "jpn", "kan", "kas", "kaz", "khm", "kin", "kir", "kor", "kur", "lao",
        "lat", "lav", "lit", "mac", "mal", "mar", "may", "mlg", "mlt", "mon", "nep", "nor", "nya", "ori", "orm",
        "per", "pol", "por", "pus", "que", "ron", "run", "rus", "san", "sin", "slk", "slv", "smi", "snd", "som",
        "spa", "swa", "tam", "tat", "tel", "tgk", "tgl", "tha", "tib", "tir", "tuk", "tur", "uig", "ukr", "urd",
        "uzb", "vie", "wel", "yid",
    ]
}
