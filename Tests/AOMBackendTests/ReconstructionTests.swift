import EncoderCore
import Logging
import TestSupport
import Testing
import VideoTypes

@testable import AOMBackend

@Suite("The encoder's own pictures of AV1")
struct ReconstructionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var format = PixelFormat.i420
        var latency = LatencyMode.quality
        var scalability = ScalabilityMode.l1t1
        var testDescription: String { "\(format) \(latency) \(scalability)" }

        static let all: [Case] =
            [PixelFormat.i420, .i420p10, .i422, .i422p10, .i444, .i444p10, .i420p12].flatMap { format in
                LatencyMode.allCases.map { Case(format: format, latency: $0) }
            }
            + [.l1t2, .l1t3].flatMap { layers in
                LatencyMode.allCases.map { Case(latency: $0, scalability: layers) }
            }
    }

    /// What the encoder makes of noisy pictures: chunks, and the pictures that it predicts from.
    private func encode(_ recipe: Recipe) throws -> (chunks: [EncodedVideoChunk], own: [UInt8]) {
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var backend = try AOMBackend(recipe.validated(), logger: silent)
        var (chunks, own) = ([EncodedVideoChunk](), [UInt8]())
        func take(_ backend: inout AOMBackend) throws {
            while let chunk = try backend.nextChunk() {
                chunks.append(chunk)
                let picture = backend.reconstruction()
                own += try #require(picture, "chunk \(chunks.count)")
            }
        }
        for number in recipe.timestamps.indices {
            try backend.submit(recipe.frame(number), options: recipe.options[number] ?? EncodeOptions())
            try take(&backend)
        }
        try backend.drain()
        try take(&backend)
        return (chunks, own)
    }

    private func recipe(_ item: Case) -> Recipe {
        var recipe = Recipe(.lowest(.av1), width: 67, height: 35, frames: 24)
        (recipe.config.chroma, recipe.config.bitDepth) = (item.format.chroma ?? .yuv420, item.format.bitDepth)
        (recipe.config.latencyMode, recipe.config.scalabilityMode) = (item.latency, item.scalability)
        // So that there is something for the filters and the restoration to do.
        recipe.config.constantQuality = 45
        recipe.config.preset = item.latency == .quality ? "4" : "7"
        return recipe
    }

    @Test("The encoder's own pictures of AV1 are those that libdav1d decodes, bit for bit", arguments: Case.all)
    func reconstruction(item: Case) throws {
        let recipe = recipe(item)
        let (chunks, own) = try encode(recipe)
        #expect(chunks.count == 24)
        let decoded = try Oracle(chunks, recipe.layout.size).pictures(as: item.format, isRGB: false)
        let size = try recipe.layout.byteCount
        // libaom does not filter its own copy of pictures that no other refers to: the top layer.
        let top = item.scalability.temporalLayers - 1
        let referenced = chunks.indices.filter { top == 0 || chunks[$0].temporalLayerId < top }
        try #require(own.count == decoded.count && referenced.count >= 24 / 2)
        let wrong = referenced.filter { number in
            let range = number * size..<(number + 1) * size
            return firstDifference(own[range], decoded[range], piece: size) != nil
        }
        #expect(wrong == [])
        // The picture is not a copy of the input.
        let last = try Pictures.bytes(23, recipe.layout)
        #expect(firstDifference(own.suffix(last.count), last, piece: 1) != nil)
    }

    @Test("The encoder's own pictures of AV1 are without film grain, which only decoders add")
    func filmGrain() throws {
        var recipe = recipe(Case())
        recipe.config.encoderOptions = [EncoderOption(key: "film-grain-test", value: "1")]
        let (chunks, own) = try encode(recipe)
        let oracle = try Oracle(chunks, recipe.layout.size)
        let size = try recipe.layout.byteCount
        let grainy = try oracle.pictures(as: .i420, isRGB: false)
        let clean = try oracle.pictures(as: .i420, isRGB: false, decoder: ["-filmgrain", "0"])
        #expect(firstDifference(own, grainy, piece: size) == 0)
        #expect(firstDifference(own, clean, piece: size) == nil)
    }
}
