internal import PixelConversion
public import VideoTypes

/// A moving test picture: color bars that walk to the left, the frame's number in large digits, and the same number in
/// black and white cells along the top, so that it survives encoding and can be read back from the pixels.
public struct TestPattern: Sendable {
    /// The picture's size.
    public let size: PictureSize
    private let row: [UInt32]

    /// The number of cells along the top: the bits of the frame's number, the highest first.
    public static let cellCount = 16

    /// A pattern. The number can be read back from pictures of at least 32x16.
    public init(size: PictureSize) {
        self.size = size
        // Two periods, so that every shift is one run.
        let bars = Self.bars
        row = (0..<(2 * size.width)).map { column in bars[(column % size.width) * bars.count / size.width] }
    }

    /// White, yellow, cyan, green, magenta, red, blue and black at 75 %, as RGBA in memory order.
    private static let bars: [UInt32] = [
        (191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0),
        (191, 0, 191), (191, 0, 0), (0, 0, 191), (16, 16, 16),
    ].map { pixel($0.0, $0.1, $0.2) }

    private static func pixel(_ red: UInt32, _ green: UInt32, _ blue: UInt32) -> UInt32 {
        (red | green << 8 | blue << 16 | 255 << 24).littleEndian
    }

    private var cellHeight: Int { max(2, size.height / 8) }

    /// The number of a frame, read from its luma plane or from any plane of one byte a sample that is brighter where
    /// the picture is.
    ///
    /// - Parameters:
    ///   - luma: The plane, its rows without a gap.
    /// - Returns: The frame's number modulo 65536.
    public func frameNumber(inLuma luma: [UInt8]) -> Int {
        (0..<Self.cellCount).reduce(0) { number, cell in
            let column = (2 * cell + 1) * size.width / (2 * Self.cellCount)
            return number * 2 + (luma[cellHeight / 2 * size.width + column] > 127 ? 1 : 0)
        }
    }

    /// A frame's pixels.
    ///
    /// - Parameter number: The frame's number, 0 or more.
    public func pixels(ofFrame number: Int) -> [UInt32] {
        let shift = number * max(1, size.width / 120) % size.width
        let bars = row[shift..<(shift + size.width)]
        var pixels: [UInt32] = []
        pixels.reserveCapacity(size.width * size.height)
        let cells = cells(number)
        for y in 0..<size.height { pixels.append(contentsOf: y < cellHeight ? cells[...] : bars) }
        drawDigits(of: number, into: &pixels)
        return pixels
    }

    private func cells(_ number: Int) -> [UInt32] {
        (0..<size.width).map { column in
            let bit = Self.cellCount - 1 - column * Self.cellCount / size.width
            return number >> bit & 1 == 1 ? Self.pixel(255, 255, 255) : Self.pixel(0, 0, 0)
        }
    }

    /// Digits of 3 by 5 blocks, white on black, in the middle of the picture.
    private func drawDigits(of number: Int, into pixels: inout [UInt32]) {
        let digits = String(number).compactMap(\.wholeNumberValue)
        let block = min(size.height / 12, size.width / (4 * digits.count + 1))
        guard block > 0 else { return }
        let left = (size.width - block * (4 * digits.count + 1)) / 2
        let top = (size.height - 7 * block) / 2
        for y in 0..<(7 * block) {
            for x in 0..<(block * (4 * digits.count + 1)) {
                let (column, line) = (x / block - 1, y / block - 1)
                let isInk =
                    column >= 0 && line >= 0 && line < 5 && column % 4 < 3
                    && Self.font[digits[column / 4]] >> (14 - line * 3 - column % 4) & 1 == 1
                let place = (top + y) * size.width + left + x
                pixels[place] = isInk ? Self.pixel(255, 255, 255) : Self.pixel(0, 0, 0)
            }
        }
    }

    /// Five rows of three bits a digit, the top row first.
    private static let font: [UInt16] = [
        0b111_101_101_101_111, 0b010_110_010_010_111, 0b111_001_111_100_111, 0b111_001_111_001_111,
        0b101_101_111_001_001, 0b111_100_111_001_111, 0b111_100_111_101_111, 0b111_001_010_010_010,
        0b111_101_111_101_111, 0b111_101_111_001_111,
    ]
}

