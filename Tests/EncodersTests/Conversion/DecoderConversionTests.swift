import Foundation
import Sluice
import TestSupport
import Testing

@Suite("A decoder's frames in another format")
struct DecoderConversionTests {
    private func distances(_ ours: [UInt8], _ theirs: [UInt8]) -> (most: Int, mean: Double) {
        let all = zip(ours, theirs).map { abs(Int($0) - Int($1)) }
        return (all.max() ?? 0, Double(all.reduce(0, +)) / Double(max(1, all.count)))
    }

    /// What libswscale has to be told so that it does not take short cuts.
    private func filter(_ matrix: String, _ range: String, _ format: PixelFormat) -> [String] {
        let flags = "flags=bilinear+accurate_rnd+full_chroma_int+full_chroma_inp"
        return [
            "-vf", "scale=in_color_matrix=\(matrix):in_range=\(range):out_range=pc:\(flags),format=\(format.ffmpeg)",
        ]
    }

    static let colors: [(tags: [String], matrix: String, range: String)] = [
        (["-colorspace", "bt709", "-color_range", "tv"], "bt709", "tv"),
        (["-colorspace", "smpte170m", "-color_range", "tv"], "smpte170m", "tv"),
        (["-colorspace", "bt470bg", "-color_range", "pc"], "bt470bg", "pc"),
        (["-colorspace", "bt2020nc", "-color_range", "tv"], "bt2020nc", "tv"),
        (["-colorspace", "smpte240m", "-color_range", "tv"], "smpte240m", "tv"),
        (["-colorspace", "fcc", "-color_range", "tv"], "fcc", "tv"),
    ]

    @Test(
        "A decoder's frames in another format are RGB by the stream's own matrix and range",
        .timeLimit(.minutes(2)),
        arguments: colors,
        [PixelFormat.rgba, .bgra, .rgb24]
    )
    func matrices(color: (tags: [String], matrix: String, range: String), format: PixelFormat) throws {
        let folder = try TemporaryFolder()
        // Full chroma is not interpolated, so both must agree.
        let stream = DecodedStream("4:4:4", "x.h264", .i444, "libx264 -preset ultrafast -qp 1")
        try stream.make(in: folder, color: color.tags)
        let decoded = try decode(stream.chunks(in: folder), as: format)
        let raw = try stream.raw(in: folder, as: format, filter: filter(color.matrix, color.range, format))
        #expect(decoded.formats == [format])
        #expect(decoded.bytes.count == raw.count)
        // Ours is within 1 of the equations, as PixelConversionTests show; libswscale need not be.
        let (most, mean) = distances(decoded.bytes, raw)
        #expect(most <= 3, "\(most)")
        #expect(mean < 0.6, "\(mean)")
        #expect(decoded.colors.allSatisfy { $0.matrix == .rgb && $0.fullRange })
    }

    @Test(
        "A decoder's frames in another format equal those of the kernel",
        .timeLimit(.minutes(2)),
        arguments: DecodedStream.all
    )
    func kernel(stream: DecodedStream) throws {
        let folder = try TemporaryFolder()
        try stream.make(in: folder)
        let chunks = try stream.chunks(in: folder)
        let (plain, rgba) = (try decode(chunks), try decode(chunks, as: .rgba))
        let source = try #require(PictureLayout(format: stream.format, size: stream.size))
        let target = try #require(PictureLayout(format: .rgba, size: stream.size))
        let color = try #require(plain.colors.first).guessingMatrix(for: stream.size)
        let converter = try RGBConverter(source: stream.format, target: target, color: color, chromaLocation: .left)
        var expected = [UInt8](repeating: 0, count: target.byteCount)
        for number in 0..<30 {
            let picture = Array(plain.bytes[(number * source.byteCount)...].prefix(source.byteCount))
            var span = expected.mutableSpan
            var bytes = span.mutableBytes
            converter.convert(picture: picture.span.bytes, layout: source, into: &bytes)
            let ours = rgba.bytes[(number * target.byteCount)...].prefix(target.byteCount)
            #expect(Array(ours) == expected, "frame \(number)")
        }
        #expect(rgba.timestamps == plain.timestamps)
    }

