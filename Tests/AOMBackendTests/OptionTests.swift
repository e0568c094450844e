import AOMBackend
import Bitstream
import TestSupport
import Testing
import VideoTypes

@Suite("Options of libaom")
struct OptionTests {
    private func recipe(_ key: String, _ value: String, frames: Int = 6) -> Recipe {
        var recipe = Recipe(width: 96, height: 64, frames: frames)
        recipe.config.encoderOptions = [EncoderOption(key: key, value: value)]
        return recipe
    }

    @Test(
        "Options of libaom change the stream",
        arguments: [
            ("error-resilient", "1"), ("enable-order-hint", "0"), ("tile-columns", "1"), ("min-q", "50"),
            ("tune", "ssim"),
            ("sharpness", "7"), ("enable-cdef", "0"), ("lag-in-frames", "0"),
        ]
    )
    func effective(key: String, value: String) throws {
        var plain = recipe(key, value)
        plain.config.encoderOptions = []
        (plain.config.codedWidth, plain.config.codedHeight) = (160, 96)
        var changed = plain
        changed.config.encoderOptions = [EncoderOption(key: key, value: value)]
        let chunks = try changed.encode()
        #expect(try chunks.map(\.data) != plain.encode().map(\.data))
        #expect(try Oracle(chunks, changed.layout.size).hashes().count == 6)
    }

