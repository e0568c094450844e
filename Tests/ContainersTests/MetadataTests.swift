import Containers
import Testing
import VideoTypes

@Suite("Metadata of a container")
struct MetadataTests {
    private static let ntsc = FrameRate(30_000, 1001)

    @Test("A timecode has four numbers of two digits, and a semicolon where numbers are dropped")
    func timecodes() {
        for text in ["01:00:00:00", "23:59:59;29", "00:00:00:00"] {
            #expect(Timecode(text)?.description == text)
        }
        #expect(Timecode("01:00:00.02")?.description == "01:00:00;02")
        for text in [
            "", "1:0:0:0", "24:00:00:00", "00:60:00:00", "00:00:60:00", "00;00:00:00", "00:00:00", "aa:00:00:00",
            "00:00:00:-1",
        ] {
            #expect(Timecode(text) == nil, "\(text)")
        }
    }

    @Test("A timecode is checked against the frame rate")
    func rates() throws {
        #expect(throws: EncoderConfigError.self) { try Timecode("00:00:00:25")?.check(FrameRate(25)) }
        #expect(throws: EncoderConfigError.self) { try Timecode("00:00:00;00")?.check(FrameRate(30)) }
        #expect(throws: EncoderConfigError.self) { try Timecode("00:01:00;01")?.check(Self.ntsc) }
        #expect(throws: EncoderConfigError.self) { try Timecode("00:00:00:00")?.check(nil) }
        try Timecode("00:10:00;00")?.check(Self.ntsc)
        try Timecode("00:00:00:23")?.check(FrameRate(24_000, 1001))
    }

    @Test("A timecode counts as a clock does, with every number that is dropped")
    func counting() throws {
        let rate = try #require(Self.ntsc)
        let first = try #require(Timecode("00:00:00;00"))
        var (minutes, seconds, frames) = (0, 0, 0)
        for count in 0..<40_000 {
            let text =
                "00:\(minutes < 10 ? "0" : "")\(minutes):\(seconds < 10 ? "0" : "")\(seconds);\(frames < 10 ? "0" : "")\(frames)"
            try #require(first.advanced(by: count, at: rate).description == text)
            try #require(Timecode(text)?.advanced(by: 0, at: rate).description == text)
            frames += 1
            if frames == 30 { (frames, seconds) = (0, seconds + 1) }
            if seconds == 60 {
                (seconds, minutes) = (0, minutes + 1)
                frames = minutes % 10 == 0 ? 0 : 2
            }
        }
        #expect(Timecode("23:59:59;29")?.advanced(by: 1, at: rate).description == "00:00:00;00")
        #expect(Timecode("23:59:59:24")?.advanced(by: 26, at: try #require(FrameRate(25))).description == "00:00:01:00")
    }

    @Test("A language has a code of ISO 639-2 or of two letters")
    func languages() {
        for text in ["de", "ger", "deu", "DE"] { #expect(LanguageCode(text)?.code == "deu") }
        for text in ["eng", "und", "qaa", "qtz"] { #expect(LanguageCode(text)?.code == text) }
        for text in ["", "xx", "xyz", "english", "en-US", "quz1", "qzz"] {
            #expect(LanguageCode(text) == nil, "\(text)")
        }
        #expect(LanguageCode("deu").flatMap { OutputFormat.mov.code(of: $0) } == "ger")
        #expect(LanguageCode("tlh").flatMap { OutputFormat.mov.code(of: $0) } == nil)
    }

    @Test("A tag has a plain key and text")
    func tags() {
        #expect(MetadataTag(key: "com.apple_x", value: "a\tb\nc é") != nil)
        for key in ["", "a b", "a=b", "a-b", "é", String(repeating: "k", count: 65)] {
            #expect(MetadataTag(key: key, value: "v") == nil, "\(key)")
        }
        #expect(MetadataTag(key: "k", value: "\u{0}") == nil && MetadataTag(key: "k", value: "\u{1B}[1m") == nil)
    }

    @Test(
        "Each format names the tags that it cannot store",
        arguments: [
            (OutputFormat.mp4, "title", "x", true), (.mp4, "foo", "x", false), (.mkv, "foo", "x", true),
            (.webm, "foo", "x", true),
            (.mov, "make", "x", true), (.mov, "composer", "x", false), (.mp4, "track", "3/12", true),
            (.mp4, "track", "3/x", false),
            (.mp4, "location", "+48.8577+002.295/", true), (.mp4, "location", "+48.8577", false),
            (.mp4, "location", "+99+1/", false),
            (.mkv, "creation_time", "2024-05-01T12:00:00Z", true),
            (.mkv, "creation_time", "2024-05-01T12:00:00.25Z", true),
            (.mkv, "creation_time", "2024-13-01T12:00:00Z", false), (.mkv, "creation_time", "2024-05-01", false),
            (.mkv, "encoder", "x", false), (.mkv, "TIMECODE", "x", false), (.ivf, "title", "x", false),
        ]
    )
    func keys(format: OutputFormat, key: String, value: String, isStored: Bool) throws {
        let tag = try #require(MetadataTag(key: key, value: value))
        #expect((format.refusal(of: tag) == nil) == isStored)
    }

    @Test("Chapters of an input are cut to the output")
    func chapters() {
        let all = [
            Chapter(start: 0, title: "A"), Chapter(start: 1000, end: 1500, title: "B"),
            Chapter(start: 2000, title: "C"),
        ]
        let input = ChapterPlacement(all, areOfInput: true)
        input.begin(at: 1200)
        #expect(input.placed(endingAt: 700) == [Chapter(start: 0, end: 300, title: "B")])
        #expect(input.notice == nil)
        let own = ChapterPlacement(all, areOfInput: false)
        own.begin(at: 1200)
        #expect(own.placed(endingAt: 1900).map(\.end) == [1000, 1500] && own.notice?.contains("1 chapter") == true)
        #expect(own.placed(endingAt: nil).map(\.end) == [1000, 1500, 2000])
        #expect(own.placed(endingAt: 9000, limit: 1).count == 1 && own.notice?.contains("2 chapters") == true)
    }
}
