import Testing

@Suite("Codec strings of every codec")
struct EveryCodecStringTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What ffprobe and `trace_headers` have to read from the stream.
    struct Promise: CustomTestStringConvertible, Sendable {
        let codec: String
        let input: String
        let profile: String
        let pixels: String
        var level: Int?
        var color: String?
        var testDescription: String { "\(codec) \(input)" }
    }

    private func check(_ promise: Promise, in file: String) throws {
        let source = try folder.source(promise.input, frames: 3)
        let isNumber = ["v", "av0"].contains { promise.codec.hasPrefix($0) }
        let preset = isNumber ? "--preset 5" : "--preset veryfast"
        let encode = "sluice -s 64x48 -r 30 -p \(promise.input) --codec \(promise.codec) \(preset)"
        try folder.succeed("\(encode) -o \(file) --chunks out.jsonl \(source)")
        #expect(try folder.frameCount(file) == 3)
        #expect(try folder.probe(file, "profile,pix_fmt") == "\(promise.profile),\(promise.pixels)")
        if let level = promise.level { #expect(try folder.probe(file, "level") == "\(level)") }
        if let color = promise.color {
            #expect(try folder.probe(file, "color_range,color_space,color_transfer,color_primaries") == color)
        }
        #expect(try folder.chunks("out.jsonl").first?.decoderConfig?.codec == promise.codec)
    }

    static let avcPromises = [
        Promise(codec: "avc1.6E001E", input: "i420p10", profile: "High 10", pixels: "yuv420p10le", level: 30),
        Promise(codec: "avc1.6E001E", input: "i420", profile: "High 10", pixels: "yuv420p10le", level: 30),
        Promise(codec: "avc1.7A001E", input: "i422p10", profile: "High 4:2:2", pixels: "yuv422p10le", level: 30),
        Promise(codec: "avc3.64001E", input: "i420", profile: "High", pixels: "yuv420p", level: 30),
    ]

    @Test("Codec strings of H.264 set profile, level, depth and chroma", .mustEnd, arguments: avcPromises)
    func avc(promise: Promise) throws { try check(promise, in: "out.mp4") }

    static let hevcPromises = [
        Promise(codec: "hvc1.1.6.L93.B0", input: "i420", profile: "Main", pixels: "yuv420p", level: 93),
        Promise(codec: "hev1.1.6.L93.B0", input: "i420", profile: "Main", pixels: "yuv420p", level: 93),
        Promise(codec: "hvc1.1.6.H120.B0", input: "i420", profile: "Main", pixels: "yuv420p", level: 120),
        Promise(codec: "hvc1.2.4.L93.B0", input: "i420p10", profile: "Main 10", pixels: "yuv420p10le", level: 93),
        Promise(codec: "hvc1.2.4.L93.B0", input: "i420", profile: "Main 10", pixels: "yuv420p10le", level: 93),
        Promise(codec: "hvc1.4.10.L93.9D.8", input: "i422p10", profile: "Rext", pixels: "yuv422p10le", level: 93),
        Promise(codec: "hvc1.4.10.L93.9E.8", input: "i444", profile: "Rext", pixels: "yuv444p", level: 93),
        Promise(codec: "hvc1.4.10.L93.9C.8", input: "i444p10", profile: "Rext", pixels: "yuv444p10le", level: 93),
        Promise(codec: "hvc1.4.10.L93.99.88", input: "i420p12", profile: "Rext", pixels: "yuv420p12le", level: 93),
    ]

    @Test("Codec strings of HEVC set profile, tier, level, depth and chroma", .mustEnd, arguments: hevcPromises)
    func hevc(promise: Promise) throws {
        try check(promise, in: "out.mp4")
        #expect(try folder.probe("out.mp4", "codec_tag_string") == promise.codec.prefix(4))
        let sets = try #require(try folder.headers("out.mp4").sequenceParameters?.values)
        let words = promise.codec.split(separator: ".")
        #expect(sets["general_profile_idc"] == Int(words[1]))
        #expect(sets["general_tier_flag"] == (words[3].hasPrefix("H") ? 1 : 0))
        #expect(sets["general_level_idc"] == Int(words[3].dropFirst()))
    }

    static let vp9Promises = [
        Promise(codec: "vp09.00.10.08", input: "i420", profile: "Profile 0", pixels: "yuv420p"),
        Promise(codec: "vp09.01.10.08", input: "i422", profile: "Profile 1", pixels: "yuv422p"),
        Promise(codec: "vp09.01.10.08", input: "i444", profile: "Profile 1", pixels: "yuv444p"),
        Promise(codec: "vp09.02.10.10", input: "i420p10", profile: "Profile 2", pixels: "yuv420p10le"),
        Promise(codec: "vp09.02.10.12", input: "i420p12", profile: "Profile 2", pixels: "yuv420p12le"),
        Promise(codec: "vp09.02.10.10", input: "i420", profile: "Profile 2", pixels: "yuv420p10le"),
        Promise(codec: "vp09.03.10.10", input: "i422p10", profile: "Profile 3", pixels: "yuv422p10le"),
        Promise(codec: "vp09.03.10.12", input: "i444p12", profile: "Profile 3", pixels: "yuv444p12le"),
        Promise(
            codec: "vp09.02.10.10.01.09.16.09.00",
            input: "i420p10",
            profile: "Profile 2",
            pixels: "yuv420p10le",
            color: "tv,bt2020nc,smpte2084,bt2020"
        ),
        Promise(
            codec: "vp09.00.10.08.01.01.01.01.01",
            input: "rgba",
            profile: "Profile 0",
            pixels: "yuv420p",
            color: "pc,bt709,bt709,bt709"
        ),
        Promise(
            codec: "vp09.01.10.08.03.01.13.00.01",
            input: "i444",
            profile: "Profile 1",
            pixels: "gbrp",
            color: "pc,gbr,iec61966-2-1,bt709"
        ),
    ]

    @Test("Codec strings of VP9 set profile, depth, chroma and color", .mustEnd, arguments: vp9Promises)
    func vp9(promise: Promise) throws {
        try check(promise, in: "out.webm")
        let frame = try #require(try folder.headers("out.webm").sections.first { $0.values["profile_low_bit"] != nil })
        let bits = [frame.values["profile_high_bit"], frame.values["profile_low_bit"]]
        #expect(bits == Self.bits(promise.codec))
    }

    /// The profile's two bits as they are in the frame header.
    private static func bits(_ codec: String) -> [Int?] {
        let profile = Int(codec.dropFirst(5).prefix(2)) ?? 0
        return [profile >> 1, profile & 1]
    }

    static let av1Promises = [
        Promise(codec: "av01.0.04M.08", input: "i420", profile: "Main", pixels: "yuv420p", level: 4),
        Promise(codec: "av01.0.08H.08", input: "i420", profile: "Main", pixels: "yuv420p", level: 8),
        Promise(codec: "av01.0.04M.10", input: "i420p10", profile: "Main", pixels: "yuv420p10le", level: 4),
        Promise(codec: "av01.0.04M.10", input: "i420", profile: "Main", pixels: "yuv420p10le", level: 4),
        Promise(codec: "av01.1.04M.08", input: "i444", profile: "High", pixels: "yuv444p", level: 4),
        Promise(codec: "av01.1.04M.10", input: "i444p10", profile: "High", pixels: "yuv444p10le", level: 4),
        Promise(codec: "av01.2.04M.08", input: "i422", profile: "Professional", pixels: "yuv422p", level: 4),
        Promise(codec: "av01.2.04M.10", input: "i422p10", profile: "Professional", pixels: "yuv422p10le", level: 4),
        Promise(codec: "av01.2.04M.12", input: "i444p12", profile: "Professional", pixels: "yuv444p12le", level: 4),
        Promise(
            codec: "av01.0.04M.08.1.110.01.01.01.0",
            input: "gray8",
            profile: "Main",
            pixels: "gray",
            level: 4,
            color: "tv,bt709,bt709,bt709"
        ),
        Promise(
            codec: "av01.0.04M.10.0.110.09.16.09.0",
            input: "i420p10",
            profile: "Main",
            pixels: "yuv420p10le",
            level: 4,
            color: "tv,bt2020nc,smpte2084,bt2020"
        ),
        Promise(
            codec: "av01.1.04M.08.0.000.01.13.00.1",
            input: "i444",
            profile: "High",
            pixels: "gbrp",
            level: 4,
            color: "pc,gbr,iec61966-2-1,bt709"
        ),
    ]

    @Test("Codec strings of AV1 set profile, level, tier, depth, chroma and color", .mustEnd, arguments: av1Promises)
    func av1(promise: Promise) throws {
        try check(promise, in: "out.obu")
        let header = try #require(try folder.headers("out.obu").sections.first { $0.name == "Sequence Header" })
        #expect(header.values["seq_profile"] == Int(promise.codec.dropFirst(5).prefix(1)))
        #expect(header.values["seq_level_idx[0]"] == promise.level)
        #expect((header.values["seq_tier[0]"] ?? 0) == (promise.codec.dropFirst(9).first == "H" ? 1 : 0))
        #expect(header.values["mono_chrome"] ?? 0 == (promise.pixels == "gray" ? 1 : 0))
    }

    @Test(
        "The codec string of a short name has the color of the stream, in every codec",
        .mustEnd,
        arguments: ["vp9", "av1"]
    )
    func shortName(codec: String) throws {
        let color = "--color-primaries bt2020 --color-transfer pq --color-matrix bt2020-ncl"
        let source = try folder.source("i420p10", frames: 3)
        let encode = "sluice -s 64x48 -r 30 -p i420p10 --codec \(codec) --preset 5 \(color)"
        try folder.succeed("\(encode) -o out.mkv --chunks out.jsonl \(source)")
        #expect(
            try folder.probe("out.mkv", "color_space,color_transfer,color_primaries") == "bt2020nc,smpte2084,bt2020"
        )
        // Without these fields, the color is BT.709 in both bindings.
        let said = try #require(try folder.chunks("out.jsonl").first?.decoderConfig?.codec)
        #expect(said.contains(".09.16.09"), "\(said)")
    }

    @Test(
        "A malformed codec string is a usage error, in every codec",
        .mustEnd,
        arguments: [
            "avc1.6E001", "avc1.6e001e0", "hvc1", "hvc1.1", "hvc1.1.6", "hvc1.1.6.93.B0",
            "hvc1.A1.6.L93.B0.0.0.0.0.0.0",
            "hvc1.D1.6.L93.B0", "hvc1.1.6.L93.B0.", "hvc1.1.6.X93.B0", "hvc1.1.G.L93.B0", "hvc1.1.6.L930.B0",
            "vp8.0", "vp09", "vp09.00.10", "vp09.0.10.08", "vp09.04.10.08", "vp09.00.99.08", "vp09.00.10.09",
            "vp09.00.10.08.01.01.01.01.02", "vp09.00.10.08.01.01.01.01.00.00", "vp09.00.10.10",
            "av01", "av01.0.04M", "av01.3.04M.08", "av01.0.4M.08", "av01.0.04X.08", "av01.0.04m.08", "av01.0.04H.08",
            "av01.0.04M.09", "av01.0.04M.12", "av01.0.24M.08", "av01.0.04M.08.2.110.01.01.01.0",
            "av01.0.04M.08.0.110.01.01.01.2", "av01.0.04M.08.0.110.1.01.01.0", "av01.0.04M.08.0.110.01.01.01.0.x",
        ]
    )
    func malformed(codec: String) throws {
        try folder.fail("sluice -s 64x48 -r 30 -p i420 --codec '\(codec)' -o out.mkv", status: 64, saying: codec)
        #expect(folder.names == [])
    }

    @Test(
        "A valid codec string without support here is unsupported, in every codec",
        .mustEnd,
        arguments: [
            "VP09.00.10.08", "AV01.0.04M.08", "mp4v.20.9", "dvh1.05.06", "vvc1.1.L51.CQA", "theora",
            "hvc1.5.20.L93.B0", "hvc1.4.10.L93.B0",
        ]
    )
    func unknown(codec: String) throws {
        try folder.fail("sluice -s 64x48 -r 30 -p i420 --codec '\(codec)' -o out.mkv", status: 69, saying: codec)
        #expect(folder.names == [])
    }

    @Test(
        "A codec string whose level is too low is refused with a level that works, in every codec",
        .mustEnd,
        arguments: [
            ("hvc1.1.6.L30.B0", "size 1280x720 exceeds", "use level 3.1", "use level 4.1"),
            ("vp09.00.10.08", "size 1280x720 exceeds", "use level 3.1", "use level 4.0"),
            ("av01.0.00M.08", "size 1280x720 exceeds", "use level 3.1", "no level allows it"),
        ]
    )
    func level(codec: String, what: String, way: String, atRate: String) throws {
        let encode =
            "mkfifo frames; exec 9<>frames; sluice -s 1280x720 -r 30 -p i420 --codec \(codec) -o out.mkv frames"
        try folder.fail(encode, status: 69, saying: what, codec, way)
        let rate = encode.replacing("mkfifo", with: "rm frames; mkfifo").replacing(
            "1280x720 -r 30",
            with: "320x240 -r 960"
        )
        try folder.fail(rate, status: 69, saying: "320x240", codec, atRate)
    }

    @Test(
        "A codec string whose depth, chroma or color differs from the input's is refused with the property, in every codec",
        .mustEnd,
        arguments: [
            ("vp09.00.10.08.01.01.01.01.00", "--chroma 444"), ("av01.0.04M.08", "--chroma 444"),
            ("av01.0.04M.08", "--bit-depth 10"), ("vp09.02.10.10", "--bit-depth 12"), ("avc1.64001E", "--bit-depth 10"),
            ("hvc1.1.6.L93.B0", "--bit-depth 10"), ("vp8", "--bit-depth 10"), ("vp8", "--chroma 444"),
            ("vp09.00.10.08.01.09.16.09.00", "--color-matrix bt709"),
            ("av01.0.04M.08.0.110.01.01.01.0", "--color-primaries bt2020"),
            ("av01.0.04M.08.0.110.01.01.01.1", "--color-range limited"),
        ]
    )
    func contradiction(codec: String, flags: String) throws {
        let source = try folder.source(frames: 2)
        try folder.fail(
            "sluice -s 64x48 -r 30 -p i420 --codec \(codec) \(flags) -o out.mkv \(source)",
            status: 69,
            saying: codec == "vp8" ? "VP8" : codec
        )
        #expect(folder.names == [source])
    }
}
