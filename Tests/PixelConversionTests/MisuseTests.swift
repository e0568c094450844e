import PixelConversion
import Testing
import VideoTypes

/// Wrong calls stop the program before they touch memory.
@Suite("A strip converter traps")
struct MisuseTests {
    private static func convert(strip index: Int, byteCount: Int, targetBytes: Int, from other: Int = 4) throws {
        let size = PictureSize(width: 4, height: 4)
        let converter = try ConversionCase(.rgba, .i420, size: size).converter()
        let taller = try ConversionCase(.rgba, .i420, size: PictureSize(width: 4, height: other)).converter()
        var picture = GuardedPicture(byteCount: targetBytes)
        let bytes = [UInt8](repeating: 0, count: byteCount)
        picture.write { target in
            let span = bytes.span
            converter.convert(taller.strips(maxBytes: 32)[index], from: span.bytes, into: &target)
        }
    }

    @Test("A strip converter does not trap on a correct call")
    func right() throws {
        try Self.convert(strip: 1, byteCount: 32, targetBytes: 24)
    }

    @Test("A strip converter traps when a strip's bytes are not all there")
    func shortSource() async {
        await #expect(processExitsWith: .failure) {
            try MisuseTests.convert(strip: 0, byteCount: 31, targetBytes: 24)
        }
    }

    @Test("A strip converter traps when the target is smaller than a picture")
    func shortTarget() async {
        await #expect(processExitsWith: .failure) {
            try MisuseTests.convert(strip: 0, byteCount: 32, targetBytes: 23)
        }
    }

    @Test("A strip converter traps when a strip is of another picture")
    func foreignStrip() async {
        await #expect(processExitsWith: .failure) {
            try MisuseTests.convert(strip: 2, byteCount: 32, targetBytes: 24, from: 8)
        }
    }
}
