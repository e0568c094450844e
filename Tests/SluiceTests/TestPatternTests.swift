import Sluice
import Testing

@Suite("The test pattern")
struct TestPatternTests {
    /// One byte a pixel that is brighter where the picture is.
    private func luma(_ bytes: [UInt8], _ format: PixelFormat, _ size: PictureSize) -> [UInt8] {
        let count = size.width * size.height
        guard case .packedRGB(let bytesPerPixel, _, let green, _) = format.components else {
            return Array(bytes.prefix(count))
        }
        return (0..<count).map { bytes[$0 * bytesPerPixel + green] }
    }

    @Test(
        "has its frame's number in it, in every format and size",
        arguments: PixelFormat.allCases,
        [(32, 16), (33, 17), (64, 64), (129, 35)]
    )
    func number(format: PixelFormat, sides: (Int, Int)) throws {
        let size = PictureSize(width: sides.0, height: sides.1)
        let pattern = TestPattern(size: size)
        let layout = try #require(PictureLayout(format: format, size: size))
        for number in [0, 1, 2, 255, 256, 4097, 65535, 65536 + 77] {
            let bytes = try pattern.frame(number, format: format)
            #expect(bytes.count == layout.byteCount)
            #expect(pattern.frameNumber(inLuma: luma(bytes, format, size)) == number % 65536)
        }
    }

    @Test("moves")
    func moves() throws {
        let pattern = TestPattern(size: PictureSize(width: 160, height: 120))
        let frames = try (0..<3).map { try pattern.frame($0, format: .rgba) }
        #expect(frames[0] != frames[1] && frames[1] != frames[2])
    }

    @Test("has a frame of every size, however small", arguments: PixelFormat.allCases)
    func small(format: PixelFormat) throws {
        for (width, height) in [(1, 1), (1, 9), (9, 1), (3, 2), (31, 15)] {
            let size = PictureSize(width: width, height: height)
            let bytes = try TestPattern(size: size).frame(12345, format: format)
            #expect(bytes.count == PictureLayout(format: format, size: size)?.byteCount)
        }
    }
}
