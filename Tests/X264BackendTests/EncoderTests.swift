import Sluice
import Testing
import Threading

@Suite("A video encoder with libx264")
struct EncoderTests {
    private final class Chunks: Sendable {
        private let chunks = Monitor([EncodedVideoChunk]())
        var all: [EncodedVideoChunk] { chunks.withLock { $0 } }
        func append(_ chunk: EncodedVideoChunk) { chunks.withLock { $0.append(chunk) } }
        func reaches(_ count: Int) -> Bool { chunks.wait(atMost: .seconds(20)) { $0.count >= count } }
    }

    private let chunks = Chunks()

    private func encoder(_ recipe: Recipe) throws -> VideoEncoder {
        let chunks = chunks
        let encoder = VideoEncoder { chunks.append($0) }
        try encoder.configure(recipe.config)
        return encoder
    }

    private func submit(_ numbers: Range<Int>, of recipe: Recipe, to encoder: VideoEncoder) throws {
        for number in numbers {
            try encoder.submit(
                Pictures.frame(number, width: recipe.config.codedWidth, height: recipe.config.codedHeight)
            )
        }
    }

    @Test(
        "A video encoder with libx264 gives each chunk out before the next frame in realtime",
        .timeLimit(.minutes(1)),
        arguments: ["ultrafast", "slow"]
    )
    func realtime(preset: String) throws {
        var recipe = Recipe()
        (recipe.config.latencyMode, recipe.config.preset) = (.realtime, preset)
        for framerate in [FrameRate(25), nil] {
            recipe.config.framerate = framerate
            let before = chunks.all.count
            let encoder = try encoder(recipe)
            for number in 0..<12 {
                try submit(number..<(number + 1), of: recipe, to: encoder)
                #expect(chunks.reaches(before + number + 1))
            }
            try encoder.close()
        }
        #expect(chunks.all.map(\.timestamp) == [0, 1].flatMap { _ in (0..<12).map { Int64($0) * 40000 } })
    }

    @Test(
        "A video encoder with libx264 goes on with a key frame after a flush, in one decodable stream",
        .timeLimit(.minutes(1))
    )
    func flush() throws {
        let recipe = Recipe()
        let encoder = try encoder(recipe)
        try submit(0..<7, of: recipe, to: encoder)
        try encoder.flush()
        #expect(chunks.all.count == 7)
        try submit(7..<15, of: recipe, to: encoder)
        try encoder.flush()
        #expect(chunks.all.keys == [0, 7])
        #expect(chunks.all[7].decoderConfig == nil, "it has not changed")
        #expect(try Oracle(chunks.all.stream).frameCount() == 15)
        try encoder.close()
    }

    @Test("A video encoder with libx264 forgets what it holds when it is reset", .timeLimit(.minutes(1)))
    func reset() throws {
        let recipe = Recipe()
        let encoder = try encoder(recipe)
        try submit(0..<9, of: recipe, to: encoder)
        try encoder.reset()
        let before = chunks.all.count
        try encoder.configure(recipe.config)
        try submit(20..<26, of: recipe, to: encoder)
        try encoder.flush()
        let after = Array(chunks.all.dropFirst(before))
        #expect(after.map(\.timestamp).sorted() == (20..<26).map { Int64($0) * 40000 })
        #expect(after.first?.decoderConfig != nil)
        #expect(try Oracle(after.stream).frameCount() == 6)
        try encoder.close()
    }

    @Test(
        "A video encoder with libx264 changes its size in the middle of a stream that FFmpeg decodes",
        .timeLimit(.minutes(1))
    )
    func reconfigure() throws {
        let (small, large) = (Recipe(width: 64, height: 48), Recipe("avc1.42E01E", width: 160, height: 98))
        let encoder = try encoder(small)
        try submit(0..<5, of: small, to: encoder)
        try encoder.configure(large.config)
        #expect(chunks.all.count == 5)
        try submit(5..<9, of: large, to: encoder)
        try encoder.flush()
        #expect(chunks.all.keys == [0, 5])
        #expect(chunks.all[5].decoderConfig?.codedWidth == 160)
        let sizes = try Oracle(chunks.all.stream).decodedSizes()
        #expect(sizes == Array(repeating: "64x48", count: 5) + Array(repeating: "160x98", count: 4))
        try encoder.close()
    }

