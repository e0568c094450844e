import Testing

@Suite("Transparency")
struct AlphaTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let (width, height, frames) = (64, 48, 5)
    private static let color: [UInt8] = [200, 60, 40]
    private static let alphas: [UInt8] = [255, 64]

    /// Frames of one color: opaque on the left, a quarter of it on the right.
    private func source(premultiplied: Bool = false) throws {
        let row = (0..<Self.width).flatMap { x -> [UInt8] in
            let alpha = Self.alphas[x * 2 / Self.width]
            let color = Self.color.map { premultiplied ? UInt8((Int($0) * Int(alpha) + 127) / 255) : $0 }
            return color + [alpha]
        }
        try folder.write(Array(repeating: row, count: Self.height * Self.frames).flatMap { $0 }, to: "in.rgba")
    }

    private let encode = "sluice -s 64x48 -r 30 -p rgba"

    /// The RGB in the middle of either half of every frame.
    private func halves(_ name: String, matrix: String = "bt709") throws -> [[Int]] {
        let frames = try folder.decode(
            name,
            "rgb24",
            filter: "scale=in_color_matrix=\(matrix):in_range=tv:flags=accurate_rnd"
        )
        let size = Self.width * Self.height * 3
        #expect(frames.count == size * Self.frames)
        return stride(from: 0, to: frames.count, by: size).flatMap { frame in
            [16, 48].map { x in (0..<3).map { Int(frames[frame + (24 * Self.width + x) * 3 + $0]) } }
        }
    }

    private func expect(
        _ halves: [[Int]],
        _ left: [Int],
        _ right: [Int],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (index, half) in halves.enumerated() {
            let wanted = index % 2 == 0 ? left : right
            let difference = zip(half, wanted).map { abs($0 - $1) }.max() ?? 999
            #expect(difference <= 4, "\(half), not \(wanted)", sourceLocation: sourceLocation)
        }
    }

    @Test("Transparency is discarded by default", .mustEnd, arguments: Carriage.webm + [Carriage.mp4[0]])
    func discarded(item: Carriage) throws {
        try source()
        try folder.succeed("\(encode) \(Quick.flags(item.codec)) --quantizer 4 -o \(item.file) in.rgba")
        #expect(try folder.probe(item.file, "pix_fmt") == "yuv420p")
        expect(
            try halves(item.file, matrix: item.codec == "vp8" ? "smpte170m" : "bt709"),
            [200, 60, 40],
            [200, 60, 40]
        )
        #expect(try !folder.succeed("ffprobe -v error -show_streams \(item.file)").text.contains("alpha_mode"))
    }

    @Test("Transparency is composited over --background", .mustEnd, arguments: [false, true])
    func background(premultiplied: Bool) throws {
        try source(premultiplied: premultiplied)
        let flags = "--background 0000FF \(premultiplied ? "--premultiplied" : "")"
        for item in [Carriage.mp4[0], .webm[0], .webm[1], .mp4[3]] {
            try folder.succeed(
                "\(encode) \(Quick.flags(item.codec)) \(flags) --quantizer 4 --overwrite -o \(item.file) in.rgba"
            )
            // 64/255 of the color and 191/255 of blue.
            expect(
                try halves(item.file, matrix: item.codec == "vp8" ? "smpte170m" : "bt709"),
                [200, 60, 40],
                [50, 15, 201]
            )
        }
    }

    @Test("Transparency of bgra and argb is composited too", .mustEnd, arguments: ["bgra", "argb"])
    func otherOrders(format: String) throws {
        try source()
        try folder.succeed(
            "ffmpeg -v error -f rawvideo -s 64x48 -pix_fmt rgba -i in.rgba -f rawvideo -pix_fmt \(format) in.raw"
        )
        try folder.succeed("sluice -s 64x48 -r 30 -p \(format) --background 0000FF --quantizer 4 -o out.mp4 in.raw")
        expect(try halves("out.mp4"), [200, 60, 40], [50, 15, 201])
    }

    private static let keepers = (Carriage.webm + Carriage.mkv).filter { ["vp8", "vp9"].contains($0.codec) }

    @Test("Transparency is kept, as browsers play it, by a second stream", .mustEnd, arguments: keepers)
    func kept(item: Carriage) throws {
        try source()
        let flags = "\(Quick.flags(item.codec)) --alpha keep --quantizer 4 --chunks out.jsonl"
        try folder.succeed("\(encode) \(flags) -o \(item.file) in.rgba")
        #expect(
            try folder.succeed("ffprobe -v error -show_streams \(item.file)").text.lowercased().contains("alpha_mode=1")
        )
        let decoder = item.codec == "vp8" ? "libvpx" : "libvpx-vp9"
        let script = "ffmpeg -v error -xerror -c:v \(decoder) -i \(item.file) -f rawvideo -pix_fmt yuva420p -"
        let decoded = Array(try folder.succeed(script).output)
        let (luma, frame) = (Self.width * Self.height, Self.width * Self.height * 5 / 2)
        try #require(decoded.count == frame * Self.frames)
        for start in stride(from: 0, to: decoded.count, by: frame) {
            for (x, alpha) in [(16, 255), (48, 64)] {
                let seen = Int(decoded[start + luma * 3 / 2 + 24 * Self.width + x])
                #expect(abs(seen - alpha) <= 2, "\(seen), not \(alpha)")
            }
        }
        let chunks = try folder.chunkDetails("out.jsonl")
        #expect(chunks.count == Self.frames && chunks.allSatisfy { ($0.alphaSize ?? 0) > 0 })
        // A decoder without alpha shows the colors themselves.
        expect(
            try halves(item.file, matrix: item.codec == "vp8" ? "smpte170m" : "bt709"),
            [200, 60, 40],
            [200, 60, 40]
        )
    }

    @Test("Transparency that is premultiplied is kept with the original colors", .mustEnd)
    func keptPremultiplied() throws {
        try source(premultiplied: true)
        let outcome = try folder.run(
            "\(encode) --codec vp9 --alpha keep --premultiplied --quantizer 4 -o out.webm in.rgba"
        )
        if outcome.ending == .exited(0) {
            expect(try halves("out.webm"), [200, 60, 40], [200, 60, 40])
        } else {
            #expect(outcome.ending == .exited(64) || outcome.ending == .exited(69))
            #expect(outcome.errors.contains("premultiplied"))
        }
    }

    @Test("Transparency of i420a is kept too", .mustEnd)
    func i420a() throws {
        let source = try folder.source("i420a", frames: 3)
        let flags = "--codec vp9 --preset 5 --alpha keep --quantizer 4"
        try folder.succeed("sluice -s 64x48 -r 30 -p i420a \(flags) -o out.webm \(source)")
        let decode = "-f rawvideo -pix_fmt yuva420p"
        let coded = try folder.succeed("ffmpeg -v error -c:v libvpx-vp9 -i out.webm \(decode) -").output
        let original = try folder.bytes(source)
        try #require(coded.count == original.count)
        let largest = zip(coded, original).map { abs(Int($0) - Int($1)) }.reduce(0, +)
        #expect(Double(largest) / Double(original.count) < 2)
    }

    @Test(
        "Transparency that cannot be stored is refused with an alternative",
        .mustEnd,
        arguments: [
            ("vp8", "ivf", "mkv or webm"), ("vp9", "ivf", "mkv or webm"), ("vp9", "mp4", "mkv or webm"),
            ("h264", "mp4", "VP8 or VP9"), ("hevc", "mkv", "VP8 or VP9"), ("av1", "webm", "VP8 or VP9"),
        ]
    )
    func refused(codec: String, format: String, words: String) throws {
        let command = "\(encode) --codec \(codec) --alpha keep -o out.\(format)"
        try folder.fail("mkfifo frames; exec 9<>frames; \(command) frames", status: 69, saying: words)
        #expect(folder.names == ["frames"])
    }

    @Test(
        "Transparency that the input does not have, or that is both kept and covered, is a usage error",
        .mustEnd,
        arguments: [
            "-p i420 --alpha keep", "-p rgbx --background 112233", "-p rgb24 --premultiplied",
            "-p rgba --background zz",
            "-p rgba --background 12345", "-p rgba --alpha keep --background 112233", "-p rgba --alpha maybe",
        ]
    )
    func contradictions(flags: String) throws {
        try folder.fail(
            "sluice -s 64x48 -r 30 \(flags) --codec vp9 -o out.webm < /dev/null",
            status: 64,
            saying: "error"
        )
        #expect(folder.names == [])
    }
}