extension TestPattern {
    /// A frame in any pixel format, its rows without a gap; YUV is BT.709 limited, gray is full range.
    ///
    /// Packed pixels are opaque. A plane of alpha grows from transparent at the left edge to opaque at the right one.
    public func frame(_ number: Int, format: PixelFormat) throws(EncoderConfigError) -> [UInt8] {
        let pixels = pixels(ofFrame: number)
        switch format.components {
        case .packedRGB(let bytes, let red, let green, let blue):
            return Self.packed(pixels, bytes, red, green, blue)
        case .deepRGB(let arrangement):
            return DeepPattern(pixels, format, arrangement).bytes
        case .gray:
            var gray = VideoColorSpace.bt709
            gray.fullRange = true
            let count = size.width * size.height
            let bytes = Array(try planes(pixels, .i420, gray).prefix(count))
            return format.bitDepth == 8 ? bytes : DeepPattern.widened(bytes, to: format.bitDepth)
        case .packedYUV(let arrangement):
            let plain = PixelFormat.planar(.yuv422, bitDepth: format.bitDepth)
            return PackedYUVPattern(try planes(pixels, plain, .bt709), size, arrangement).bytes
        case .planar:
            return try planes(pixels, format, .bt709)
        case .planarWithAlpha:
            return try planes(fadingIn(pixels), format, .bt709)
        case .semiPlanar(let chroma):
            var planar = PixelFormat.planar(chroma, bitDepth: format.bitDepth)
            if format.swapsChroma { planar = .yv12 }
            let bytes = try planes(pixels, planar, .bt709)
            let paired = Self.pairingChroma(
                bytes,
                luma: size.width * size.height * format.bytesPerSample,
                sampleBytes: format.bytesPerSample
            )
            let raised = 16 - planar.bitDepth
            return format.bytesPerSample == 2 ? Self.raised(paired, by: raised) : paired
        }
    }

    private func fadingIn(_ pixels: [UInt32]) -> [UInt32] {
        let last = max(1, size.width - 1)
        let alphas = (0..<size.width).map { column in (UInt32(column * 255 / last) << 24).littleEndian }
        let colors = UInt32(0xFF_FFFF).littleEndian
        return pixels.indices.map { pixels[$0] & colors | alphas[$0 % size.width] }
    }

    private static func packed(_ pixels: [UInt32], _ bytes: Int, _ red: Int, _ green: Int, _ blue: Int) -> [UInt8] {
        var packed = [UInt8](repeating: 255, count: pixels.count * bytes)
        for (index, pixel) in pixels.enumerated() {
            let value = UInt32(littleEndian: pixel)
            packed[index * bytes + red] = UInt8(truncatingIfNeeded: value)
            packed[index * bytes + green] = UInt8(truncatingIfNeeded: value >> 8)
            packed[index * bytes + blue] = UInt8(truncatingIfNeeded: value >> 16)
        }
        return packed
    }

    private func planes(
        _ pixels: [UInt32],
        _ format: PixelFormat,
        _ color: VideoColorSpace
    ) throws(EncoderConfigError) -> [UInt8] {
        guard let source = PictureLayout(format: .rgba, size: size),
            let target = PictureLayout(format: format, size: size)
        else { throw .unsupported("a picture of \(size) overflows") }
        let converter = try StripConverter(source: source, target: target, color: color, chromaLocation: .left)
        var bytes = [UInt8](repeating: 0, count: target.byteCount)
        var span = bytes.mutableSpan
        var planes = unsafe span.mutableBytes
        unsafe converter.convert(picture: pixels.span.bytes, into: &planes)
        return bytes
    }

    private static func pairingChroma(_ planar: [UInt8], luma: Int, sampleBytes: Int) -> [UInt8] {
        let chroma = (planar.count - luma) / 2
        var paired = planar
        for place in stride(from: 0, to: chroma, by: sampleBytes) {
            for byte in 0..<sampleBytes {
                paired[luma + 2 * place + byte] = planar[luma + place + byte]
                paired[luma + 2 * place + sampleBytes + byte] = planar[luma + chroma + place + byte]
            }
        }
        return paired
    }

    /// The samples' 10 bits in the high ones of their 16.
    private static func raised(_ samples: [UInt8], by bits: Int) -> [UInt8] {
        stride(from: 0, to: samples.count, by: 2).flatMap { place in
            let value = (UInt16(samples[place]) | UInt16(samples[place + 1]) << 8) << bits
            return [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
    }
}
