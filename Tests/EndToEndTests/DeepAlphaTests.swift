import Testing

/// Media whose pixel format has alpha.
@Suite("Transparency of pixel formats")
struct DeepAlphaTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

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
            "ffmpeg -v error -f lavfi -i testsrc2=s=96x64:r=25:d=0.2 -vf \"format=rgba,\(AlphaRamp.filter)\" -c:v \(deep.encode) \(deep.file)"
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
        let kept = AlphaRamp.planes(try folder.decodeAlpha("out.webm"), of: "96x64")
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
