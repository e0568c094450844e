/// Files that name `secret.ts`, addresses or devices, each under the name of a movie.
enum HostileHeads {
    struct Head: Sendable, CustomStringConvertible {
        let description: String
        let bytes: [UInt8]
        /// The exit status: 65 for what names other files by its design, 69 for what is not media at all.
        let status: Int32
        /// The required text of the message.
        let words: String

        init(_ description: String, _ status: Int32, _ words: String, _ text: String) {
            self.init(description, status, words, bytes: Array(text.utf8))
        }

        init(_ description: String, _ status: Int32, _ words: String, bytes: [UInt8]) {
            (self.description, self.status, self.words, self.bytes) = (description, status, words, bytes)
        }
    }

    static let all: [Head] = lists + sessions + others

    /// Lists, manifests and indexes.
    private static let lists = [
        Head("an ffconcat", 65, "a list of other files (ffconcat)", "ffconcat version 1.0\nfile secret.ts\n"),
        Head(
            "an ffconcat after a byte order mark",
            65,
            "a list of other files (ffconcat)",
            "\u{FEFF}ffconcat version 1.0\nfile 'secret.ts'\nduration 1\nfile /etc/hostname\n"
        ),
        Head("an HLS playlist", 65, "HLS", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nsecret.ts\n#EXT-X-ENDLIST\n"),
        Head(
            "an HLS master playlist",
            65,
            "HLS",
            "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://127.0.0.1:9/a.m3u8\n"
        ),
        Head("an M3U playlist", 65, "M3U", "#EXTM3U\n#EXTINF:5,x\nsecret.ts\n"),
        Head(
            "a DASH manifest",
            65,
            "DASH manifest",
            """
            <?xml version="1.0"?>
            <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static">
            <Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>secret.ts</BaseURL>
            </Representation></AdaptationSet></Period></MPD>
            """
        ),
        Head(
            "an IMF composition",
            65,
            "IMF composition",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:0</Id></CompositionPlaylist>
            """
        ),
        Head("an IMF asset map", 65, "IMF", "<?xml version=\"1.0\"?><AssetMap><Path>secret.ts</Path></AssetMap>"),
        Head(
            "a VobSub index",
            65,
            "an index of another file (VobSub index)",
            "# VobSub index file, v7 (do not modify this line!)\nid: en, index: 0\ntimestamp: 00:00:01:000, filepos: 000000000\n"
        ),
        Head(
            "an ASX list",
            65,
            "playlist",
            "<asx version=\"3.0\"><entry><ref href=\"rtsp://127.0.0.1/x\"/></entry></asx>"
        ),
        Head("a list of Windows Media", 65, "playlist", "[Reference]\r\nRef1=http://127.0.0.1:9/x?MSWMExt=.asf\r\n"),
        Head("a PLS list", 65, "playlist", "[playlist]\nFile1=secret.ts\nNumberOfEntries=1\n"),
        Head("a SMIL list", 65, "playlist", "<smil><body><video src=\"secret.ts\"/></body></smil>"),
        Head("an address", 65, "playlist", "http://127.0.0.1:9/x.mp4\n"),
    ]

    /// Network sessions.
    private static let sessions = [
        Head(
            "an SDP",
            65,
            "a description of a network session (SDP)",
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
        ),
        Head(
            "an SDP with CRLF",
            65,
            "SDP",
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 224.0.0.1/1\r\nt=0 0\r\nm=video 5004 RTP/AVP 33\r\n"
        ),
        Head("a RAM list of RTSP", 65, "RTSP", "rtsp://127.0.0.1:9/x\n"),
    ]

    /// What other programs would interpret, and what is only text.
    private static let others = [
        Head("a WebVTT file", 69, "it is text", "WEBVTT\n\n00:00.000 --> 00:01.000\nfile secret.ts\n"),
        Head(
            "an SRT file",
            69,
            "it is text",
            "1\n00:00:00,000 --> 00:00:01,000\n<img src=\"secret.ts\">\n\n2\n00:00:01,000 --> 00:00:02,000\nx\n"
        ),
        Head("an ffmetadata file", 69, "it is text", ";FFMETADATA1\ntitle=secret.ts\n"),
        Head("an AviSynth script", 69, "error", "AVISource(\"secret.ts\")\nreturn last\n"),
        Head("a filter graph", 69, "error", "movie=secret.ts[out0]\n"),
        Head(
            "a picture of vectors",
            69,
            "error",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"secret.ts\"/></svg>"
        ),
        Head("an SBaGen script", 69, "error", "-SE\n# secret.ts\nNOW pink/40 200+10/10\n"),
        Head(
            "a Magic Lantern video, which goes on in other files",
            69,
            "mlv",
            bytes: Array("MLVI".utf8) + [52, 0, 0, 0] + Array("v2.0\0\0\0\0".utf8) + [UInt8](repeating: 1, count: 400)
        ),
        Head(
            "a Matroska header that ends",
            65,
            "error",
            bytes: [0x1A, 0x45, 0xDF, 0xA3, 0x81] + Array("secret.ts".utf8)
        ),
        Head("an ASF header that ends", 69, "error", bytes: [0x30, 0x26, 0xB2, 0x75] + Array("secret.ts".utf8)),
    ]
}