    @Test(
        "A decoder's frames in another format have interleaved chroma as in ffmpeg",
        .timeLimit(.minutes(2)),
        arguments: [("a.h264", PixelFormat.nv12), ("d.ivf", .nv12), ("b.mp4", .p010), ("e.ivf", .p010)]
    )
    func pairs(file: String, format: PixelFormat) throws {
        let folder = try TemporaryFolder()
        let stream = try #require(DecodedStream.all.first { $0.file == file })
        try stream.make(in: folder)
        let decoded = try decode(stream.chunks(in: folder), as: format)
        #expect(decoded.formats == [format])
        #expect(decoded.bytes == (try stream.raw(in: folder, as: format)))
    }

    @Test(
        "A decoder's frames in another depth or chroma are close to those of ffmpeg",
        .timeLimit(.minutes(2)),
        arguments: [("b.mp4", PixelFormat.i420), ("c.h264", .i420), ("b.h264", .i420), ("a.h264", .i420p10)]
    )
    func depths(file: String, format: PixelFormat) throws {
        let folder = try TemporaryFolder()
        let stream = try #require(DecodedStream.all.first { $0.file == file })
        try stream.make(in: folder)
        let decoded = try decode(stream.chunks(in: folder), as: format)
        let raw = try stream.raw(in: folder, as: format)
        #expect(decoded.formats == [format])
        #expect(decoded.bytes.count == raw.count)
        #expect(distances(decoded.bytes, raw).mean < 2.5)
    }

    @Test(
        "A decoder's frames without a tagged matrix are converted with BT.709 over 576 rows, else with BT.601",
        .timeLimit(.minutes(2))
    )
    func guesses() throws {
        let folder = try TemporaryFolder()
        for (size, matrix) in [("64x576", "smpte170m"), ("64x578", "bt709")] {
            let size = try #require(PictureSize(size))
            let stream = DecodedStream("untagged", "y.h264", .i444, "libx264 -preset ultrafast -qp 1", size: size)
            try stream.make(in: folder, color: [])
            let decoded = try decode(stream.chunks(in: folder), as: .rgba)
            let raw = try stream.raw(in: folder, as: .rgba, filter: filter(matrix, "tv", .rgba))
            #expect(distances(decoded.bytes, raw).most <= 3, "\(size)")
        }
    }

    @Test("A decoder's gray frames of limited range are converted to full range", .timeLimit(.minutes(2)))
    func gray() throws {
        let folder = try TemporaryFolder()
        let stream = DecodedStream("gray", "g.hevc", .gray8, "libx265 -x265-params log-level=0:lossless=1")
        try stream.make(in: folder, color: ["-color_range", "tv"])
        let chunks = try stream.chunks(in: folder)
        let plain = try decode(chunks)
        try #require(plain.formats == [.gray8])
        let fullRange = try #require(plain.colors.first).fullRange
        #expect(!fullRange)
        let rgba = try decode(chunks, as: .rgba)
        for (index, luma) in plain.bytes.enumerated() {
            let expected = min(255, max(0, (Double(luma) - 16) * 255 / 219))
            let pixel = rgba.bytes[(index * 4)..<(index * 4 + 3)]
            guard pixel.allSatisfy({ abs(Double($0) - expected) <= 1 }) else {
                Issue.record("\(luma) became \(pixel)")
                return
            }
        }
        let i420 = try decode(chunks, as: .i420)
        let (luma, size) = (98 * 68, 98 * 68 * 3 / 2)
        #expect(Array(i420.bytes.prefix(luma)) == Array(plain.bytes.prefix(luma)))
        #expect(i420.bytes[luma..<size].allSatisfy { $0 == 128 })
    }

    @Test(
        "A decoder's frames in an unsupported format are refused, with the reason",
        .timeLimit(.minutes(2))
    )
    func refused() throws {
        let folder = try TemporaryFolder()
        let stream = DecodedStream("GBR", "r.h264", .i444, "libx264rgb -preset ultrafast -pix_fmt rgb24")
        try stream.make(in: folder, color: [])
        let chunks = try stream.chunks(in: folder)
        let error = #expect(throws: DecoderError.self) { _ = try decode(chunks, as: .i420) }
        guard case .unsupported(let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("planar RGB"))
        // RGB itself has no equations, and is exact.
        #expect(try decode(chunks, as: .rgba).bytes == (try stream.raw(in: folder, as: .rgba)))
    }
}
