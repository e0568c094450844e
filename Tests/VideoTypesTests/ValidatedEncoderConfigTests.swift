import Testing
import VideoTypes

@Suite("A validated configuration")
struct ValidatedEncoderConfigTests {
    typealias Change = @Sendable (inout EncoderConfig) -> Void

    /// One broken rule, and how it is worded.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let message: String
        let change: Change
        var testDescription: String { message }

        init(_ message: String, _ change: @escaping Change) { (self.message, self.change) = (message, change) }
    }

    static let refusals: [Refusal] = [
        Refusal("invalid codedWidth 0 (expected 1...16384)") { $0.codedWidth = 0 },
        Refusal("invalid codedWidth -5 (expected 1...16384)") { $0.codedWidth = -5 },
        Refusal("invalid codedHeight 16385 (expected 1...16384)") { $0.codedHeight = 16385 },
        Refusal("invalid keyFrameInterval 0 (expected 1...2147483647)") { $0.keyFrameInterval = 0 },
        Refusal("invalid threads 129 (expected 1...128)") { $0.threads = 129 },
        Refusal("invalid threads 0 (expected 1...128)") { $0.threads = 0 },
        Refusal("invalid bitrate 999 (expected 1000...2000000000)") { $0.bitrate = 999 },
        Refusal("invalid bitrate 2000000001 (expected 1000...2000000000)") { $0.bitrate = 2_000_000_001 },
        Refusal("invalid codec \"\" (expected a codec string)") { $0.codec = "" },
        Refusal("invalid codec \"avc1.42\" (expected avc1. and six hexadecimal digits)") { $0.codec = "avc1.42" },
        Refusal("invalid codec \"avc3\" (expected avc3. and six hexadecimal digits)") { $0.codec = "avc3" },
        Refusal(
            "codec \"theora\" is unknown (use avc1, avc3, hvc1, hev1, vp8, vp09 or av01)"
        ) { $0.codec = "theora" },
        Refusal("invalid bitDepth \"9\" (expected 8, 10 or 12)") { $0.bitDepth = 9 },
        Refusal("invalid contentLightLevel \"-1,400\" (expected two numbers in 0...65535)") {
            ($0.codec, $0.contentLightLevel) = ("vp8", ContentLightLevel(maxCLL: -1, maxFALL: 400))
        },
        Refusal(
            "invalid masteringDisplay \"G(0,0)B(0,0)R(0,50001)WP(0,0)L(1,0)\" (expected chromaticities in 0...50000, "
                + "and a least luminance of 0 or more below the most)"
        ) {
            let (none, wrong) = (
                MasteringDisplay.Chromaticity(x: 0, y: 0), MasteringDisplay.Chromaticity(x: 0, y: 50001)
            )
            $0.masteringDisplay = MasteringDisplay(
                red: wrong,
                green: none,
                blue: none,
                white: none,
                maxLuminance: 1,
                minLuminance: 0
            )
        },
        Refusal("a quantizer needs bitrateMode quantizer, not variable") { $0.quantizer = 20 },
        Refusal("a bitrate and constantQuality exclude each other") {
            ($0.bitrate, $0.constantQuality) = (1_000_000, 20)
        },
        Refusal("constantQuality and bitrateMode constant exclude each other") {
            ($0.bitrateMode, $0.constantQuality) = (.constant, 20)
        },
        Refusal("bitrateMode constant needs a bitrate") { $0.bitrateMode = .constant },
        Refusal("invalid constantQuality \"51.5\" (expected a number in 0...51)") { $0.constantQuality = 51.5 },
        Refusal("invalid constantQuality \"-0.5\" (expected a number in 0...51)") { $0.constantQuality = -0.5 },
        Refusal("invalid constantQuality \"nan\" (expected a number in 0...51)") { $0.constantQuality = .nan },
        Refusal("bitrateMode quantizer needs a quantizer") { $0.bitrateMode = .quantizer },
        Refusal("invalid quantizer 52 (expected 0...51)") { ($0.bitrateMode, $0.quantizer) = (.quantizer, 52) },
        Refusal("invalid quantizer -1 (expected 0...51)") { ($0.bitrateMode, $0.quantizer) = (.quantizer, -1) },
        Refusal("bitrateMode quantizer excludes a bitrate and constantQuality") {
            ($0.bitrateMode, $0.quantizer, $0.bitrate) = (.quantizer, 20, 5000)
        },
        Refusal("bitrateMode quantizer excludes a bitrate and constantQuality") {
            ($0.bitrateMode, $0.quantizer, $0.constantQuality) = (.quantizer, 20, 20)
        },
    ]

    private func config(_ change: Change = { _ in }) -> EncoderConfig {
        var config = EncoderConfig(codec: "avc1.42001E", width: 640, height: 480)
        change(&config)
        return config
    }

    @Test("A validated configuration is refused with the thing, its value and what would be right", arguments: refusals)
    func refused(refusal: Refusal) {
        let error = #expect(throws: EncoderConfigError.self) {
            try ValidatedEncoderConfig(config(refusal.change))
        }
        #expect(error?.description == refusal.message)
        #expect(error?.isUnsupported == refusal.message.contains("is unknown"))
    }

    @Test("A validated configuration takes the ends of every range")
    func ends() throws {
        let changes: [Change] = [
            { ($0.codedWidth, $0.codedHeight) = (1, 16384) }, { $0.keyFrameInterval = 1 },
            { $0.keyFrameInterval = Int(Int32.max) }, { $0.threads = 128 }, { $0.bitrate = 1000 },
            { $0.bitrate = 2_000_000_000 }, { $0.constantQuality = 0 }, { $0.constantQuality = 51 },
            { ($0.bitrateMode, $0.quantizer) = (.quantizer, 0) }, { ($0.bitrateMode, $0.quantizer) = (.quantizer, 51) },
        ]
        for change in changes {
            let config = config(change)
            #expect(try ValidatedEncoderConfig(config).values == config)
        }
    }

    @Test("A validated configuration reports what keeps the rate, with what that needs and nothing else")
    func rateControl() throws {
        func rate(_ change: Change) throws -> ValidatedEncoderConfig.RateControl {
            try ValidatedEncoderConfig(config(change)).rateControl
        }
        #expect(try rate { _ in } == .quality(nil))
        #expect(try rate { $0.constantQuality = 18.5 } == .quality(18.5))
        #expect(try rate { $0.bitrate = 5000 } == .variable(bitrate: 5000))
        #expect(try rate { ($0.bitrate, $0.bitrateMode) = (5000, .constant) } == .constant(bitrate: 5000))
        #expect(try rate { ($0.quantizer, $0.bitrateMode) = (7, .quantizer) } == .quantizer(7))
    }

    @Test("A validated configuration has understood its codec")
    func codec() throws {
        let string = try #require(AVCCodecString("avc1.42001E"))
        #expect(try ValidatedEncoderConfig(config()).codec == .avc(string))
        #expect(try ValidatedEncoderConfig(config { $0.codec = .lowest(.h264) }).codec == .lowest(.h264))
        let resolved = try ValidatedEncoderConfig(config { $0.codec = .lowest(.h264) }).resolved(to: string.description)
        #expect(resolved.values.codec == "avc1.42001E")
        #expect(resolved.codec.codec == .h264)
    }

    @Test("A validated configuration suggests the names nearest to an unknown option")
    func suggestions() {
        let none = EncoderConfigError.unknownOption(encoder: "x264", key: "foo", nearest: [])
        #expect(none.description == "x264 has no option \"foo\"")
        let some = EncoderConfigError.unknownOption(encoder: "x264", key: "b-frames", nearest: ["bframes", "ref"])
        #expect(some.description == "x264 has no option \"b-frames\" (did you mean bframes, ref?)")
    }
}
