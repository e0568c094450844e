internal import VideoTypes

/// The test pattern in RGB that is not of 8-bit samples side by side: its 8 bits, repeated below as far as a sample reaches.
struct DeepPattern {
    private let pixels: [UInt32]
    private let format: PixelFormat
    private let arrangement: PixelFormat.DeepRGB

    /// - Parameters:
    ///   - pixels: Words of red, green, blue and alpha, red in the lowest byte.
    ///   - format: What they become.
    ///   - arrangement: Its arrangement.
    init(_ pixels: [UInt32], _ format: PixelFormat, _ arrangement: PixelFormat.DeepRGB) {
        (self.pixels, self.format, self.arrangement) = (pixels, format, arrangement)
    }

    /// The frame's bytes, opaque where there is alpha.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        switch arrangement {
        case .samples(let count, let red, let green, let blue):
            var places = [Int](repeating: 3, count: count)
            (places[red], places[green], places[blue]) = (0, 1, 2)
            for pixel in pixels { for place in places { append(component(place, of: pixel), to: &bytes) } }
        case .bits(let red, let green, let blue):
            for pixel in pixels {
                let word = zip([red, green, blue], 0...).reduce(UInt32(0)) { word, color in
                    word | UInt32(Self.widened(component(color.1, of: pixel), to: 10)) << UInt32(color.0)
                }
                for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * byte))) }
            }
        case .planes:
            for place in [1, 2, 0] + (format.hasAlpha ? [3] : []) {
                for pixel in pixels { append(component(place, of: pixel), to: &bytes) }
            }
        }
        return bytes
    }

    private func component(_ place: Int, of pixel: UInt32) -> UInt8 {
        place == 3 ? 255 : UInt8(truncatingIfNeeded: UInt32(littleEndian: pixel) >> UInt32(8 * place))
    }

    private func append(_ value: UInt8, to bytes: inout [UInt8]) {
        if format.isFloat {
            let bits = (Float(value) / 255).bitPattern
            for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(8 * byte))) }
        } else if format.bytesPerSample == 1 {
            bytes.append(value)
        } else {
            let sample = Self.widened(value, to: format.bitDepth)
            bytes.append(UInt8(truncatingIfNeeded: sample))
            bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
    }

    /// 255 becomes the largest value.
    private static func widened(_ value: UInt8, to bitDepth: Int) -> UInt16 {
        UInt16((Int(value) * (1 << bitDepth - 1) + 127) / 255)
    }

    /// Samples of two bytes, the low one first.
    static func widened(_ values: [UInt8], to bitDepth: Int) -> [UInt8] {
        values.flatMap { value in
            let sample = widened(value, to: bitDepth)
            return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
        }
    }
}

/// The test pattern in packed 4:2:2, from its planes.
struct PackedYUVPattern {
    private let planes: [UInt8]
    private let size: PictureSize
    private let arrangement: PixelFormat.PackedYUV

    /// - Parameters:
    ///   - planes: 4:2:2 of 8 bits, or of 10 bits in two bytes for `v210`.
    ///   - size: The picture's size.
    ///   - arrangement: What they become.
    init(_ planes: [UInt8], _ size: PictureSize, _ arrangement: PixelFormat.PackedYUV) {
        (self.planes, self.size, self.arrangement) = (planes, size, arrangement)
    }

    private var sampleBytes: Int { arrangement == .v210 ? 2 : 1 }

    /// A sample of plane 0, 1 or 2; 0 beyond the row's end.
    private func sample(_ plane: Int, _ x: Int, _ y: Int) -> UInt32 {
        let chroma = (size.width + 1) / 2
        let columns = plane == 0 ? size.width : chroma
        guard x < columns else { return 0 }
        let start = plane == 0 ? 0 : (size.width + (plane - 1) * chroma) * size.height
        let place = (start + y * columns + x) * sampleBytes
        return sampleBytes == 1 ? UInt32(planes[place]) : UInt32(planes[place]) | UInt32(planes[place + 1]) << 8
    }

    /// The frame's bytes; rows of `v210` are filled up to a multiple of 128 bytes.
    var bytes: [UInt8] { (0..<size.height).flatMap(row) }

    private func row(_ y: Int) -> [UInt8] {
        switch arrangement {
        case .lumaFirst, .chromaFirst:
            return (0..<(size.width + 1) / 2).flatMap { pair in
                let luma = [sample(0, 2 * pair, y), sample(0, 2 * pair + 1, y)]
                let chroma = [sample(1, pair, y), sample(2, pair, y)]
                let (first, second) = arrangement == .lumaFirst ? (luma, chroma) : (chroma, luma)
                return [first[0], second[0], first[1], second[1]].map { UInt8(truncatingIfNeeded: $0) }
            }
        case .v210:
            let groups = (size.width + 5) / 6
            let padding = (size.width + 47) / 48 * 128 - groups * 16
            return (0..<groups).flatMap { group(3 * $0, y) } + [UInt8](repeating: 0, count: padding)
        }
    }

    /// Six pixels in four words: Cb Y Cr, Y Cb Y, Cr Y Cb, Y Cr Y.
    private func group(_ pair: Int, _ y: Int) -> [UInt8] {
        let luma = (0..<6).map { sample(0, 2 * pair + $0, y) }
        let blue = (0..<3).map { sample(1, pair + $0, y) }
        let red = (0..<3).map { sample(2, pair + $0, y) }
        let samples = [
            blue[0], luma[0], red[0], luma[1], blue[1], luma[2], red[1], luma[3], blue[2], luma[4], red[2], luma[5],
        ]
        return (0..<4).flatMap { word in
            let value = samples[3 * word] | samples[3 * word + 1] << 10 | samples[3 * word + 2] << 20
            return (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
        }
    }
}
