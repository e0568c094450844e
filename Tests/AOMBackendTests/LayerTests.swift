import Bitstream
import Testing
import VideoTypes

@Suite("Temporal layers of libaom")
struct LayerTests {
    enum Rate: CaseIterable {
        case variable, constant, quality, quantizer

        func apply(to config: inout EncoderConfig) {
            switch self {
            case .variable: config.bitrate = 150_000
            case .constant: (config.bitrate, config.bitrateMode) = (150_000, .constant)
            case .quality: config.constantQuality = 25
            case .quantizer: (config.quantizer, config.bitrateMode) = (28, .quantizer)
            }
        }
    }

    @Test(
        "Temporal layers of libaom can be dropped from above, and what is left decodes to the same pictures, bit for bit",
        arguments: [ScalabilityMode.l1t2, .l1t3],
        Rate.allCases
    )
    func dropping(mode: ScalabilityMode, rate: Rate) throws {
        for latency in LatencyMode.allCases {
            var recipe = Recipe(width: 96, height: 64, frames: 24)
            (recipe.config.latencyMode, recipe.config.scalabilityMode) = (latency, mode)
            rate.apply(to: &recipe.config)
            recipe.options[10] = EncodeOptions(keyFrame: true)
            recipe.config.keyFrameInterval = 9
            let chunks = try recipe.encode()
            // The interval, the forced key frame, and the interval from there.
            #expect(chunks.keys == [0, 9, 10, 19])
            let numbers = chunks.indices.map { frame in frame - (chunks.keys.last { $0 <= frame } ?? 0) }
            #expect(chunks.map(\.temporalLayerId) == numbers.map { mode.temporalLayer(ofFrame: $0) })
            let size = try recipe.layout.size
            let all = try Oracle(chunks, size).hashes()
            #expect(all.count == chunks.count)
            for layer in 0..<mode.temporalLayers - 1 {
                let kept = chunks.indices.filter { chunks[$0].temporalLayerId <= layer }
                #expect(try Oracle(kept.map { chunks[$0] }, size).hashes() == kept.map { all[$0] })
            }
        }
    }

    @Test("each have an operating point in the sequence header, with the level of the codec string")
    func operatingPoints() throws {
        var recipe = Recipe("av01.0.09M.08", frames: 2)
        recipe.config.scalabilityMode = .l1t3
        let unit = try AV1TemporalUnit(parsing: recipe.encode()[0].data)
        let header = try AV1SequenceHeader(parsing: #require(unit.sequenceHeader).payload)
        #expect(header.operatingPoints.map(\.idc) == [0x107, 0x103, 0x101])
        #expect(header.operatingPoints.map(\.level) == [9, 9, 9])
    }

    @Test("Temporal layers of libaom share the bit rate")
    func shares() throws {
        var recipe = Recipe(width: 160, height: 128, frames: 100)
        (recipe.config.latencyMode, recipe.config.scalabilityMode) = (.realtime, .l1t3)
        (recipe.config.bitrate, recipe.config.bitrateMode) = (100_000, .constant)
        let chunks = try recipe.encode()
        let bits = (0...2).map { layer in
            chunks.filter { $0.temporalLayerId <= layer }.reduce(0) { $0 + $1.data.count * 8 } / 4
        }
        #expect((60_000...120_000).contains(bits[2]), "\(bits)")
        #expect(bits[0] < bits[1] && bits[1] < bits[2], "\(bits)")
    }
}
