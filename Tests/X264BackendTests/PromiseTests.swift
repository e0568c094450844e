import Bitstream
import Testing
import VideoTypes

@testable import X264Backend

@Suite("A codec string's promise")
struct PromiseTests {
    /// A codec string, its chroma, and a size that its level allows.
    static let valid: [(String, ChromaSubsampling)] = [
        ("avc1.42001E", .yuv420), ("avc1.42C01E", .yuv420), ("avc1.42E01E", .yuv420), ("avc3.42E01E", .yuv420),
        ("avc1.42000A", .yuv420), ("avc1.42100B", .yuv420), ("avc1.42F00B", .yuv420), ("avc1.4D001E", .yuv420),
        ("avc1.4D401E", .yuv420), ("avc1.4DC01E", .yuv420), ("avc1.4D100B", .yuv420), ("avc1.64001E", .yuv420),
        ("avc1.64000A", .yuv420), ("avc1.640009", .yuv420), ("avc1.640028", .yuv420), ("avc1.640C1F", .yuv420),
        ("avc1.64081F", .yuv420), ("avc1.640034", .yuv420), ("avc1.64003E", .yuv420), ("avc1.6E001E", .yuv420),
        ("avc1.7A001E", .yuv422), ("avc1.7A001E", .yuv420), ("avc1.F4001E", .yuv444), ("avc1.F4001E", .yuv422),
        ("avc1.F4001E", .yuv420),
    ]

    @Test(
        "A codec string's promise is in the sequence parameter set, for every preset's tools",
        arguments: valid,
        ["ultrafast", "slower"]
    )
    func kept(promise: (String, ChromaSubsampling), preset: String) throws {
        let asked = try #require(AVCCodecString(promise.0))
        var recipe = Recipe(.exact(promise.0), frames: 4)
        recipe.config.framerate = FrameRate(10)
        recipe.config.preset = preset
        // High 10 and above may have 8 bits as well.
        recipe.config.bitDepth = 8
        (recipe.config.chroma, recipe.format) = (promise.1, .planar(promise.1))
        let chunks = try recipe.encode()
        let told = try #require(chunks.first?.decoderConfig?.codec)
        let written = try #require(AVCCodecString(told))
        #expect((written.profileIdc, written.levelIdc) == (asked.profileIdc, asked.levelIdc), "\(told)")
        #expect(written.sampleEntry == asked.sampleEntry)
        #expect(written.constraints & asked.constraints == asked.constraints, "\(told)")
        let unit = try #require(AnnexB.split(chunks[0].data).first { $0.first.map { $0 & 31 } == 7 })
        #expect(Array(unit.dropFirst().prefix(3)) == [written.profileIdc, written.constraints, written.levelIdc])
        #expect(try Oracle(chunks.stream).frameCount() == 4)
        let level = try Oracle(chunks.stream).stream("level")
        #expect([String(asked.levelIdc), asked.levelIdc == 11 ? "9" : ""].contains(level))
    }

    @Test(
        "A codec string's promise is refused with the reason where it cannot be kept",
        arguments: [
            ("avc1.58001E", "profile_idc 88"), ("avc1.2C001E", "profile_idc 44"), ("avc1.64002B", "level_idc 43"),
            ("avc1.640000", "level_idc 0"), ("avc1.420009", "level_idc 9"), ("avc1.6400FF", "level_idc 255"),
            ("avc1.7A101E", "intra profile"), ("avc1.6E101E", "intra profile"),
        ]
    )
    func unsupported(codec: String, reason: String) {
        let refusal = Recipe(.exact(codec)).refusal()
        #expect(refusal.contains(codec) && refusal.contains(reason), "\(refusal)")
    }

    @Test(
        "A codec string's promise is malformed with a reserved bit set",
        arguments: ["avc1.64011E", "avc1.42E21E", "avc1.640328"]
    )
    func reserved(codec: String) {
        #expect(Recipe(.exact(codec)).refusal().hasPrefix("invalid codec \"\(codec)\""))
    }

    @Test("A codec string's promise of less chroma than the frames have is refused")
    func chroma() {
        var recipe = Recipe("avc1.64001E")
        recipe.config.chroma = .yuv422
        #expect(recipe.refusal().contains("4:2:2 exceeds avc1.64001E"))
        recipe.config.chroma = .yuv444
        recipe.config.codec = "avc1.7A001E"
        #expect(recipe.refusal().contains("4:4:4 exceeds avc1.7A001E"))
    }

    @Test("A codec string's promise forbids B-frames in the constrained high profile, and weighted tools in baseline")
    func tools() throws {
        for codec in ["avc1.640C1F", "avc1.42E01E", "avc1.42001E"] {
            let timestamps = try Recipe(.exact(codec), frames: 30).encode().map(\.timestamp)
            #expect(timestamps == timestamps.sorted(), "\(codec)")
        }
        let units = try Oracle(Recipe("avc1.42001E").encode().stream).trace()
        let pps = try #require(units.first { $0["nal_unit_type"] == 8 })
        #expect(pps["entropy_coding_mode_flag"] == 0)
        #expect(pps["weighted_pred_flag"] == 0)
    }

    @Test("A codec string's promise is the lowest that does, where it is left open")
    func lowest() throws {
        func codec(_ width: Int, _ height: Int, _ change: (inout EncoderConfig) -> Void = { _ in }) throws -> String {
            var recipe = Recipe(.lowest(.h264), width: width, height: height)
            change(&recipe.config)
            return try recipe.validated().values.codec.description
        }
        #expect(try codec(1920, 1080) == "avc1.640028")
        #expect(try codec(1920, 1080) { $0.framerate = FrameRate(60) } == "avc1.64002A")
        #expect(try codec(1280, 720) == "avc1.64001F")
        #expect(try codec(176, 144) { ($0.framerate, $0.preset) = (FrameRate(15), "ultrafast") } == "avc1.42C00A")
        #expect(try codec(64, 64) { $0.chroma = .yuv444 }.hasPrefix("avc1.F400"))
        #expect(try codec(64, 64) { $0.chroma = .yuv422 }.hasPrefix("avc1.7A00"))
        // 70 kbit/s are too much for level 1.0 and right for 1b.
        let level1b = try codec(176, 144) {
            ($0.framerate, $0.preset, $0.bitrate, $0.bitrateMode) = (FrameRate(15), "ultrafast", 70000, .constant)
        }
        #expect(level1b == "avc1.42D00B")
    }

    @Test("A codec string's promise is what isolates the promise as a value")
    func value() throws {
        func promise(_ codec: String) throws -> X264Promise { try X264Promise(#require(AVCCodecString(codec))) }
        #expect(try promise("avc1.64001E").tools == .high)
        #expect(try promise("avc1.4D801E").tools == .baseline)
        #expect(try promise("avc1.64401E").tools == .main)
        #expect(try promise("avc1.42001E").tools == .baseline)
        #expect(try promise("avc1.640C1F").forbidsBFrames)
        #expect(try !promise("avc1.64081F").forbidsBFrames)
        #expect(try promise("avc1.42100B").level.name == "1b")
        #expect(try promise("avc1.640009").level.name == "1b")
        #expect(X264Promise.Tools.baseline < .main && .high10 < .high422)
    }
}
