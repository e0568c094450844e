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
    private static let ramp = "geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='mod(X*4+N*9,256)'"

    private func make(_ source: Source) throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=128x96:r=25:d=0.6"
                + " -vf \"format=rgba,scale=\(source.size),\(Self.ramp),format=yuva420p\""
                + " -c:v \(source.decoder) -b:v 300k -auto-alt-ref 0 \(source.file)"
        )
    }

    /// What ffmpeg decodes, with alpha.
    private func decoded(_ source: Source, _ name: String? = nil, _ format: String = "yuva420p") throws -> [UInt8] {
        let script = "ffmpeg -v error -c:v \(source.decoder) -i \(name ?? source.file)"
        return Array(try folder.succeed("\(script) -fps_mode passthrough -f rawvideo -pix_fmt \(format) -").output)
    }

    @Test("Transparency of VP8 and VP9 is decoded as ffmpeg decodes it", .mustEnd, arguments: Source.all)
    func decodes(source: Source) throws {
        try make(source)
        let wanted = try decoded(source)
        for threads in [1, 3] {
            try folder.succeed("sluice decode \(source.file) -p i420a --threads \(threads) -o own\(threads).i420a")
            #expect(try folder.bytes("own\(threads).i420a") == wanted)
        }
        try folder.succeed("sluice decode \(source.file) -p rgba -o own.rgba")
        let pixels = try folder.bytes("own.rgba")
        let alpha = stride(from: 3, to: pixels.count, by: 4).map { pixels[$0] }
        #expect(alpha == planes(wanted, of: source.size))
    }

    /// The alpha of frames of 4:2:0 of 8 bits.
    private func planes(_ bytes: [UInt8], of size: String) -> [UInt8] {
        let sides = size.split(separator: "x").compactMap { Int($0) }
        let luma = sides[0] * sides[1]
        let colors = luma + 2 * ((sides[0] + 1) / 2) * ((sides[1] + 1) / 2)
        return stride(from: 0, to: bytes.count, by: colors + luma).flatMap { bytes[$0 + colors..<$0 + colors + luma] }
    }

    @Test("Transparency of VP8 and VP9 is kept by --alpha keep", .mustEnd, arguments: Source.all)
    func kept(source: Source) throws {
        try make(source)
        for codec in ["vp9", "vp8"] {
            let told = try folder.succeed(
                "sluice \(source.file) --codec \(codec) --preset 5 --alpha keep --quantizer 2 -o \(codec).webm"
            )
            #expect(!told.errors.contains("transparency"))
            let own = try decoded(Source(codec: codec, file: "\(codec).webm"))
            let (was, now) = (planes(try decoded(source), of: source.size), planes(own, of: source.size))
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
        #expect(try decoded(source, "two.webm").count == decoded(source).count)
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
        #expect(try folder.bytes("part.i420a") == decoded(source, "a.webm"))
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

    // MARK: Pixel formats with alpha

    /// A pixel format that FFV1 or ProRes decodes to.
    struct Deep: CustomTestStringConvertible, Sendable {
        let encode: String
        let file: String
        /// What decodes to it, in ffmpeg's words.
        let format: String
        let bits: Int
        var testDescription: String { format }

        static let all = [
            Deep(
                encode: "prores_ks -profile:v 4 -pix_fmt yuva444p10le",
                file: "in.mov",
                format: "yuva444p12le",
                bits: 12
            ),
            Deep(encode: "ffv1 -level 3 -pix_fmt yuva444p10le", file: "in.mkv", format: "yuva444p10le", bits: 10),
            Deep(encode: "ffv1 -level 3 -pix_fmt yuva422p10le", file: "in.mkv", format: "yuva422p10le", bits: 10),
            Deep(encode: "ffv1 -level 3 -pix_fmt yuva420p10le", file: "in.mkv", format: "yuva420p10le", bits: 10),
            Deep(encode: "ffv1 -level 3 -pix_fmt yuva422p", file: "in.mkv", format: "yuva422p", bits: 8),
            Deep(encode: "ffv1 -level 3 -pix_fmt gbrap10le", file: "in.mkv", format: "gbrap10le", bits: 10),
            Deep(encode: "ffv1 -level 3 -pix_fmt gbrap12le", file: "in.mkv", format: "gbrap12le", bits: 12),
            Deep(encode: "qtrle -pix_fmt argb", file: "in.mov", format: "argb", bits: 8),
        ]
    }

    private func make(_ deep: Deep) throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=96x64:r=25:d=0.2 -vf \"format=rgba,\(Self.ramp)\" -c:v \(deep.encode) \(deep.file)"
        )
        #expect(try folder.probe(deep.file, "pix_fmt") == deep.format)
    }

    /// The alpha of all pixels as the file has it, on a scale to 255.
    private func alpha(of deep: Deep) throws -> [Double] {
        let name = deep.bits > 8 ? "gray\(deep.bits)le" : "gray"
        let script =
            "ffmpeg -v error -i \(deep.file) -vf extractplanes=a -fps_mode passthrough -f rawvideo -pix_fmt \(name) -"
        let bytes = Array(try folder.succeed(script).output)
        guard deep.bits > 8 else { return bytes.map(Double.init) }
        let most = Double(1 << deep.bits - 1)
        return stride(from: 0, to: bytes.count, by: 2).map {
            (Double(bytes[$0]) + 256 * Double(bytes[$0 + 1])) * 255 / most
        }
    }

    @Test(
        "Transparency of pixel formats of any depth is kept, within half a step of 8 bits",
        .mustEnd,
        arguments: Deep.all
    )
    func deep(deep: Deep) throws {
        try make(deep)
        let wanted = try alpha(of: deep)
        let isRGB = deep.format.contains("r") && !deep.format.hasPrefix("yuva")
        let frame = 96 * 64
        let formats = isRGB ? ["rgba", "bgra", "argb"] : ["i420a", "i444a", "rgba", "argb"]
        for format in formats {
            try folder.succeed("sluice decode \(deep.file) -p \(format) -o own.\(format)")
            let bytes = try folder.bytes("own.\(format)")
            let size = format == "i420a" ? frame * 5 / 2 : frame * 4
            try #require(bytes.count == size * 5)
            for (index, alpha) in wanted.enumerated() {
                let (picture, pixel) = (index / frame * size, index % frame)
                let place =
                    switch format {
                    case "rgba", "bgra": pixel * 4 + 3
                    case "argb": pixel * 4
                    default: size - frame + pixel
                    }
                let seen = Double(bytes[picture + place])
                guard abs(seen - alpha) > 0.51 else { continue }
                Issue.record("\(format): alpha of pixel \(index) is \(seen), not \(alpha)")
                return
            }
        }
        let told = try folder.succeed(
            "sluice \(deep.file) --codec vp9 --preset 5 --alpha keep --quantizer 2 -o out.webm"
        )
        #expect(!told.errors.contains("transparency"))
        let kept = planes(try decoded(Source.all[0], "out.webm"), of: "96x64")
        try #require(kept.count == wanted.count)
        let error = zip(kept, wanted).map { abs(Double($0) - $1) }.reduce(0, +) / Double(kept.count)
        #expect(error < 1.5)
    }

    @Test("Colors beside transparency are those that ffmpeg decodes, within a step of 8 bits", .mustEnd)
    func colors() throws {
        try make(Deep.all[0])
        let script = "ffmpeg -v error -i in.mov -fps_mode passthrough -f rawvideo -pix_fmt yuva444p12le -"
        let wanted = Array(try folder.succeed(script).output)
        try folder.succeed("sluice decode in.mov -p i444a -o own.i444a")
        let own = try folder.bytes("own.i444a")
        try #require(own.count * 2 == wanted.count)
        let plane = 96 * 64
        let differences = own.indices.filter { $0 / plane % 4 < 3 }.map { index in
            abs(Double(own[index]) - (Double(wanted[2 * index]) + 256 * Double(wanted[2 * index + 1])) / 16)
        }
        #expect(differences.max() ?? 9 <= 0.5)
    }

    @Test("Comparing keeps the depth of colors that have transparency beside them", .mustEnd)
    func comparedDepth() throws {
        try make(Deep.all[0])
        let report = try folder.succeed("sluice compare in.mov in.mov --json").text
        #expect(report.contains("i444p12"))
    }

    @Test(
        "RGB of any depth and order is decoded to any other, as float64 has it",
        .mustEnd,
        arguments: Deep.all.suffix(3)
    )
    func reordered(deep: Deep) throws {
        try make(deep)
        let native = Array(
            try folder.succeed("ffmpeg -v error -i \(deep.file) -fps_mode passthrough -f rawvideo -").output
        )
        let (plane, count) = (96 * 64, 5 * 96 * 64)
        let most = Double(1 << deep.bits - 1)
        /// Red, green, blue and alpha.
        func wanted(_ component: Int, _ index: Int) -> Double {
            guard deep.bits > 8 else { return Double(native[4 * index + (component + 1) % 4]) / 255 }
            let place = (index / plane * 4 + [2, 0, 1, 3][component]) * plane + index % plane
            return Double(Int(native[2 * place]) + Int(native[2 * place + 1]) << 8) / most
        }
        for (format, places, isDeep) in [
            ("rgba", [0, 1, 2, 3], false), ("abgr", [3, 2, 1, 0], false), ("rgb24", [0, 1, 2], false),
            ("rgba64", [0, 1, 2, 3], true), ("bgra64", [2, 1, 0, 3], true), ("rgb48", [0, 1, 2], true),
        ] {
            try folder.succeed("sluice decode \(deep.file) -p \(format) --format raw -o own.raw --overwrite")
            let own = try folder.bytes("own.raw")
            try #require(own.count == count * places.count * (isDeep ? 2 : 1))
            let scale: Double = isDeep ? 65535 : 255
            let worst = (0..<count).flatMap { index in
                places.indices.map { component in
                    let place = index * places.count + places[component]
                    let seen = isDeep ? Int(own[2 * place]) + Int(own[2 * place + 1]) << 8 : Int(own[place])
                    return abs(Double(seen) - wanted(component, index) * scale)
                }
            }.max()
            // libswscale repeats the high bits of 10 and 12 in the low ones of 16.
            #expect(worst ?? 9 <= (isDeep && deep.bits > 8 ? 16 : 0.51), "\(format)")
        }
    }
}
