/// What a file is, as far as its first bytes tell without doubt.
///
/// Only an input of unspecified type is examined: raw frames can begin with any bytes.
enum FileSignature {
    /// Bytes that are enough for every signature: five packets of a transport stream, from the second on.
    static let length = 2048

    /// A container that libavformat reads.
    static func isContainer(_ start: [UInt8]) -> Bool {
        isTransportStream(start) || containers.contains { $0.matches(start) }
    }

    /// What a file that holds no video is called, with its article; `nil` for what may be frames or a stream.
    static func otherKind(_ start: [UInt8]) -> OtherKind? {
        others.first { $0.signature.matches(start) } ?? text(start)
    }

    /// A picture in the boxes that films have as well (HEIF, AVIF).
    static func isStillPicture(_ start: [UInt8]) -> Bool { stills.contains { $0.signature.matches(start) } }

    /// Bytes at a place, each a character of Latin-1.
    struct Signature {
        private let bytes: [UInt8]
        private let offset: Int

        init(_ text: String, at offset: Int = 0) {
            bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            self.offset = offset
        }

        func matches(_ start: [UInt8]) -> Bool { start.dropFirst(offset).starts(with: bytes) }
    }

    /// Something that is not read.
    struct OtherKind {
        let signature: Signature
        /// With its article: `a PNG picture`.
        let name: String
        /// What to do instead.
        let advice: String

        /// The end of "x.png: …".
        var reason: String { "it is \(name), which Sluice does not read (\(advice))" }
    }

    private static let containers: [Signature] = [
        Signature("\u{1A}\u{45}\u{DF}\u{A3}"),  // Matroska and WebM
        Signature("AVI ", at: 8), Signature("AVIX", at: 8), Signature("FLV"), Signature("OggS"),
        Signature("\0\0\u{1}\u{BA}"),  // MPEG program stream
        Signature("\0\0\u{1}\u{B3}"),  // MPEG-1 and MPEG-2 video
        Signature("\0\0\u{1}\u{B0}"),  // MPEG-4 part 2
        Signature("\u{1F}\u{7}\0\u{3F}"), Signature("\u{1F}\u{7}\0\u{BF}"),  // DV
        Signature("BBCD\0\0\0\0"),  // Dirac and VC-2
        Signature("\0\0\u{2}\u{80}\u{1}"),  // DNxHD
        Signature("GIF87a"), Signature("GIF89a"),
        Signature("\u{30}\u{26}\u{B2}\u{75}"),  // ASF
        Signature("nut/multimedia container"),
        Signature("\u{6}\u{E}+4\u{2}\u{5}\u{1}\u{1}"),  // MXF
        Signature("\u{B7}\u{D8}\0\u{20}7I\u{DA}\u{11}"),  // WTV
        Signature("\0\0\0\0\u{1}\u{BC}"),  // GXF
        Signature(".RMF"),
    ]

    /// Packets of 188 bytes, with a time before each (Blu-ray, AVCHD) or a checksum after it; the first may be cut.
    private static func isTransportStream(_ start: [UInt8]) -> Bool {
        [188, 192, 204].contains { length in
            (0..<length).contains { offset in
                let places = Array(stride(from: offset, to: start.count, by: length))
                return places.count >= 5 && places.allSatisfy { start[$0] == 0x47 }
            }
        }
    }

    private static func picture(_ name: String, _ bytes: String, at offset: Int = 0) -> OtherKind {
        let frames =
            "as raw frames: ffmpeg -i FILE -f rawvideo -pix_fmt rgba - | sluice -s WIDTHxHEIGHT -r RATE -p rgba"
        return OtherKind(signature: Signature(bytes, at: offset), name: "\(name) picture", advice: frames)
    }

    private static func sound(_ name: String, _ bytes: String, at offset: Int = 0) -> OtherKind {
        OtherKind(signature: Signature(bytes, at: offset), name: "\(name) sound", advice: "it has no pictures")
    }

    private static func data(_ name: String, _ bytes: String, _ advice: String = "it has no pictures") -> OtherKind {
        OtherKind(signature: Signature(bytes), name: name, advice: advice)
    }

    private static let others: [OtherKind] = pictures + stills + sounds + files

    private static let pictures: [OtherKind] = [

        picture("a Cineon", "\u{80}*_\u{D7}"), picture("a JPEG 2000", "\0\0\0\u{C}jP  "),
        picture("a JPEG 2000", "\u{FF}O\u{FF}Q"), picture("a JPEG XL", "\u{FF}\u{A}"),
        picture("a JPEG XL", "\0\0\0\u{C}JXL "),
        picture("a Photoshop", "8BPS"), picture("a QOI", "qoif"), picture("a Radiance HDR", "#?RADIANCE"),
        picture("a farbfeld", "farbfeld"), picture("a PPM", "P6\n"), picture("a PGM", "P5\n"), picture("a PFM", "PF\n"),
        picture("a PAM", "P7\n"), picture("a BMP", "BM"),
    ]

    private static let stills: [OtherKind] = [
        picture("an HEIF", "ftypheic", at: 4), picture("an HEIF", "ftypheix", at: 4),
        picture("an HEIF", "ftypmif1", at: 4), picture("an AVIF", "ftypavif", at: 4),
    ]

    private static let sounds: [OtherKind] = [
        sound("WAVE", "WAVE", at: 8), sound("FLAC", "fLaC"), sound("MP3", "ID3"), sound("MP3", "\u{FF}\u{FB}"),
        sound("MP3", "\u{FF}\u{F3}"), sound("AAC", "\u{FF}\u{F1}"), sound("AAC", "\u{FF}\u{F9}"), sound("AIFF", "FORM"),
        sound("CAF", "caff"), sound("AMR", "#!AMR"),
    ]

    private static let files: [OtherKind] = [
        data("a PDF document", "%PDF"), data("a ZIP archive", "PK\u{3}\u{4}", "unpack it"),
        data("data compressed by gzip", "\u{1F}\u{8B}", "unpack it"),
        data("data compressed by xz", "\u{FD}7zXZ", "unpack it"),
        data("data compressed by zstd", "(\u{B5}/\u{FD}", "unpack it"),
        data("data compressed by bzip2", "BZh", "unpack it"), data("a 7z archive", "7z\u{BC}\u{AF}", "unpack it"),
        data("a program", "\u{7F}ELF"),
    ]

    /// Text, whose first bytes are all printable.
    private static func text(_ start: [UInt8]) -> OtherKind? {
        let isText = start.prefix(512).allSatisfy { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
        guard start.count >= 8, isText else { return nil }
        return OtherKind(signature: Signature(""), name: "text", advice: "it has no pictures")
    }
}
