import EncoderCore
import TestSupport
import Testing
import VideoTypes

@testable import VPXBackend

@Suite("The encoder's own pictures of VP8 and VP9")
struct ReconstructionTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let codec: VideoCodec
        var chroma = ChromaSubsampling.yuv420
        var bitDepth = 8
        var latency = LatencyMode.quality
        var scalability = ScalabilityMode.l1t1

        var pixelFormat: String { "yuv\(chroma.rawValue)p" + (bitDepth > 8 ? "\(bitDepth)le" : "") }
        var testDescription: String { "\(codec) \(pixelFormat) \(latency) \(scalability)" }

        static let all: [Case] =
            [VideoCodec.vp8, .vp9].flatMap { codec in
                LatencyMode.allCases.map { Case(codec: codec, latency: $0) }
                    + [.l1t2, .l1t3].map { Case(codec: codec, latency: .realtime, scalability: $0) }
            }
            + [10, 12].flatMap { depth in
                ChromaSubsampling.allCases.map { Case(codec: .vp9, chroma: $0, bitDepth: depth) }
            }
            + [.yuv422, .yuv444].map { Case(codec: .vp9, chroma: $0, latency: .realtime) }
    }

    @Test("The encoder's own pictures of VP8 and VP9 are those that FFmpeg decodes, bit for bit", arguments: Case.all)
    func reconstruction(item: Case) throws {
        var recipe = Recipe(item.codec, width: 67, height: 35, frames: 20)
        (recipe.config.chroma, recipe.config.bitDepth) = (item.chroma, item.bitDepth)
        (recipe.config.latencyMode, recipe.config.scalabilityMode) = (item.latency, item.scalability)
        (recipe.noise, recipe.options[9]) = (24, EncodeOptions(keyFrame: true))
        var backend = try VPXBackend(recipe.validated(), logger: .silent)
        var (chunks, own) = ([EncodedVideoChunk](), [UInt8]())
        for number in recipe.timestamps.indices {
            try backend.submit(recipe.frame(number), options: recipe.options[number] ?? EncodeOptions())
            while let chunk = try backend.nextChunk() { chunks.append(chunk) }
            let picture = backend.reconstruction()
            own += try #require(picture, "frame \(number)")
        }
        #expect(chunks.count == 20)
        let decoded = try Oracle(chunks.map(\.data), item.codec).planes(item.pixelFormat)
        let size = decoded.count / 20
        // libvpx does not filter its own copy of pictures that no other refers to: the top layer.
        let top = item.scalability.temporalLayers - 1
        let referenced = chunks.indices.filter { top == 0 || chunks[$0].temporalLayerId < top }
        try #require(own.count == decoded.count && referenced.count >= 20 / 2)
        let wrong = referenced.filter { number in
            let range = number * size..<(number + 1) * size
            return firstDifference(own[range], decoded[range], piece: size) != nil
        }
        #expect(wrong == [])
        // The picture is not a copy of the input.
        let source = try recipe.frame(19).withBytes { span in span.withUnsafeBytes { Array($0) } }
        #expect(firstDifference(own.suffix(source.count), source, piece: 1) != nil)
    }
}
