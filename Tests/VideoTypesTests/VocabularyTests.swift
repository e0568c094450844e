import Testing
import VideoTypes

@Suite("WebCodecs' words")
struct VocabularyTests {
    @Test(
        "WebCodecs' words for layers are those of the extension's table",
        arguments: ["L1T1", "L1T2", "L1T3", "L2T1", "L2T2h", "L3T3_KEY", "L2T2_KEY_SHIFT", "S2T1", "S3T3h"]
    )
    func modes(name: String) throws {
        let mode = try #require(ScalabilityMode(name))
        #expect(mode.description == name)
        #expect(mode.isTemporalOnly == name.hasPrefix("L1"))
    }

    @Test(
        "WebCodecs' words that are not modes are none",
        arguments: [
            "", "L1", "L1T4", "L0T1", "l1t2", "L1T2 ", "L1T2h", "L1T2_KEY", "S1T2", "S2T2_KEY", "L2T1_KEY_SHIFT",
            "L11T1",
        ]
    )
    func noModes(name: String) { #expect(ScalabilityMode(name) == nil) }

    @Test("WebCodecs' words for layers give each frame its own, from the key frame on")
    func patterns() {
        #expect((0..<6).map(ScalabilityMode.l1t1.temporalLayer) == [0, 0, 0, 0, 0, 0])
        #expect((0..<6).map(ScalabilityMode.l1t2.temporalLayer) == [0, 1, 0, 1, 0, 1])
        #expect((0..<9).map(ScalabilityMode.l1t3.temporalLayer) == [0, 2, 1, 2, 0, 2, 1, 2, 0])
    }

    @Test("WebCodecs' words for mastering displays are read as x265 writes them")
    func masteringDisplay() throws {
        let text = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
        let display = try #require(MasteringDisplay(text))
        #expect(display.description == text)
        #expect(display.red == MasteringDisplay.Chromaticity(x: 34000, y: 16000))
        #expect((display.maxLuminance, display.minLuminance) == (10_000_000, 50))
        for wrong in [
            "", "G(1,2)", text + "G(1,2)", text.replacing("L(10000000,50)", with: "L(50,50)"),
            text.replacing("34500", with: "50001"), text.replacing("34500", with: "-1"), text.dropLast(1).description,
            text.replacing("WP", with: "W"), text.replacing("(7500,3000)", with: "(7500,3000,1)"),
        ] { #expect(MasteringDisplay(wrong) == nil, "\(wrong)") }
    }

    @Test("WebCodecs' words for light levels are two numbers of 16 bits")
    func lightLevels() {
        #expect(ContentLightLevel("1000,400") == ContentLightLevel(maxCLL: 1000, maxFALL: 400))
        for wrong in ["", "1000", "1000,", "1,2,3", "65536,1", "-1,0", "a,b"] {
            #expect(ContentLightLevel(wrong) == nil)
        }
    }
}

@Suite("A quantizer")
struct QuantizerScaleTests {
    @Test("A quantizer has an index in the bitstream, which grows with it", arguments: [VideoCodec.vp8, .vp9, .av1])
    func indices(codec: VideoCodec) throws {
        let scale = QuantizerScale(codec)
        let indices = scale.levels.compactMap { scale.index(ofLevel: $0) }
        #expect(indices.count == 64)
        #expect(zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 })
        #expect(indices.first == 0 && indices.last == (codec == .vp8 ? 127 : 255))
        for level in scale.levels { #expect(scale.level(ofIndex: indices[level]) == level) }
    }

    @Test("A quantizer is the nearest to the index that is asked for")
    func nearest() throws {
        let scale = QuantizerScale(.vp9)
        for index in 0...255 {
            let level = try #require(scale.level(nearestTo: index))
            let distance = abs(try #require(scale.index(ofLevel: level)) - index)
            #expect(scale.levels.allSatisfy { abs((scale.index(ofLevel: $0) ?? 999) - index) >= distance })
        }
        #expect(scale.level(nearestTo: 256) == nil && scale.level(nearestTo: -1) == nil)
        #expect(QuantizerScale(.h264).indexRange == nil)
    }

    @Test("A quantizer in either scale is checked against its codec's range")
    func ranges() throws {
        var config = EncoderConfig(codec: "vp8", width: 16, height: 16)
        config.bitrateMode = .quantizer
        config.quantizerIndex = 127
        #expect(try ValidatedEncoderConfig(config).rateControl == .quantizer(63))
        config.quantizerIndex = 128
        #expect(throws: EncoderConfigError.outOfRange(field: "quantizerIndex", actual: 128, allowed: 0...127)) {
            try ValidatedEncoderConfig(config)
        }
        config.codec = "av01.0.04M.08"
        #expect(try ValidatedEncoderConfig(config).rateControl == .quantizer(32))
        config.quantizer = 3
        #expect(throws: EncoderConfigError.self) { try ValidatedEncoderConfig(config) }
        config.quantizerIndex = nil
        config.quantizer = 63
        #expect(try ValidatedEncoderConfig(config).rateControl == .quantizer(63))
        config.codec = "avc1.42001E"
        #expect(throws: EncoderConfigError.outOfRange(field: "quantizer", actual: 63, allowed: 0...51)) {
            try ValidatedEncoderConfig(config)
        }
    }
}
