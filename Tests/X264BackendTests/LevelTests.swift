import Bitstream
import EncoderCore
import Sluice
import Testing
import Threading
import VideoTypes

@testable import X264Backend

@Suite("What a stream needs of its level")
struct LevelTests {
    private func requirements(
        _ width: Int,
        _ height: Int,
        rate: FrameRate? = FrameRate(25),
        dpb: Int = 1,
        bitrate: Int? = nil
    ) -> AVCLevelNeeds {
        AVCLevelNeeds(
            size: PictureSize(width: width, height: height),
            framerate: rate,
            decodedFrames: dpb,
            bitrate: bitrate,
            profileIdc: 100
        )
    }

    @Test(
        "What a stream needs of its level decides the lowest level that does",
        arguments: [
            (176, 144, 15, 1, "1.0"), (176, 144, 15, 5, "1.1"), (352, 288, 30, 1, "1.3"), (720, 576, 25, 1, "3.0"),
            (720, 576, 25, 6, "3.1"), (1280, 720, 30, 5, "3.1"), (1280, 720, 30, 6, "4.0"), (1920, 1080, 30, 4, "4.0"),
            (1920, 1080, 30, 5, "5.0"), (1920, 1080, 60, 4, "4.2"), (3840, 2160, 30, 1, "5.1"),
            (8192, 4320, 120, 1, "6.2"),
        ]
    )
    func lowest(width: Int, height: Int, rate: Int, dpb: Int, name: String) {
        #expect(requirements(width, height, rate: FrameRate(rate), dpb: dpb).lowestLevel?.name == name)
    }

    @Test("What a stream needs of its level is more than any level has for the largest pictures")
    func none() {
        #expect(requirements(16384, 16384).lowestLevel == nil)
        #expect(requirements(16384, 16).lowestLevel?.name == "6.0")
        #expect(requirements(16, 16384).lowestLevel?.name == "6.0")
        #expect(requirements(8192, 4320, rate: FrameRate(10000)).lowestLevel == nil)
    }

    @Test(
        "What a stream needs of its level is reported with a level that works",
        arguments: [
            ("avc1.64001E", 1920, 1080, 25, "size 1920x1080 exceeds avc1.64001E"),
            ("avc1.64001E", 1920, 1080, 25, "allows 1620 macroblocks of a frame, this has 8160; use level 4.0"),
            ("avc1.640028", 1920, 1080, 60, "at 60 frames a second exceeds avc1.640028"),
            ("avc1.640028", 1920, 1080, 60, "use level 4.2"),
            ("avc1.64001E", 4000, 16, 25, "macroblocks a side"),
        ]
    )
    func told(codec: String, width: Int, height: Int, rate: Int, text: String) {
        var recipe = Recipe(.exact(codec), width: width, height: height)
        recipe.config.framerate = FrameRate(rate)
        #expect(recipe.refusal().contains(text), "\(recipe.refusal())")
    }

    @Test(
        "What a stream needs of its level keeps the decoded picture buffer within the level, whatever the preset",
        arguments: ChunkTests.presetNames
    )
    func dpb(preset: String) throws {
        // Level 4.0 has room for four frames of this size.
        var recipe = Recipe("avc1.640028", width: 1920, height: 1072, frames: 2)
        recipe.config.preset = preset
        recipe.config.codedHeight = 1080
        _ = try recipe.validated()
        // A level 1.0 stream of 176x144 has room for four as well, and is quick to encode.
        var small = Recipe("avc1.64000A", width: 176, height: 144)
        (small.config.preset, small.config.framerate) = (preset, FrameRate(15))
        let unit = try #require(Oracle(small.encode().stream).trace().first { $0["nal_unit_type"] == 7 })
        #expect(try #require(unit["max_dec_frame_buffering"]) <= 4)
        #expect(try #require(unit["max_num_ref_frames"]) <= 4)
    }

    @Test(
        "What a stream needs of its level refuses more reference frames than the level has room for, if they were asked for"
    )
    func askedReferences() {
        var recipe = Recipe("avc1.640028", width: 1920, height: 1080)
        recipe.config.encoderOptions = [EncoderOption(key: "ref", value: "6")]
        let text = "decoded picture buffer of 6 frames exceeds avc1.640028"
        #expect(recipe.refusal().contains(text), "\(recipe.refusal())")
    }

    @Test("What a stream needs of its level refuses a bit rate over the level's, and holds the level's otherwise")
    func bitrate() {
        var recipe = Recipe("avc1.64000A", width: 64, height: 64)
        recipe.config.bitrate = 100_000
        #expect(recipe.refusal().contains("a bit rate of 100000 exceeds avc1.64000A"), "\(recipe.refusal())")
        recipe.config.bitrate = 80_000
        #expect(recipe.refusal() == "")
    }

    @Test(
        "What a stream needs of its level refuses more frames within a second than the level allows where there is no frame rate (fault E8)"
    )
    func intervals() throws {
        // 1620 macroblocks at 40500 a second: 25 frames.
        var recipe = Recipe("avc1.64001E", width: 720, height: 576, frames: 30)
        recipe.config.framerate = nil
        recipe.config.preset = "ultrafast"
        // A frame that comes early does not exceed the rate.
        recipe.timestamps = (0..<30).map { $0 * 40000 - ($0 % 3 == 0 ? 0 : 3000) }
        #expect(try recipe.encode().count == 30)
        recipe.timestamps = (0..<30).map { $0 * 38000 }
        #expect(throws: EncoderError.self) { try recipe.encode() }
    }

    @Test(
        "What a stream needs of its level refuses more frames within a second than the level allows, before libx264 sees them, and goes on (fault H2)"
    )
    func admission() throws {
        // 1620 macroblocks at 40500 a second: 25 frames.
        var recipe = Recipe("avc1.64001E", width: 720, height: 576, frames: 28)
        recipe.config.framerate = nil
        recipe.config.preset = "ultrafast"
        recipe.timestamps = (0..<27).map { $0 * 30_000 } + [2_000_000]
        let count = Monitor(0)
        let encoder = VideoEncoder { _ in count.withLock { $0 += 1 } }
        try encoder.configure(recipe.config)
        for number in 0..<26 { try encoder.submit(recipe.frame(number)) }
        let early = try recipe.frame(26)
        #expect(refusal(of: early, by: encoder)?.contains("frames a second") == true)
        try encoder.submit(recipe.frame(27))
        try encoder.flush()
        let chunks = count.withLock { $0 }
        #expect(chunks == 27)
    }

    private func refusal(of frame: consuming VideoFrame, by encoder: VideoEncoder) -> String? {
        do {
            try encoder.submit(frame)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
