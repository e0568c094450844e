import Bitstream
import TestSupport
import Testing

@Suite("Pictures, one after another")
struct PictureSplitterTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Kind: CustomTestStringConvertible, Sendable {
        let format: PictureFormat
        let suffix: String
        var options: [String] = []
        var testDescription: String { "\(format.name) \(options.joined(separator: " "))" }

        static let all = [
            Kind(format: .png, suffix: "png"), Kind(format: .jpeg, suffix: "jpg"), Kind(format: .bmp, suffix: "bmp"),
            Kind(format: .webp, suffix: "webp", options: ["-c:v", "libwebp"]), Kind(format: .tiff, suffix: "tiff"),
            Kind(format: .dpx, suffix: "dpx"),
            Kind(format: .exr, suffix: "exr"), Kind(format: .exr, suffix: "exr", options: ["-compression", "zip16"]),
            Kind(format: .exr, suffix: "exr", options: ["-compression", "rle"]),
        ]
    }

    /// The files that ffmpeg writes.
    private func files(_ kind: Kind) throws -> [[UInt8]] {
        let input = ["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=34x35:r=5:d=1"]
        try folder.run("ffmpeg", input + kind.options + ["%d.\(kind.suffix)"])
        return try (1...5).map { try folder.bytes(of: "\($0).\(kind.suffix)") }
    }

    private func split(_ stream: [UInt8], by size: Int) throws -> [[UInt8]] {
        var (splitter, units) = (PictureSplitter(), [[UInt8]]())
        for start in stride(from: 0, to: stream.count, by: size) {
            splitter.append(stream[start..<min(start + size, stream.count)])
            while let unit = try splitter.next() { units.append(unit.bytes) }
        }
        while let unit = try splitter.end() { units.append(unit.bytes) }
        return units
    }

    @Test("A stream of pictures is cut where the files began, however its bytes come", arguments: Kind.all)
    func pieces(kind: Kind) throws {
        let files = try files(kind)
        for size in [1, 7, 1000, 1 << 20] {
            #expect(try split(Array(files.joined()), by: size) == files, "pieces of \(size)")
        }
        #expect(PictureFormat(beginningWith: files[0]) == kind.format)
    }

    @Test("A stream that ends within a picture is an error, wherever it ends", arguments: Kind.all)
    func truncated(kind: Kind) throws {
        let files = try files(kind)
        for length in 1..<files[1].count where length < 300 || length % 37 == 0 || length > files[1].count - 40 {
            let stream = files[0] + files[1].prefix(length)
            #expect(throws: BitstreamError.self, "\(length) bytes") { try split(stream, by: 4096) }
        }
    }

    @Test("What is between pictures is an error, as is a picture of another format")
    func foreignBytes() throws {
        let (png, bmp) = (try files(Kind.all[0]), try files(Kind.all[2]))
        #expect(throws: BitstreamError.self) {
            try split(png[0] + Array("some other bytes than a picture".utf8), by: 64)
        }
        #expect(throws: BitstreamError.self) { try split(png[0] + bmp[0], by: 64) }
    }

    @Test(
        "Damaged pictures are an error or are cut somewhere, and never a trap",
        .timeLimit(.minutes(5)),
        arguments: Kind.all
    )
    func neverTraps(kind: Kind) throws {
        var generator = SeededGenerator(for: "damaged \(kind)")
        let files = try files(kind)
        for _ in 0..<500 {
            var bytes = files[0]
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let limit = Bool.random(using: &generator) ? 200 : bytes.count
                bytes[Int.random(in: 0..<min(limit, bytes.count), using: &generator)] = .random(
                    in: 0...255,
                    using: &generator
                )
            }
            do { _ = try split(bytes + files[1], by: 997) } catch { #expect(error is BitstreamError, "\(error)") }
        }
    }
}
