import Bitstream
import Sluice
import Testing

@Suite("The test pattern")
struct TestPatternTests {
    /// One byte a pixel that is brighter where the picture is.
    private func luma(_ bytes: [UInt8], _ format: PixelFormat, _ size: PictureSize) -> [UInt8] {
        let count = size.width * size.height
        func word(_ start: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        }
        switch format.components {
        case .deepRGB(.samples(let samples, _, let green, _)):
            let step = samples * format.bytesPerSample
            return (0..<count).map { place in
                let start = place * step + green * format.bytesPerSample
                return format.isFloat ? UInt8(Float(bitPattern: word(start)) * 255) : bytes[start + 1]
            }
        case .deepRGB(.planes) where format.isFloat:
            return (0..<count).map { UInt8(Float(bitPattern: word(4 * $0)) * 255) }
        case .deepRGB(.bits):
            return (0..<count).map { UInt8(word(4 * $0) >> 12 & 255) }
        case .packedYUV(.v210):
            return (0..<count).map { place in
                let (x, y) = (place % size.width, place / size.width)
                let number = 2 * x + 1
                let start = y * ((size.width + 47) / 48 * 128) + number / 3 * 4
                return UInt8(word(start) >> UInt32(10 * (number % 3) + 2) & 255)
            }
        case .packedYUV(let arrangement):
            let row = (size.width + 1) / 2 * 4
            let luma = arrangement == .lumaFirst ? 0 : 1
            return (0..<count).map { bytes[$0 / size.width * row + $0 % size.width * 2 + luma] }
        default: break
        }
        if format.bytesPerSample == 2 {
            let shift = format.lowZeroBits > 0 ? 8 : format.bitDepth - 8
            return (0..<count).map { place in
                let sample = UInt16(bytes[2 * place]) | UInt16(bytes[2 * place + 1]) << 8
                return UInt8(sample >> shift)
            }
        }
        guard case .packedRGB(let bytesPerPixel, _, let green, _) = format.components else {
            return Array(bytes.prefix(count))
        }
        return (0..<count).map { bytes[$0 * bytesPerPixel + green] }
    }

    @Test(
        "The test pattern has its frame's number in it, in every format and size",
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

    @Test("The test pattern is the same picture at every depth", arguments: [PixelFormat.i420p10, .i420p12, .p010])
    func depths(format: PixelFormat) throws {
        let size = PictureSize(width: 33, height: 17)
        let pattern = TestPattern(size: size)
        let narrow = try pattern.frame(7, format: format == .p010 ? .nv12 : .i420)
        let wide = try pattern.frame(7, format: format)
        let unit = 1 << (format == .p010 ? 8 : format.bitDepth - 8)
        try #require(wide.count == 2 * narrow.count)
        for place in narrow.indices {
            let sample = Int(wide[2 * place]) | Int(wide[2 * place + 1]) << 8
            // Each is rounded for itself, from the same colors.
            #expect(abs(sample - Int(narrow[place]) * unit) <= unit / 2 + unit / 4, "sample \(place)")
        }
        #expect(format != .p010 || narrow.indices.allSatisfy { wide[2 * $0] & 0x3F == 0 })
    }

    @Test("The test pattern fades in from the left if it has a plane of alpha, and is opaque otherwise")
    func alpha() throws {
        let size = PictureSize(width: 256, height: 3)
        let pattern = TestPattern(size: size)
        let planes = try pattern.frame(1, format: .i420a)
        #expect(Array(planes.suffix(256)) == (0...255).map { UInt8($0) })
        #expect(try planes.prefix(256 * 3) == pattern.frame(1, format: .i420).prefix(256 * 3))
        let pixels = try pattern.frame(1, format: .rgba)
        #expect(stride(from: 3, to: pixels.count, by: 4).allSatisfy { pixels[$0] == 255 })
    }

    @Test(
        "The test pattern of a Y4M stream has a header for every format that Y4M has, and only those",
        arguments: PixelFormat.allCases
    )
    func y4mHeader(format: PixelFormat) throws {
        let size = PictureSize(width: 33, height: 17)
        let rate = try #require(FrameRate(30, 1))
        let line = Y4MText.header(format: format, size: size, framerate: rate)
        guard case .planar = format.components, format != .yv12 else { return #expect(line == nil) }
        let header = try Y4MHeader(parsing: try #require(line).dropLast())
        #expect(header.format == format)
        #expect(header.size == size)
        #expect(header.fullRange == false)
    }

    @Test("The test pattern moves")
    func moves() throws {
        let pattern = TestPattern(size: PictureSize(width: 160, height: 120))
        let frames = try (0..<3).map { try pattern.frame($0, format: .rgba) }
        #expect(frames[0] != frames[1] && frames[1] != frames[2])
    }

    @Test("The test pattern has frames of every size, also the smallest", arguments: PixelFormat.allCases)
    func small(format: PixelFormat) throws {
        for (width, height) in [(1, 1), (1, 9), (9, 1), (3, 2), (31, 15)] {
            let size = PictureSize(width: width, height: height)
            let bytes = try TestPattern(size: size).frame(12345, format: format)
            #expect(bytes.count == PictureLayout(format: format, size: size)?.byteCount)
        }
    }
}
