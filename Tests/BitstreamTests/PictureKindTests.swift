import Bitstream
import TestSupport
import Testing

@Suite("Kinds of pictures that are refused by their headers")
struct PictureKindTests {
    private static let rgb: [(String, EXRFile.Kind)] = ["B", "G", "R"].map { ($0, .half) }

    private func refusal(
        _ channels: [(String, EXRFile.Kind)],
        _ compression: Int = 3,
        hasTiles: Bool = false
    ) -> String? {
        PictureFormat.exr.refusal(of: EXRFile(channels, compression: compression, hasTiles: hasTiles).bytes())
    }

    @Test("OpenEXR of red, green and blue of one type is taken, with other channels beside them")
    func taken() {
        for kind in [EXRFile.Kind.half, .float] {
            let rgb = Self.rgb.map { ($0.0, kind) }
            #expect(refusal(rgb) == nil)
            #expect(refusal([("A", kind)] + rgb) == nil)
            #expect(refusal(rgb + [("Z", .float), ("light.R", .half)]) == nil)
            #expect(refusal([("Y", kind)]) == nil)
            #expect(refusal([("A", kind), ("Y", kind)]) == nil)
            for compression in 0...7 { #expect(refusal(rgb, compression) == nil) }
        }
        #expect(refusal(Self.rgb, 8) == nil)
        #expect(refusal(Self.rgb, 8, hasTiles: true) == nil)
        #expect(refusal([("A", .half)] + Self.rgb, 9) == nil)
    }

    @Test("OpenEXR of other channels, or of types that its decoder reads wrongly, is refused with what it has")
    func refused() throws {
        let float = Self.rgb.map { ($0.0, EXRFile.Kind.float) }
        let cases: [(String?, String)] = [
            (refusal(float, 8), "FLOAT with DWAA"), (refusal(float, 9), "FLOAT with DWAB"),
            (refusal(Self.rgb, 9, hasTiles: true), "tiles have DWAB"),
            (refusal(Self.rgb + [("Z", .half)], 8), "others than R, G, B and A"),
            (refusal(Self.rgb.map { ($0.0, .uint) }), "UINT"),
            (refusal([("B", .half), ("G", .float), ("R", .half)]), "several types"),
            (refusal([("X", .float), ("Y", .float), ("Z", .float)]), "X, Y, Z"),
            (refusal([("BY", .half), ("RY", .half), ("Y", .half)]), "BY, RY, Y"),
            (refusal([("a.B", .half), ("a.G", .half), ("a.R", .half)]), "layers (a.B, a.G, a.R)"),
            (refusal([("G", .half), ("R", .half)]), "G, R"),
        ]
        for (reason, words) in cases {
            let reason = try #require(reason, "\(words)")
            #expect(reason.contains(words) && reason.contains("HALF with ZIP or PIZ"), "\(reason)")
        }
    }

    @Test("A chunk of OpenEXR that is not where the table has it, or twice the same, is damage")
    func chunks() throws {
        let file = EXRFile(Self.rgb).bytes()
        #expect(PictureFormat.exr.damage(in: file) == nil)
        let rowBytes = 34 * 6
        let table = file.count - 6 * (8 + rowBytes) - 6 * 8
        var twice = file
        twice.replaceSubrange(table..<table + 8, with: file[table + 8..<table + 16])
        #expect(PictureFormat.exr.damage(in: twice)?.contains("chunk 1 of 6") == true)
        var elsewhere = file
        elsewhere[table + 1] ^= 0x80
        #expect(PictureFormat.exr.damage(in: elsewhere)?.contains("chunk 0 of 6") == true)
        var row = file
        row[table + 6 * 8] = 6
        #expect(PictureFormat.exr.damage(in: row) != nil)
    }

    /// A directory of numbers of 16 bits, the high byte first.
    private func tiff(_ entries: [(tag: Int, value: Int)]) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
        let type: [UInt8] = [0, 3, 0, 0, 0, 1]
        var file: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8]
        file += number(entries.count)
        for (tag, value) in entries {
            file += number(tag)
            file += type
            file += number(value)
            file += [0, 0]
        }
        file += [0, 0, 0, 0]
        return file
    }

    @Test("TIFF that its decoder reads wrongly is refused with what it is; what it reads is not")
    func tags() {
        let gray = [(256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (277, 1)]
        func refusal(_ tag: Int, _ value: Int) -> String {
            var entries = gray.filter { $0.0 != tag } + [(tag, value)]
            entries.sort { $0.0 < $1.0 }
            return PictureFormat.tiff.refusal(of: tiff(entries.map { (tag: $0.0, value: $0.1) })) ?? ""
        }
        for compression in [1, 2, 3, 4, 5, 8, 32773, 32946, 34925] { #expect(refusal(259, compression) == "") }
        for (compression, name) in [(6, "JPEG"), (7, "JPEG"), (34712, "JPEG 2000"), (50000, "Zstandard"), (77, "77")] {
            #expect(refusal(259, compression).contains("compression is") && refusal(259, compression).contains(name))
        }
        for bits in [1, 2, 4, 8, 12, 16] { #expect(refusal(258, bits) == "") }
        for bits in [10, 24, 32, 64] { #expect(refusal(258, bits).contains("\(bits) bits")) }
        for (format, name) in [(2, "signed"), (3, "floats"), (5, "complex")] {
            #expect(refusal(339, format).contains(name))
        }
        for (color, name) in [(8, "L*a*b*"), (4, "mask"), (32803, "camera"), (5, "printing inks")] {
            #expect(refusal(262, color).contains(name))
        }
        #expect(refusal(322, 16).contains("tiles"))
        #expect(refusal(50706, 1).contains("DNG"))
    }

    @Test("An uncompressed strip of TIFF with fewer bytes than its rows need is damage")
    func strips() {
        func damage(bytes: Int) -> String? {
            let entries = [(256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (277, 1), (278, 8), (279, bytes)]
            return PictureFormat.tiff.damage(in: tiff(entries.map { (tag: $0.0, value: $0.1) }))
        }
        #expect(damage(bytes: 64) == nil)
        #expect(damage(bytes: 63)?.contains("63 of 64 bytes") == true)
    }
}