    @Test("A video encoder with libx264 scales frames of another size to its own", .timeLimit(.minutes(1)))
    func otherSizes() throws {
        let recipe = Recipe()
        let encoder = try encoder(recipe)
        try encoder.submit(Pictures.frame(0, width: 62, height: 48, timestamp: -40000))
        try submit(0..<3, of: recipe, to: encoder)
        try encoder.flush()
        #expect(chunks.all.count == 4)
        #expect(try Oracle(chunks.all.stream).decodedSizes() == Array(repeating: "64x48", count: 4))
        try encoder.close()
    }

    @Test("A video encoder with libx264 goes on after a frame whose timestamp does not grow", .timeLimit(.minutes(1)))
    func timestamps() throws {
        var recipe = Recipe()
        recipe.config.framerate = nil
        let encoder = try encoder(recipe)
        try submit(0..<3, of: recipe, to: encoder)
        #expect(throws: EncoderError.self) { try encoder.submit(Pictures.frame(1, width: 64, height: 48)) }
        #expect(encoder.state == .configured, "submit: invalidFrame leaves the encoder as it was")
        try submit(3..<6, of: recipe, to: encoder)
        try encoder.flush()
        #expect(chunks.all.count == 6)
        try encoder.close()
    }

    @Test(
        "A video encoder with libx264 opens nothing for a configuration that cannot be, and can be configured then",
        .timeLimit(.minutes(1))
    )
    func unsupported() throws {
        var recipe = Recipe("avc1.64001E", width: 1920, height: 1080)
        let encoder = VideoEncoder { _ in }
        #expect(throws: EncoderError.self) { try encoder.configure(recipe.config) }
        recipe.config.codec = "avc1.640028"
        try encoder.configure(recipe.config)
        #expect(encoder.state == .configured)
        try encoder.close()
    }
}

@Suite("Whether a configuration is supported")
struct ConfigSupportTests {
    @Test("Whether a configuration is supported is answered with the configuration that it becomes")
    func supported() {
        let config = Recipe("avc1.42001E").config
        guard case .supported(let resolved) = VideoEncoder.isConfigSupported(config) else {
            Issue.record("\(VideoEncoder.isConfigSupported(config))")
            return
        }
        #expect(resolved == config)
    }

    @Test(
        "Whether a configuration is supported is answered with the reason where it is not",
        arguments: [
            ("avc1.42001E", 1920, 1080), ("theora", 64, 64), ("mp4v.20.9", 64, 64), ("avc1.58001E", 64, 64),
            ("avc1.64003E", 16384, 16384), ("avc1.64001E", 33, 17),
        ]
    )
    func unsupported(codec: String, width: Int, height: Int) {
        let support = VideoEncoder.isConfigSupported(Recipe(.exact(codec), width: width, height: height).config)
        guard case .unsupported(let reason) = support else {
            Issue.record("\(support)")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test(
        "Whether a configuration is supported is no question for what means nothing",
        arguments: [("", 64, 64), ("avc1.42", 64, 64), ("avc1.42001E", 0, 64)]
    )
    func invalid(codec: String, width: Int, height: Int) {
        let support = VideoEncoder.isConfigSupported(Recipe(.exact(codec), width: width, height: height).config)
        guard case .invalid = support else {
            Issue.record("\(support)")
            return
        }
    }

    @Test(
        "Whether a configuration is supported is answered for a codec that was left open with the string that was chosen (fault H6)"
    )
    func short() {
        guard case .supported(let config) = VideoEncoder.isConfigSupported(Recipe(.lowest(.h264)).config) else {
            Issue.record("it is supported")
            return
        }
        #expect(config.codec.description.hasPrefix("avc1."))
    }

    @Test(
        "Whether a configuration is supported is denied where the matrix is for RGB and the chroma is not 4:4:4 (H.264 E.2.1)"
    )
    func identityMatrix() {
        var config = Recipe().config
        config.colorSpace.matrix = .rgb
        guard case .supported = VideoEncoder.isConfigSupported(config) else { return }
        Issue.record("matrix rgb with 4:2:0 is supported")
    }
}