    @Test("Options of libaom are refused if they are unknown, with the nearest names")
    func unknown() {
        #expect(
            recipe("enable-cdeff", "0").refusal().hasPrefix(
                "libaom has no option \"enable-cdeff\" (did you mean enable-cdef"
            )
        )
        #expect(recipe("", "").refusal().contains("has no option"))
    }

    @Test(
        "Options of libaom are refused if their value is invalid",
        arguments: [
            ("enable-cdef", "perhaps"), ("min-q", "64"), ("tune", "x"), ("lag-in-frames", ""), ("tile-rows", "9"),
            ("aq-mode", "-1"),
        ]
    )
    func malformed(key: String, value: String) {
        #expect(recipe(key, value).refusal().contains("invalid encoder option \(key)"))
    }

    @Test(
        "Options of libaom are refused if Sluice sets them",
        arguments: [
            "target-bitrate", "cq-level", "cpu-used", "sframe-dist", "enable-fwd-kf", "drop-frame", "annexb",
            "resize-mode",
            "film-grain-table", "target-seq-level-idx", "kf-max-dist", "large-scale-tile",
        ]
    )
    func refused(key: String) { #expect(recipe(key, "1").refusal().contains("is not passed on")) }

    @Test(
        "Options of libaom are refused if they have no effect without another one, which the message names",
        arguments: [
            ("qm-min", "2", "enable-qm=1"), ("qm-max", "3", "enable-qm=1"),
            ("denoise-block-size", "16", "denoise-noise-level=1"),
        ]
    )
    func ineffective(key: String, value: String, need: String) throws {
        #expect(recipe(key, value).refusal() == "encoder option \(key)=\(value) has no effect without \(need)")
        // With that, it does something.
        var other = recipe(key, value)
        let parts = need.split(separator: "=").map(String.init)
        other.isNoise = true
        let enough = parts[0] == "denoise-noise-level" ? "20" : parts[1]
        other.config.encoderOptions = [EncoderOption(key: parts[0], value: enough)]
        if enough == "20" { other.config.encoderOptions.append(EncoderOption(key: "enable-dnl-denoising", value: "0")) }
        let without = try other.encode().map(\.data)
        other.config.encoderOptions.append(EncoderOption(key: key, value: value))
        #expect(try other.encode().map(\.data) != without)
    }

    @Test("Options of libaom are refused if they would have libaom write into the caller's pictures")
    func writing() throws {
        var recipe = recipe("denoise-noise-level", "20", frames: 24)
        #expect(recipe.refusal().contains("write into the pictures it is given (use enable-dnl-denoising=0 too)"))
        recipe.config.encoderOptions.append(EncoderOption(key: "enable-dnl-denoising", value: "0"))
        #expect(try recipe.encode().count == 24)
    }

    @Test("Options of libaom are refused if what they refine is turned off")
    func turnedOff() {
        var recipe = recipe("enable-masked-comp", "0")
        recipe.config.encoderOptions.append(EncoderOption(key: "enable-diff-wtd-comp", value: "1"))
        #expect(recipe.refusal() == "encoder option enable-diff-wtd-comp=1 has no effect without enable-masked-comp=1")
        recipe.config.encoderOptions.reverse()
        #expect(recipe.refusal() == "encoder option enable-diff-wtd-comp=1 has no effect without enable-masked-comp=1")
        #expect(self.recipe("deltaq-strength", "50").refusal().contains("all-intra"))
        var realtime = self.recipe("delta-lf-mode", "1")
        #expect(realtime.refusal() == "")
        realtime.config.latencyMode = .realtime
        #expect(realtime.refusal() == "encoder option delta-lf-mode=1 has no effect without deltaq-mode=1")
    }

    @Test(
        "Options of libaom are refused out of their range, which the message names, and accepted at its ends",
        arguments: [
            ("aq-mode", 0...3), ("arnr-maxframes", 0...15), ("arnr-strength", 0...6), ("cdf-update-mode", 0...2),
            ("deltaq-mode", 0...3), ("disable-trellis-quant", 0...3), ("enable-cdef", 0...2),
            ("enable-keyframe-filtering", 0...2), ("film-grain-test", 0...16), ("loopfilter-control", 0...3),
            ("max-reference-frames", 3...7), ("sharpness", 0...7), ("gf-max-pyr-height", 0...5),
        ]
    )
    func ranges(key: String, range: ClosedRange<Int>) {
        for value in [range.lowerBound - 1, range.upperBound + 1] {
            let expected = "(expected a number in \(range.lowerBound)...\(range.upperBound))"
            #expect(recipe(key, "\(value)").refusal() == "invalid encoder option \(key) \"\(value)\" \(expected)")
        }
        for value in [range.lowerBound, range.upperBound] { #expect(recipe(key, "\(value)").refusal() == "") }
    }

    @Test("Options of libaom are refused if a promise would overrule them")
    func contradicted() {
        var quantizer = recipe("aq-mode", "1")
        (quantizer.config.bitrateMode, quantizer.config.quantizer) = (.quantizer, 20)
        #expect(quantizer.refusal().contains("contradicts bitrateMode quantizer"))
        var realtime = recipe("lag-in-frames", "10")
        realtime.config.latencyMode = .realtime
        #expect(realtime.refusal().contains("contradicts latencyMode realtime"))
        var layers = recipe("enable-order-hint", "0")
        layers.config.scalabilityMode = .l1t2
        #expect(layers.refusal().contains("contradicts scalabilityMode L1T2"))
        let free = recipe("undershoot-pct", "10").refusal()
        #expect(free == "encoder option undershoot-pct=10 has no effect without a bitrate")
    }

    @Test(
        "The lookahead of libaom is limited to what it survives, with key frames at any distance",
        arguments: [1, 2, 3, 5]
    )
    func lookahead(interval: Int) throws {
        // It died with an interval of 1 and 2 once its lookahead was full.
        var recipe = Recipe(width: 32, height: 32, frames: 90)
        (recipe.config.keyFrameInterval, recipe.config.preset) = (interval, "9")
        let chunks = try recipe.encode()
        #expect(chunks.keys == Array(stride(from: 0, to: 90, by: interval)))
        #expect(try Oracle(chunks, recipe.layout.size).hashes().count == 90)
        recipe.config.encoderOptions = [EncoderOption(key: "lag-in-frames", value: "19")]
        #expect(recipe.refusal().contains("0...18"))
    }

    @Test("Options of libaom let it find key frames at cuts in quick succession")
    func cuts() throws {
        // Of such streams one in ten made it die.
        var random = SeededGenerator(for: "cuts")
        for _ in 0..<20 {
            var recipe = Recipe(width: 64, height: 48, frames: 140)
            recipe.config.preset = "9"
            recipe.scenes = (0..<140).reduce(into: []) { scenes, _ in
                let isCut = scenes.isEmpty || Int.random(in: 0..<5, using: &random) == 0
                scenes.append((scenes.last ?? 0) + (isCut ? 1 : 0))
            }
            #expect(try recipe.encode().count == 140)
        }
    }

    @Test(
        "Options of libaom name a preset that libaom supports",
        arguments: [("10", LatencyMode.quality), ("4", .realtime), ("fast", .quality)]
    )
    func presets(preset: String, latency: LatencyMode) {
        var recipe = Recipe()
        (recipe.config.preset, recipe.config.latencyMode) = (preset, latency)
        #expect(recipe.refusal().contains("invalid preset"))
    }

    @Test("Options of libaom do not allow fractions of quality levels, which libaom does not support")
    func quality() {
        var recipe = Recipe()
        recipe.config.constantQuality = 20.5
        #expect(recipe.refusal().contains("a whole number"))
    }
}

@Suite("The level of an AV1 codec string")
struct LevelTests {
    @Test(
        "The level of an AV1 codec string is refused for a size, a rate, a bit rate or tiles beyond it, naming one that works"
    )
    func refusals() {
        var recipe = Recipe("av01.0.00M.08", width: 1280, height: 720)
        #expect(
            recipe.refusal()
                == "size 1280x720 exceeds av01.0.00M.08 (level 2.0 allows 147456 samples of a frame, this has 921600;"
                + " use level 3.1)"
        )
        recipe = Recipe("av01.0.00M.08", width: 352, height: 288)
        recipe.config.framerate = FrameRate(60)
        #expect(
            recipe.refusal().contains("allows 4423680 samples shown a second, this has 6082560; use level 2.1")
        )
        recipe = Recipe("av01.0.00M.08")
        recipe.config.bitrate = 1_500_001
        #expect(recipe.refusal().contains("use level 2.1"))
        recipe = Recipe("av01.0.08H.08")
        recipe.config.bitrate = 30_000_000
        #expect(recipe.refusal() == "")
        recipe = Recipe("av01.0.00M.08", width: 2048, height: 64)
        recipe.config.encoderOptions = [EncoderOption(key: "tile-columns", value: "3")]
        #expect(recipe.refusal().contains("8 tile columns exceeds"))
    }

    @Test(
        "The level of an AV1 codec string stops the encode if constant quality exceeds its bit rate"
    )
    func watch() throws {
        var recipe = Recipe("av01.0.00M.08", width: 352, height: 288, frames: 30)
        recipe.isNoise = true
        recipe.config.constantQuality = 5
        recipe.config.latencyMode = .realtime
        recipe.config.preset = "10"
        #expect(throws: EncoderError.self) { try recipe.encode() }
        recipe.isNoise = false
        #expect(try recipe.encode().count == 30)
    }
}
