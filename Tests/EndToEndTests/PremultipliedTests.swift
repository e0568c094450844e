import Testing

/// Media whose colors are multiplied by their alpha.
@Suite("Premultiplied media")
struct PremultipliedTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Patches of 16 by 16 samples: each with a color, of Y, Cb and Cr of 10 bits, and an alpha.
    private static let patches: [(color: [Double], alpha: Int)] = [
        ([700, 400, 600], 1023), ([700, 400, 600], 512), ([500, 700, 300], 128), ([900, 512, 512], 64),
        ([300, 500, 540], 40), ([64, 512, 512], 0), ([400, 640, 400], 800), ([800, 300, 700], 256),
    ]

    /// The patches in a row, the colors multiplied by their alpha, in YUV of limited range; the color that is left of each.
    private func makePremultiplied(_ format: String, shift: Int) throws -> [[Double]] {
        var (planes, straight): ([[UInt8]], [[Double]]) = (Array(repeating: [], count: 4), [])
        for plane in 0..<4 {
            for _ in 0..<16 {
                for patch in Self.patches {
                    let alpha = patch.alpha >> shift
                    let zero: Double = plane == 0 ? 64 : 512
                    let share = Double(alpha) / Double(1023 >> shift)
                    let color =
                        plane == 3 ? Double(alpha) : (zero + (patch.color[plane] - zero) * share) / Double(1 << shift)
                    let value = Int(color.rounded())
                    for _ in 0..<16 {
                        planes[plane] += shift > 0 ? [UInt8(value)] : [UInt8(value & 255), UInt8(value >> 8)]
                    }
                }
            }
        }
        for patch in Self.patches {
            let share = Double(patch.alpha >> shift) / Double(1023 >> shift)
            straight.append(
                (0..<3).map { plane in
                    let zero: Double = plane == 0 ? 64 : 512
                    let coded = ((zero + (patch.color[plane] - zero) * share) / Double(1 << shift)).rounded()
                    guard share > 0 else { return zero / 4 }
                    return (zero + (coded * Double(1 << shift) - zero) / share) / 4
                }
            )
        }
        try folder.write(planes.flatMap { $0 }, to: "in.raw")
        try folder.succeed(
            "ffmpeg -v error -f rawvideo -s 128x16 -r 25 -pix_fmt \(format) -i in.raw -c:v ffv1 -level 3 in.mkv"
        )
        return straight
    }

    @Test(
        "Colors of media that are multiplied by their alpha are divided by it before they are rounded to 8 bits",
        .mustEnd,
        arguments: [("yuva444p10le", 0), ("yuva444p", 2)]
    )
    func premultiplied(format: String, shift: Int) throws {
        let straight = try makePremultiplied(format, shift: shift)
        let flags = "--codec vp9 --preset 5 --alpha keep --quantizer 0"
        try folder.succeed("sluice in.mkv \(flags) --premultiplied -o out.webm")
        let own = try folder.decodeAlpha("out.webm")
        try #require(own.count == 128 * 16 * 5 / 2)
        for (index, color) in straight.enumerated() {
            let x = index * 16 + 8
            let seen = [own[8 * 128 + x], own[128 * 16 + 4 * 64 + x / 2], own[128 * 16 * 5 / 4 + 4 * 64 + x / 2]]
            for (value, wanted) in zip(seen, color) {
                #expect(abs(Double(value) - wanted) <= 1, "patch \(index): \(seen), not \(color)")
            }
            #expect(
                abs(Double(own[128 * 16 * 3 / 2 + 8 * 128 + x]) - Double(Self.patches[index].alpha) / 1023 * 255) <= 1.5
            )
        }
        // As they are, they are darker.
        try folder.succeed("sluice in.mkv \(flags) -o dark.webm")
        #expect(try folder.decodeAlpha("dark.webm")[8 * 128 + 24] < own[8 * 128 + 24] - 20)
    }

    @Test("Premultiplied colors are refused where transparency is not used, or is not there", .mustEnd)
    func premultipliedRefusals() throws {
        _ = try makePremultiplied("yuva444p10le", shift: 0)
        try folder.fail("sluice in.mkv --codec vp9 --premultiplied -o out.webm", status: 64, saying: "premultiplied")
        try folder.fail(
            "sluice in.mkv --codec vp9 --alpha keep --background 00FF00 -o out.webm",
            status: 64,
            saying: "exclude"
        )
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=66x50:r=25:d=0.2 -c:v ffv1 opaque.mkv")
        try folder.fail(
            "sluice opaque.mkv --codec vp9 --alpha keep --premultiplied -o out.webm",
            status: 64,
            saying: "transparency"
        )
    }

    @Test("A background beside YUV with transparency is refused with what to use", .mustEnd)
    func background() throws {
        _ = try makePremultiplied("yuva444p10le", shift: 0)
        try folder.fail("sluice in.mkv --background 00FF00 -o out.mp4", status: 69, saying: "separate plane")
    }
}
