import Bitstream
import TestSupport
import Testing
import VideoTypes

@Suite("The primaries of OpenEXR")
struct EXRColorTests {
    /// A header of one attribute, and one that follows it.
    private func file(_ chromaticities: [Float], size: Int? = nil) -> [UInt8] {
        func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let value = chromaticities.flatMap { number($0.bitPattern) }
        let name = Array("chromaticities\0chromaticities\0".utf8)
        return [0x76, 0x2F, 0x31, 0x01, 2, 0, 0, 0] + name + number(UInt32(size ?? value.count)) + value
            + Array("owner\0string\0".utf8) + number(1) + [65, 0]
    }

    private func primaries(_ file: [UInt8]) -> ColorPrimaries? {
        let color = PictureFormat.exr.color(of: file) { _ in nil }
        #expect(color.transfer == .linear)
        #expect((color.unknown == nil) == (color.primaries != .unspecified))
        return color.unknown == nil ? color.primaries : nil
    }

    private static let bt709: [Float] = [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329]

    @Test("Chromaticities that programs round have the name of the primaries they are near")
    func rounded() {
        #expect(primaries(file(Self.bt709)) == .bt709)
        #expect(primaries(file(Self.bt709.map { $0 + 0.0009 })) == .bt709)
        let p3: [Float] = [0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3128, 0.3291]
        #expect(primaries(file(p3)) == .smpte432)
        let bt2020: [Float] = [0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329]
        #expect(primaries(file(bt2020)) == .bt2020)
        let pal = Self.bt709.enumerated().map { $0.offset == 2 ? 0.29 : $0.element }
        #expect(primaries(file(pal)) == nil)
    }

    @Test("A header without chromaticities, or that ends early, has the default of the format")
    func missing() {
        let whole = file(Self.bt709.reversed())
        #expect(primaries(whole) == nil)
        for length in 0..<whole.count { #expect(primaries(Array(whole.prefix(length))) == .bt709) }
        #expect(primaries(file([1, 2, 3], size: 12)) == .bt709)
        #expect(primaries(file(Self.bt709, size: 1 << 30)) == .bt709)
        #expect(primaries(file(Array(repeating: .nan, count: 8))) == nil)
    }
}
