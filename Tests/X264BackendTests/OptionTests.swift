import Testing
import VideoTypes

@testable import X264Backend

@Suite("An option of libx264")
struct OptionTests {
    private func refusal(_ options: [(String, String)], _ change: (inout EncoderConfig) -> Void = { _ in }) -> String {
        var recipe = Recipe()
        recipe.config.encoderOptions = options.map { EncoderOption(key: $0.0, value: $0.1) }
        change(&recipe.config)
        return recipe.refusal()
    }

    @Test(
        "An option of libx264 that does not exist is refused with the nearest names",
        arguments: [
            ("b-frames", "bframes"), ("bframe", "bframes"), ("subm", "subme"), ("keyinnt", "keyint"),
            ("rc_lookahed", "rc-lookahead"), ("no-deblok", "deblock"), ("tun", "tune"),
        ]
    )
    func nearest(key: String, name: String) {
        #expect(refusal([(key, "1")]).hasPrefix("libx264 has no option \"\(key)\" (did you mean \(name)"))
    }

    @Test("An option of libx264 far from every name has no suggestion", arguments: ["", "quality", "zzzzzzzzzz"])
    func farAway(key: String) {
        #expect(refusal([(key, "1")]).hasPrefix("libx264 has no option \"\(key)\""), "\(refusal([(key, "1")]))")
        #expect(refusal([("zzzzzzzzzz", "1")]) == "libx264 has no option \"zzzzzzzzzz\"")
    }

    @Test("An option of libx264 knows its other spellings")
    func canonical() {
        for key in ["rc_lookahead", "no-scenecut", "no_8x8dct", "non_deterministic", "frameref"] {
            #expect(refusal([(key, "1")]) == "", "\(key)")
        }
        #expect(refusal([("foo", "1")]).hasPrefix("libx264 has no option \"foo\""))
        #expect(refusal([("scencut", "1")]) == "libx264 has no option \"scencut\" (did you mean scenecut?)")
        #expect(refusal([("ref", "1"), ("frameref", "2")]).hasSuffix("are one option, given twice"))
    }

    @Test(
        "An option of libx264 that is Sluice's to decide is refused with what to use instead",
        arguments: [
            ("bitrate", "use bitrate"), ("crf", "use constantQuality"), ("qp", "use bitrateMode quantizer"),
            ("profile", "use codec"),
            ("level", "use codec"), ("threads", "use threads"), ("fps", "use framerate"), ("annexb", "use format"),
            ("interlaced", "frames"), ("colorprim", "use primaries"), ("no-annexb", "use format"),
            ("repeat_headers", "use format"), ("open-gop", "IDR"), ("stats", "files"), ("level_idc", "use codec"),
        ]
    )
    func refused(key: String, instead: String) {
        let text = refusal([(key, "1")])
        #expect(text.hasPrefix("encoder option \(key)=1 is not passed on") && text.contains(instead), "\(text)")
    }

    @Test(
        "An option of libx264 needs a value that libx264 takes",
        arguments: [("bframes", "many"), ("me", "guess"), ("ref", ""), ("nal-hrd", "maybe")]
    )
    func malformed(key: String, value: String) {
        let text = refusal([(key, value)])
        #expect(text.hasPrefix("invalid encoder option \(key) \"\(value)\""), "\(text)")
    }

    @Test(
        "An option of libx264 is refused out of its range, which libx264 would not say, and taken at its ends",
        arguments: [
            ("ref", "1...16", ["0", "17"], ["1", "16"]), ("bframes", "0...16", ["-1", "17"], ["0", "16"]),
            ("subme", "0...11", ["12"], ["0", "11"]), ("merange", "4...1024", ["3", "2000"], ["4", "1024"]),
            ("psy-rd", "0...10", ["x", "1:11", "1:2:3"], ["1:0.5", "10", "1,2"]),
            ("deblock", "-6...6", ["7", "0:-7"], ["-6:6", "1", "true"]), ("qcomp", "0...1", ["1.1"], ["1", "0.6"]),
            ("aq-strength", "0...3", ["3.5"], ["3"]), ("trellis", "0...2", ["3"], ["2"]),
            ("rc-lookahead", "0...250", ["251"], ["250"]), ("chroma-qp-offset", "-12...12", ["13"], ["-12"]),
        ]
    )
    func ranges(key: String, range: String, wrong: [String], right: [String]) {
        for value in wrong {
            #expect(
                refusal([(key, value)]) == "invalid encoder option \(key) \"\(value)\" (expected a number in \(range))"
            )
        }
        for value in right { #expect(refusal([(key, value)]) == "", "\(key)=\(value)") }
        #expect(refusal([("no-deblock", "1"), ("no-psy", "1")]) == "")
    }

    @Test(
        "An option of libx264 is in force",
        arguments: [("bframes", "0"), ("no-cabac", "1"), ("8x8dct", "0"), ("aud", "1"), ("slices", "3")]
    )
    func applied(key: String, value: String) throws {
        var recipe = Recipe(width: 64, height: 64)
        recipe.config.threads = 1
        recipe.config.encoderOptions = [EncoderOption(key: key, value: value)]
        let oracle = try Oracle(recipe.encode().stream)
        let units = try oracle.trace()
        switch key {
        case "bframes": #expect(units.allSatisfy { ($0["slice_type"] ?? 0) % 5 != 1 })
        case "no-cabac": #expect(units.contains { $0["entropy_coding_mode_flag"] == 0 })
        case "8x8dct": #expect(!units.contains { $0["transform_8x8_mode_flag"] == 1 })
        case "aud": #expect(units.filter { $0["nal_unit_type"] == 9 }.count == 12)
        default: #expect(units.filter { [1, 5].contains($0["nal_unit_type"]) }.count == 36)
        }
        #expect(try oracle.frameCount() == 12)
    }

    @Test("An option of libx264 that a promise overrules is refused, not ignored")
    func overruled() {
        #expect(refusal([("bframes", "2")]) { $0.latencyMode = .realtime }.contains("bframes=2 contradicts"))
        #expect(refusal([("rc-lookahead", "20")]) { $0.latencyMode = .realtime }.contains("contradicts"))
        #expect(refusal([("8x8dct", "1")]) { $0.codec = "avc1.4D001E" }.contains("8x8dct=1 contradicts avc1.4D001E"))
        #expect(refusal([("cabac", "1")]) { $0.codec = "avc1.42001E" }.contains("cabac=1 contradicts avc1.42001E"))
        let twice = refusal([("bframes", "2"), ("bframes", "0")]) { $0.latencyMode = .realtime }
        #expect(twice == "encoder option bframes is given twice")
    }

    @Test("An option of libx264 may be a preset or a tune, by its name only")
    func presets() {
        #expect(refusal([]) { $0.preset = "warp" }.hasPrefix("invalid preset \"warp\" (expected ultrafast, "))
        #expect(refusal([("tune", "films")]).hasPrefix("invalid encoder option tune \"films\" (expected film, "))
        #expect(refusal([("tune", "film")]) == "")
        #expect(refusal([("tune", "psnr")]) { $0.latencyMode = .realtime } == "")
    }
}
