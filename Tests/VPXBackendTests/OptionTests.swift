import Testing
import VideoTypes

@Suite("Options of libvpx")
struct OptionTests {
    private func refusal(_ codec: VideoCodec, _ key: String, _ value: String, change: (inout Recipe) -> Void = { _ in })
        -> String
    {
        var recipe = Recipe(codec, width: 640, height: 360)
        recipe.config.preset = nil
        recipe.config.encoderOptions = [EncoderOption(key: key, value: value)]
        change(&recipe)
        return recipe.refusal()
    }

    @Test(
        "Options of libvpx are passed on where they have an effect",
        arguments: [
            (VideoCodec.vp8, "cpu-used", "4"), (.vp9, "cpu-used", "4"), (.vp8, "token-parts", "2"),
            (.vp9, "row-mt", "0"),
            (.vp9, "tile-columns", "1"), (.vp9, "tune-content", "screen"), (.vp8, "tune", "ssim"),
            (.vp9, "aq-mode", "0"),
            (.vp9, "min-q", "4"), (.vp8, "error-resilient", "1"),
        ]
    )
    func passed(codec: VideoCodec, key: String, value: String) { #expect(refusal(codec, key, value) == "") }

    @Test(
        "Options of libvpx change the bytes",
        arguments: [("cpu-used", "0"), ("sharpness", "7"), ("error-resilient", "1"), ("frame-parallel", "1")]
    )
    func effective(key: String, value: String) throws {
        var recipe = Recipe(.vp9, width: 96, height: 64, frames: 6)
        recipe.config.preset = nil
        recipe.noise = 20
        let plain = try recipe.encode().map(\.data)
        recipe.config.encoderOptions = [EncoderOption(key: key, value: value)]
        #expect(try recipe.encode().map(\.data) != plain)
    }

    @Test(
        "Options of libvpx are refused where their values mean nothing",
        arguments: [
            (VideoCodec.vp9, "cpu-used", "fast"), (.vp9, "cpu-used", "17"), (.vp9, "row-mt", "2"),
            (.vp8, "tune", "vmaf"),
            (.vp9, "min-q", "64"), (.vp9, "sharpness", "-1"),
        ]
    )
    func malformed(codec: VideoCodec, key: String, value: String) {
        #expect(refusal(codec, key, value).hasPrefix("invalid encoder option \(key) \"\(value)\" (expected "))
    }

    @Test("Options of libvpx are refused with the reason where they would have no effect or break a promise")
    func ineffective() {
        #expect(
            refusal(.vp9, "gf-cbr-boost", "50")
                == "encoder option gf-cbr-boost=50 has no effect without bitrateMode constant"
        )
        #expect(
            refusal(.vp9, "undershoot-pct", "50") == "encoder option undershoot-pct=50 has no effect without a bitrate"
        )
        #expect(refusal(.vp8, "row-mt", "1") == "encoder option row-mt=1 is not an option of VP8")
        #expect(refusal(.vp9, "drop-frame", "30").hasSuffix("every frame is encoded"))
        #expect(refusal(.vp9, "auto-alt-ref", "1").hasSuffix("libvpx looks ahead in the second of two passes only"))
        #expect(refusal(.vp9, "tile-columns", "3").hasSuffix("does not fit the width 640 (use 0...1)"))
        let fixed = refusal(.vp9, "aq-mode", "3") { ($0.config.bitrateMode, $0.config.quantizer) = (.quantizer, 9) }
        #expect(fixed == "encoder option aq-mode=3 contradicts bitrateMode quantizer, which fixes the quantizer")
        let layered = refusal(.vp9, "error-resilient", "0") { $0.config.scalabilityMode = .l1t2 }
        #expect(layered == "encoder option error-resilient=0 contradicts temporal layers, which set it")
        #expect(
            refusal(.vp9, "min-q", "50") == "the quality 32 is not within the encoder options min-q and max-q, 50...63"
        )
        #expect(refusal(.vp9, "cpu-used", "3") { $0.config.preset = "4" }.hasSuffix("exclude each other"))
        let clock = refusal(.vp8, "cpu-used", "8") { $0.config.latencyMode = .realtime }
        #expect(clock == "invalid encoder option cpu-used \"8\" (expected a number in -16...-1)")
    }

    @Test("Options of libvpx are refused with the nearest names where they are not known")
    func unknown() {
        #expect(refusal(.vp9, "rowmt", "1") == "libvpx has no option \"rowmt\" (did you mean row-mt?)")
    }

    @Test("Options of libvpx have presets that are numbers", arguments: ["good", "6", "-1", "03", ""])
    func presets(preset: String) {
        var recipe = Recipe(.vp9)
        recipe.config.preset = preset
        #expect(
            recipe.refusal() == "invalid preset \"\(preset)\" (expected cpu-used of libvpx, a number in 0...5)"
        )
    }
}
