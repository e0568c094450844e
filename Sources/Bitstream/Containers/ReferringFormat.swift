/// A format whose files name other files, hosts or devices instead of containing media. They are not read.
///
/// They are recognized by their first bytes as well as by libavformat, which knows only those that it was built for, and some
/// versions only by a name's extension.
package enum ReferringFormat: String, CaseIterable, Hashable, Sendable {
    /// A list for libavformat's `concat` demuxer.
    case ffconcat
    /// RFC 8866.
    case sdp = "SDP"
    /// RFC 8216, and older lists that begin in the same way.
    case hls = "HLS or M3U playlist"
    /// ISO/IEC 23009-1.
    case dash = "DASH manifest"
    /// A composition playlist or a packing list of SMPTE ST 2067.
    case imf = "IMF composition"
    /// The index of a VobSub pair.
    case vobsub = "VobSub index"
    /// RTSP and RTP.
    case rtsp = "RTSP"
    /// Lists of Windows Media, RealMedia and others.
    case playlist

    /// What messages call a file of the format: `a list of other files (ffconcat)`.
    package var description: String {
        switch self {
        case .ffconcat, .imf, .playlist: "a list of other files (\(rawValue))"
        case .hls, .dash: "a list of other files or addresses (\(rawValue))"
        case .vobsub: "an index of another file (\(rawValue))"
        case .sdp, .rtsp: "a description of a network session (\(rawValue))"
        }
    }

    /// Bytes of a file that ``init(beginningWith:)`` looks at.
    package static let headLength = 1024

    /// The format that text begins as; `nil` for everything else.
    ///
    /// - Parameter head: The first bytes of a file, ``headLength`` of them if it has as many.
    package init?(beginningWith head: [UInt8]) {
        let text = Self.text(head)
        guard let match = Self.beginnings.first(where: { text.starts(with: $0.text.utf8) }) else {
            guard text.first == UInt8(ascii: "<"), let format = Self.element(in: text) else { return nil }
            self = format
            return
        }
        self = match.format
    }

    /// In small letters, without a byte order mark and the spaces before it.
    private static func text(_ head: [UInt8]) -> [UInt8] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = head.starts(with: mark) ? head.dropFirst(mark.count) : head[...]
        return bytes.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    private static let beginnings: [(text: String, format: Self)] = [
        ("ffconcat version", .ffconcat), ("v=0\r", .sdp), ("v=0\n", .sdp), ("#extm3u", .hls),
        ("# vobsub index file", .vobsub), ("rtsp://", .rtsp), ("rtsps://", .rtsp), ("rtspt://", .rtsp),
        ("[playlist]", .playlist), ("[reference]", .playlist), ("file://", .playlist), ("http://", .playlist),
        ("https://", .playlist), ("mms://", .playlist), ("rtmp://", .playlist),
    ]

    /// The first element of XML that is one of a list's.
    private static func element(in text: [UInt8]) -> Self? {
        let elements: [(name: String, format: Self)] = [
            ("<mpd", .dash), ("<compositionplaylist", .imf), ("<assetmap", .imf), ("<packinglist", .imf),
            ("<asx", .playlist), ("<smil", .playlist), ("<playlist", .playlist),
        ]
        let xml = String(decoding: text, as: UTF8.self)
        return elements.first { xml.contains($0.name) }?.format
    }

    /// The format of one of libavformat's demuxers; `nil` for other demuxers.
    package init?(demuxer name: String) {
        switch name {
        case "concat": self = .ffconcat
        case "sdp": self = .sdp
        case "hls", "applehttp": self = .hls
        case "dash", "webm_dash_manifest": self = .dash
        case "imf": self = .imf
        case "vobsub": self = .vobsub
        case "rtsp", "rtp": self = .rtsp
        default: return nil
        }
    }
}
