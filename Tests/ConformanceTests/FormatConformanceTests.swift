import Sluice
import Testing
import VideoTypes

@Suite("Every encoder, in every size and format")
struct FormatConformanceTests {
    private static let sizes: [(Int, Int)] = [
        (1, 1), (1, 2), (2, 1), (2, 2), (3, 5), (8, 8), (15, 17), (16, 16), (17, 15), (31, 33), (34, 18), (67, 35),
        (66, 34), (64, 64), (66, 64), (130, 66),
    ]

    @Test(
        "Every encoder, in every size and format encodes the size that it is given, or reports why it cannot",
        .timeLimit(.minutes(1)),
        arguments: Subject.all
    )
    func sizes(subject: Subject) throws {
        var encoded = 0
        for (width, height) in Self.sizes {
            let config = subject.config(width, height)
            guard try subject.supported(config) != nil else { continue }
            let chunks = try subject.encode(config, frames: 3)
            let pictures = try Oracle.pictures(chunks, config)
            #expect(pictures.map(\.size) == Array(repeating: PictureSize(width: width, height: height), count: 3))
            #expect(chunks.first?.decoderConfig?.codedWidth == width)
            encoded += 1
        }
        #expect(encoded >= 3, "\(subject.testDescription) encodes next to nothing")
        if subject.codec.hasOddSizes, subject.encoder.name.hasPrefix("libvpx") || subject.encoder.name == "libaom" {
            #expect(encoded == Self.sizes.count)
        }
    }

    @Test(
        "Every encoder, in every size and format keeps chroma and depth, or reports why it cannot",
        .timeLimit(.minutes(1)),
        arguments: Subject.all,
        ChromaSubsampling.allCases
    )
    func formats(subject: Subject, chroma: ChromaSubsampling) throws {
        for depth in [8, 10, 12] {
            let config = subject.config(96, 64, chroma: chroma, bitDepth: depth)
            guard try subject.supported(config) != nil else {
                #expect(chroma != .yuv420 || depth > 8, "8-bit 4:2:0 is what everybody does")
                continue
            }
            let chunks = try subject.encode(config, frames: 6)
            // The oracle compares in the configured format: anything else fails there.
            let pictures = try Oracle.pictures(chunks, config)
            #expect(pictures.count == 6)
            #expect(pictures.allSatisfy { $0.psnr > 25 }, "\(depth) bits: \(pictures.map(\.psnr))")
        }
    }

    @Test(
        "Every encoder, in every size and format tags color as it is told, and the decoder reads it",
        .timeLimit(.minutes(1)),
        arguments: Subject.all
    )
    func color(subject: Subject) throws {
        let colors: [VideoColorSpace] = [
            .bt709, .bt601,
            VideoColorSpace(primaries: .bt709, transfer: .bt709, matrix: .bt709, fullRange: true),
            VideoColorSpace(primaries: .bt2020, transfer: .pq, matrix: .bt2020NCL, fullRange: false),
        ]
        var tagged = 0
        for color in colors {
            var config = subject.config()
            config.colorSpace = color
            guard try subject.supported(config) != nil else { continue }
            tagged += 1
            let chunks = try subject.encode(config, frames: 2)
            let said = try #require(chunks.first?.decoderConfig?.colorSpace)
            #expect(said.matrix == color.matrix && said.fullRange == color.fullRange)
            let read = try Oracle.colorSpace(chunks)
            #expect((read.matrix, read.fullRange) == (said.matrix, said.fullRange))
            // VP9 has one word for all three, of which FFmpeg's decoder takes the matrix only.
            guard subject.codec != .vp9 else { continue }
            #expect(read == said)
        }
        #expect(tagged > 0)
    }
}
