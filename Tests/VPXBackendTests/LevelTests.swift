import EncoderCore
import Testing
import VPXBackend
import VideoTypes

@Suite("The level of VP9")
struct LevelTests {
    @Test(
        "The level of VP9 is the lowest that fits, where none was asked for",
        arguments: [
            (256, 144, 15, "vp09.00.10.08"), (256, 144, 30, "vp09.00.11.08"), (640, 360, 30, "vp09.00.21.08"),
            (1280, 720, 30, "vp09.00.31.08"), (1920, 1080, 30, "vp09.00.40.08"), (3840, 2160, 60, "vp09.00.51.08"),
        ]
    )
    func lowest(width: Int, height: Int, framerate: Int, string: String) throws {
        var recipe = Recipe(.vp9, width: width, height: height)
        recipe.config.framerate = FrameRate(framerate)
        #expect(try recipe.validated().values.codec == .exact(string))
    }

    @Test("The level of VP9 holds everything, or is refused with the one that would")
    func refused() {
        var recipe = Recipe("vp09.00.30.08", width: 1280, height: 720)
        #expect(
            recipe.refusal()
                == "size 1280x720 exceeds vp09.00.30.08 (level 3.0 allows 552960 luma samples of a picture, this has 921600;"
                + " use level 3.1)"
        )
        recipe = Recipe("vp09.00.31.08", width: 1280, height: 720)
        recipe.config.framerate = FrameRate(60)
        #expect(recipe.refusal().hasSuffix("use level 4.0)"))
        recipe.config.framerate = FrameRate(30)
        recipe.config.bitrate = 12_000_001
        #expect(recipe.refusal().contains("level 3.1 allows 12000000 bits a second, this has 12000001"))
        recipe.config.bitrate = 12_000_000
        #expect(recipe.refusal() == "")
        recipe = Recipe(.vp9, width: 16384, height: 16384)
        #expect(recipe.refusal().contains("no level of VP9 allows size 16384x16384"))
    }

    @Test("The level of VP9 is not exceeded by the bits of a quality")
    func watched() throws {
        var recipe = Recipe("vp09.00.10.08", width: 256, height: 144, frames: 12)
        recipe.config.framerate = FrameRate(15)
        recipe.config.constantQuality = 1
        recipe.noise = 200
        let error = #expect(throws: EncoderError.self) { try recipe.encode() }
        #expect(error.map { "\($0)" }?.contains("exceeds vp09.00.10.08: level 1.0 allows 200000") == true)
        recipe.config.codec = .lowest(.vp9)
        #expect(try recipe.encode().count == 12)
    }
}
