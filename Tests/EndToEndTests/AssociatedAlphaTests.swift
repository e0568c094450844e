import Foundation
import TestSupport
import Testing

/// Pictures of formats whose colors are multiplied by their alpha, as their headers tell.
@Suite("Associated alpha")
struct AssociatedAlphaTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let color = [0.8, 0.4, 0.2]
    private static let alphas = [1, 0.5, 0.25, 0.125]

    /// Patches of 16 by 16 pixels of one color, each with an alpha.
    private func makeEXR() throws {
        let row = Self.alphas.flatMap { alpha in
            Array(repeating: Self.color.map { $0 * alpha } + [alpha], count: 16)
        }
        try folder.write(OpenEXRFile.bytes(Array(repeating: row, count: 16), primaries: nil), to: "in.exr")
    }

    /// The same in a TIFF.
    ///
    /// - Parameters:
    ///   - bits: Bits of a sample.
    ///   - kind: What its header tells of alpha: 1 if colors are multiplied by it, 2 if they are not.
    ///   - isAssociated: Whether they are.
    private func makeTIFF(_ bits: Int, kind: Int, isAssociated: Bool, to name: String = "in.tif") throws {
        let most = Double(1 << bits - 1)
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let row = Self.alphas.flatMap { alpha -> [UInt8] in
            let pixel = Self.color.map { $0 * (isAssociated ? alpha : 1) } + [alpha]
            let bytes = pixel.flatMap { number(Int(($0 * most).rounded()), bits / 8) }
            return Array(repeatElement(bytes, count: 16).joined())
        }
        let samples = Array(repeatElement(row, count: 16).joined())
        // Tag, type, count and value of each entry; the bits of four samples are after the directory.
        let entries = [
            (256, 3, 1, 64), (257, 3, 1, 16), (258, 3, 4, 8 + samples.count + 2 + 11 * 12 + 4), (259, 3, 1, 1),
            (262, 3, 1, 2), (273, 4, 1, 8), (277, 3, 1, 4), (278, 3, 1, 16), (279, 4, 1, samples.count),
            (284, 3, 1, 1), (338, 3, 1, kind),
        ]
        let directory =
            number(entries.count, 2)
            + entries.flatMap { number($0.0, 2) + number($0.1, 2) + number($0.2, 4) + number($0.3, 4) } + number(0, 4)
        let head = Array("II".utf8) + number(42, 2) + number(8 + samples.count, 4)
        let tail = Array(repeatElement(number(bits, 2), count: 4).joined())
        try folder.write(head + samples + directory + tail, to: name)
    }

    /// Throws unless the middle of each patch has the luma of a function of its alpha, of 8 bits.
    private func expect(_ samples: [UInt8], within limit: Double, _ luma: (Double) -> Double) {
        for (index, alpha) in Self.alphas.enumerated() {
            let own = Double(samples[8 * 64 + index * 16 + 8])
            #expect(abs(own - luma(alpha)) <= limit, "alpha \(alpha): \(own), not \(luma(alpha))")
        }
    }

    private static func luma(_ rgb: [Double]) -> Double { Light.samplesOfBT709(rgb)[0] / 4 }

    private static let encode = "--codec vp9 --crf 0 --overwrite -r 24"

    @Test("Colors of OpenEXR are divided by their alpha where that is kept, whether or not a flag tells it")
    func openEXR() throws {
        try makeEXR()
        for flag in ["", "--premultiplied"] {
            try folder.succeed(
                "sluice in.exr \(Self.encode) --color-transfer bt709 --alpha keep \(flag) -o out.webm"
            )
            let straight = Self.luma(Self.color.map { pow($0, 1 / 2.4) })
            expect(try folder.decodeAlpha("out.webm"), within: 1.5) { _ in straight }
        }
        // Dropped alpha leaves the colors over black.
        try folder.succeed("sluice in.exr \(Self.encode) --color-transfer bt709 -o out.webm")
        expect(try folder.decode("out.webm", "yuv420p"), within: 1.5) { alpha in
            Self.luma(Self.color.map { pow($0 * alpha, 1 / 2.4) })
        }
    }

    @Test("Colors of a TIFF are divided by their alpha, or covered, as its header tells", arguments: [8, 16], [1, 2])
    func tiff(bits: Int, kind: Int) throws {
        try makeTIFF(bits, kind: kind, isAssociated: kind == 1)
        try folder.succeed("sluice in.tif \(Self.encode) --alpha keep -o out.webm")
        // Dividing by small alpha makes rounding larger.
        let error = kind == 1 && bits == 8 ? 4.0 : 1.5
        expect(try folder.decodeAlpha("out.webm"), within: error) { _ in Self.luma(Self.color) }
        try folder.succeed("sluice in.tif \(Self.encode) --background 3366CC -o out.webm")
        expect(try folder.decode("out.webm", "yuv420p"), within: 1.5) { alpha in
            let background = [0x33, 0x66, 0xCC].map { Double($0) / 255 }
            return Self.luma(zip(Self.color, background).map { $0 * alpha + $1 * (1 - alpha) })
        }
    }

    @Test("Pictures whose colors are multiplied by alpha and others are not one sequence, if alpha is used")
    func mixed() throws {
        try makeTIFF(8, kind: 1, isAssociated: true, to: "p1.tif")
        try makeTIFF(8, kind: 2, isAssociated: false, to: "p2.tif")
        let words = "its colors are not multiplied by its alpha"
        try folder.fail(
            "sluice 'p%d.tif' \(Self.encode) --alpha keep -o x.webm",
            status: 69,
            saying: "p2.tif",
            words
        )
        try folder.succeed("sluice 'p%d.tif' \(Self.encode) -o out.webm")
    }
}
