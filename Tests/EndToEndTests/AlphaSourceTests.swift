import Testing

/// Media with transparency, which ffmpeg makes and decodes.
@Suite("Transparency of media")
struct AlphaSourceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A codec that stores transparency beside its pictures.
    struct Source: CustomTestStringConvertible, Sendable {
        let codec: String
        let file: String
        var size = "66x50"
        var decoder: String { codec == "vp8" ? "libvpx" : "libvpx-vp9" }
        var testDescription: String { "\(codec) in \(file), \(size)" }

        static let all = [
            Source(codec: "vp9", file: "in.webm"), Source(codec: "vp8", file: "in.webm"),
            Source(codec: "vp9", file: "in.mkv", size: "65x49"), Source(codec: "vp8", file: "in.mkv", size: "65x49"),
        ]
    }

    private static let frames = 15

    private func make(_ source: Source) throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=128x96:r=25:d=0.6"
                + " -vf \"format=rgba,scale=\(source.size),\(AlphaRamp.filter),format=yuva420p\""
                + " -c:v \(source.decoder) -b:v 300k -auto-alt-ref 0 \(source.file)"
        )
    }

    @Test("Transparency of VP8 and VP9 is decoded as ffmpeg decodes it", .mustEnd, arguments: Source.all)
    func decodes(source: Source) throws {
        try make(source)
        let wanted = try folder.decodeAlpha(source.file, source.decoder)
        for threads in [1, 3] {
            try folder.succeed("sluice decode \(source.file) -p i420a --threads \(threads) -o own\(threads).i420a")
            #expect(try folder.bytes("own\(threads).i420a") == wanted)
        }
        try folder.succeed("sluice decode \(source.file) -p rgba -o own.rgba")
        let pixels = try folder.bytes("own.rgba")
        let alpha = stride(from: 3, to: pixels.count, by: 4).map { pixels[$0] }
        #expect(alpha == AlphaRamp.planes(wanted, of: source.size))
    }

    @Test("Transparency of VP8 and VP9 is kept by --alpha keep", .mustEnd, arguments: Source.all)
    func kept(source: Source) throws {
        try make(source)
        for codec in ["vp9", "vp8"] {
            let told = try folder.succeed(
                "sluice \(source.file) --codec \(codec) --preset 5 --alpha keep --quantizer 2 -o \(codec).webm"
            )
            #expect(!told.errors.contains("transparency"))
            let own = try folder.decodeAlpha("\(codec).webm", codec == "vp8" ? "libvpx" : "libvpx-vp9")
            let (was, now) = (
                AlphaRamp.planes(try folder.decodeAlpha(source.file, source.decoder), of: source.size),
                AlphaRamp.planes(own, of: source.size)
            )
            try #require(was.count == now.count)
            let error = zip(was, now).map { abs(Int($0) - Int($1)) }.reduce(0, +)
            #expect(Double(error) / Double(was.count) < 1.5)
            // The pictures and their transparency.
            let report = try folder.succeed("sluice compare \(source.file) \(codec).webm --json").text
            #expect(report.contains(#""components":["Y","U","V","A"]"#))
        }
    }

    @Test("Transparency that an encode or a decode has no use for is dropped, which is said", .mustEnd)
    func dropped() throws {
        let source = Source.all[0]
        try make(source)
        let commands = [
            "sluice in.webm --codec vp9 --preset 5 -o out.webm", "sluice decode in.webm -o own.i420",
            "sluice in.webm -o out.mp4",
        ]
        for command in commands {
            #expect(try folder.succeed(command).errors.contains("transparency is dropped"), "\(command)")
        }
        #expect(try folder.bytes("own.i420") == folder.decode("in.webm", "yuv420p"))
        try folder.succeed("sluice in.webm --codec vp9 --preset 5 --alpha keep --parallel 2 -o two.webm")
        #expect(
            try folder.decodeAlpha("two.webm", source.decoder).count
                == folder.decodeAlpha(source.file, source.decoder).count
        )
    }

    @Test("Transparency is refused where a stream has none", .mustEnd)
    func none() throws {
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=66x50:r=25:d=0.2 -c:v libvpx-vp9 in.webm")
        try folder.fail("sluice decode in.webm -p i420a -o own.i420a", status: 69, saying: "transparency")
        try folder.fail("sluice in.webm --codec vp9 --alpha keep -o out.webm", status: 64, saying: "transparency")
        try folder.succeed("sluice decode in.webm -p rgba -o own.rgba")
        let bytes = try folder.bytes("own.rgba")
        #expect(stride(from: 3, to: bytes.count, by: 4).allSatisfy { bytes[$0] == 255 })
    }

    private static let commands = [
        "sluice decode in.webm -p i420a -o own.i420a", "sluice in.webm --codec vp9 --preset 5 --alpha keep -o out.webm",
        "sluice compare in.webm in.webm",
    ]

    @Test("A picture without its transparency is an error", .mustEnd, arguments: Source.all.prefix(2))
    func missing(source: Source) throws {
        try make(Source(codec: source.codec, file: "a.webm"))
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=66x50:r=25:d=0.2 -c:v \(source.decoder) b.webm"
        )
        try folder.write(Array("file a.webm\nfile b.webm\n".utf8), to: "list")
        try folder.succeed("ffmpeg -v error -f concat -i list -c copy in.webm")
        for command in Self.commands {
            try folder.fail(command, status: 65, saying: "at 600000 µs has no transparency")
        }
        try folder.succeed("sluice decode in.webm -p i420a --accept-partial -o part.i420a")
        #expect(try folder.bytes("part.i420a") == folder.decodeAlpha("a.webm", source.decoder))
        try folder.succeed("sluice decode in.webm -o own.i420")
    }

    /// Where the transparency of each picture begins in a file: the bytes after `BlockAddID` 1 and the size of `BlockAdditional`.
    private func additions(_ bytes: [UInt8]) -> [Int] {
        bytes.indices.dropLast(8).filter { Array(bytes[$0..<$0 + 4]) == [0xEE, 0x81, 0x01, 0xA5] }.map { start in
            start + 5 + bytes[start + 4].leadingZeroBitCount
        }
    }

    @Test("Damaged transparency is an error", .mustEnd, arguments: Source.all.prefix(2))
    func damaged(source: Source) throws {
        try make(source)
        var bytes = try folder.bytes("in.webm")
        let places = additions(bytes)
        try #require(places.count == Self.frames)
        for place in places[7]..<places[7] + 3 { bytes[place] = source.codec == "vp8" ? 0xFF : 0 }
        try folder.write(bytes, to: "in.webm")
        for command in Self.commands { try folder.fail(command, status: 65, saying: "transparency") }
        #expect(folder.names == ["in.webm"])
        try folder.succeed("sluice decode in.webm -o own.i420")
    }

    @Test("Transparency of another size than its picture is an error", .mustEnd)
    func otherSize() throws {
        try make(Source.all[1])
        var bytes = try folder.bytes("in.webm")
        // The width in the frame header of VP8 (RFC 6386 9.1).
        bytes[try #require(additions(bytes).first) + 6] = 48
        try folder.write(bytes, to: "in.webm")
        for command in Self.commands {
            try folder.fail(command, status: 65, saying: "is 48x50, but its colors are 66x50")
        }
    }
}
