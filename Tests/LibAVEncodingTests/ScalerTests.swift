import LibAV
import PixelConversion
import TestSupport
import Testing
import VideoTypes

/// libswscale as the second opinion for our kernels: it is somebody else's, but has shortcuts of its own, so that the
/// bounds are wider than those against the reference in PixelConversionTests.
@Suite("Our kernels and libswscale")
struct ScalerTests {
    /// A picture of slow waves, in which neighbors differ by little: there the filters' lengths do not matter.
    private func smooth(_ layout: PictureLayout, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        var bytes = [UInt8](repeating: 255, count: layout.byteCount)
        for plane in layout.planes {
            let step = plane.rowBytes / layout.size.width
            for component in 0..<max(1, step) {
                let (x, y) = (Int.random(in: -3...3, using: &random), Int.random(in: -3...3, using: &random))
                let start = Int.random(in: 0..<510, using: &random)
                for row in 0..<plane.rows {
                    for column in 0..<plane.rowBytes / max(1, step) {
                        let wave = abs(start + column * x + row * y) % 510
                        let place = plane.offset + row * plane.stride + column * max(1, step) + component
                        bytes[place] = UInt8(wave < 256 ? wave : 510 - wave)
                    }
                }
            }
        }
        return bytes
    }

    private func convert(
        _ source: PictureLayout,
        _ target: PictureLayout,
        _ color: VideoColorSpace,
        _ bytes: [UInt8],
        _ location: ChromaLocation = .left,
        sourceIsFullRange: Bool = true
    ) throws -> (ours: [UInt8], theirs: [UInt8]) {
        let converter = try StripConverter(source: source, target: target, color: color, chromaLocation: location)
        var scaler = try Scaler(
            source: source,
            sourceIsFullRange: sourceIsFullRange,
            target: target,
            color: color,
            chromaLocation: location
        )
        var ours = PlaneBuffer(byteCount: target.byteCount)
        var theirs = PlaneBuffer(byteCount: target.byteCount)
        let span = bytes.span
        ours.withMutableBytes { converter.convert(picture: span.bytes, into: &$0) }
        theirs.withMutableBytes { scaler.convert(span.bytes, into: &$0) }
        return (content(ours), content(theirs))
    }

    private func content(_ buffer: borrowing PlaneBuffer) -> [UInt8] {
        buffer.withBytes { span in span.withUnsafeBytes { Array($0) } }
    }

    /// A sample, at a place in bytes, by its value.
    private func sample(_ bytes: [UInt8], _ place: Int, _ format: PixelFormat) -> Int {
        guard format.bytesPerSample == 2 else { return Int(bytes[place]) }
        let word = Int(bytes[place]) | Int(bytes[place + 1]) << 8
        return format == .p010 ? word >> 6 : word
    }

    private func samples(_ bytes: [UInt8], _ format: PixelFormat) -> [Int] {
        stride(from: 0, to: bytes.count, by: format.bytesPerSample).map { sample(bytes, $0, format) }
    }

    /// A YUV picture of random samples that the depth has.
    private func noise(_ layout: PictureLayout, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        let most = (1 << layout.format.bitDepth) - 1
        return (0..<layout.byteCount / layout.format.bytesPerSample).flatMap { _ -> [UInt8] in
            let value = Int.random(in: 0...most, using: &random) << (layout.format == .p010 ? 6 : 0)
            return (0..<layout.format.bytesPerSample).map { UInt8(value >> (8 * $0) & 255) }
        }
    }

    @Test(
        "Our kernels and libswscale make the same of YUV where no value is lost",
        arguments: [
            (PixelFormat.i420, PixelFormat.i420p10), (.i420, .i420p12), (.i444, .i444p10), (.i422p10, .i422p12),
            (.i420p10, .i420p12), (.p010, .i420p10), (.i420a, .i420a),
        ]
    )
    func exactDepths(from: PixelFormat, to: PixelFormat) throws {
        let seed = UInt64.random(in: .min ... .max)
        for (width, height) in [(32, 16), (67, 35), (64, 1)] {
            let size = PictureSize(width: width, height: height)
            let source = try #require(PictureLayout(format: from, size: size))
            let target = try #require(PictureLayout(format: to, size: size))
            let (ours, theirs) = try convert(
                source,
                target,
                .bt709,
                noise(source, seed: seed),
                sourceIsFullRange: false
            )
            #expect(samples(ours, to) == samples(theirs, to), "\(size), seed \(seed)")
        }
    }

    @Test(
        "Our kernels and libswscale differ by one at most where samples lose bits, which libswscale dithers",
        arguments: [(PixelFormat.i420p10, PixelFormat.i420), (.i444p12, .i444p10), (.p010, .i420), (.i422p12, .i422)]
    )
    func fewerBits(from: PixelFormat, to: PixelFormat) throws {
        let seed = UInt64.random(in: .min ... .max)
        let size = PictureSize(width: 66, height: 34)
        let source = try #require(PictureLayout(format: from, size: size))
        let target = try #require(PictureLayout(format: to, size: size))
        let (ours, theirs) = try convert(source, target, .bt709, noise(source, seed: seed), sourceIsFullRange: false)
        let most = zip(samples(ours, to), samples(theirs, to)).map { abs($0 - $1) }.max() ?? 0
        #expect(most <= 1, "seed \(seed)")
    }

    @Test(
        "Our kernels and libswscale agree on smooth pictures of more bits",
        arguments: [PixelFormat.rgba, .argb, .bgr24],
        [PixelFormat.i420p10, .i422p10, .i444p10, .i420p12, .i444p12]
    )
    func agreeDeeply(format: PixelFormat, to: PixelFormat) throws {
        let seed = UInt64.random(in: .min ... .max)
        let size = PictureSize(width: 96, height: 64)
        let source = try #require(PictureLayout(format: format, size: size))
        let target = try #require(PictureLayout(format: to, size: size))
        for fullRange in [false, true] {
            var color = VideoColorSpace.bt709
            color.fullRange = fullRange
            let (ours, theirs) = try convert(source, target, color, smooth(source, seed: seed))
            let differences = zip(samples(ours, to), samples(theirs, to)).map { abs($0 - $1) }
            // In 8-bit values: 0.6 on the average, 2 at most.
            let unit = 1 << (to.bitDepth - 8)
            let mean = Double(differences.reduce(0, +)) / Double(differences.count)
            #expect(mean < 0.6 * Double(unit), "seed \(seed)")
            #expect(differences.max() ?? 0 <= 2 * unit, "seed \(seed)")
        }
    }

    /// The formats that reach libswscale; others become planes before.
    static let scaledFormats = PixelFormat.allCases.filter { format in
        switch format.components {
        case .packedRGB, .planar, .planarWithAlpha, .semiPlanar(.yuv420): !format.swapsChroma
        case .gray: format.bitDepth == 8
        case .semiPlanar, .deepRGB, .packedYUV: false
        }
    }

    @Test(
        "Our kernels and libswscale scale every format to every depth without losing bits",
        arguments: scaledFormats
    )
    func everyFormat(format: PixelFormat) throws {
        let source = try #require(PictureLayout(format: format, size: PictureSize(width: 33, height: 18)))
        // One step above the 8-bit value, if the format has more bits.
        let value = format.bitDepth > 8 ? 512 << (format.bitDepth - 10) | 1 : 128
        let word = format == .p010 ? value << 6 : value
        let bytes = (0..<source.byteCount).map { UInt8(word >> (format.bytesPerSample == 2 ? $0 % 2 * 8 : 0) & 255) }
        for target in Self.scaledFormats where target.chroma != nil {
            let size = PictureSize(width: 64, height: 35)
            let layout = try #require(PictureLayout(format: target, size: size))
            var color = VideoColorSpace.bt709
            color.fullRange = format.chroma == nil
            var scaler = try Scaler(
                source: source,
                sourceIsFullRange: color.fullRange,
                target: layout,
                color: color,
                chromaLocation: .left
            )
            var picture = PlaneBuffer(byteCount: layout.byteCount)
            let span = bytes.span
            picture.withMutableBytes { scaler.convert(span.bytes, into: &$0) }
            let scaled = samples(content(picture), target)
            let luma = scaled.prefix(size.width * size.height).map { Double($0) / Double(1 << target.bitDepth) }
            let expected = Double(value) / Double(1 << format.bitDepth)
            let step = 1 / Double(1 << min(target.bitDepth, format.bitDepth))
            // libswscale's gray and RGB have their own rounding; YUV stays what it was, but for the dither of lost
            // bits.
            let bound = format.chroma == nil ? 2.0 / 256 : target.bitDepth < format.bitDepth ? step : step / 4
            #expect(luma.allSatisfy { abs($0 - expected) <= bound }, "\(target.rawValue) \(luma[0]) \(expected)")
            if target.hasAlpha {
                let alpha = Set(scaled.suffix(size.width * size.height))
                #expect(alpha.isSubset(of: format.hasAlpha ? [128, 129] : [255]), "\(alpha)")
            }
        }
    }

    @Test(
        "Our kernels and libswscale agree on smooth pictures",
        arguments: [PixelFormat.rgba, .bgra, .rgbx, .bgrx, .argb, .rgb24, .bgr24],
        [MatrixCoefficients.bt709, .smpte170m, .bt2020NCL]
    )
    func agree(format: PixelFormat, matrix: MatrixCoefficients) throws {
        let seed = UInt64.random(in: .min ... .max)
        let size = PictureSize(width: 96, height: 64)
        let source = try #require(PictureLayout(format: format, size: size))
        for fullRange in [false, true] {
            for chroma in ChromaSubsampling.allCases {
                let target = try #require(PictureLayout(format: .planar(chroma), size: size))
                let color = VideoColorSpace(primaries: .bt709, transfer: .bt709, matrix: matrix, fullRange: fullRange)
                let (ours, theirs) = try convert(source, target, color, smooth(source, seed: seed))
                let name = "\(format.rawValue) \(matrix) \(chroma.rawValue) \(fullRange), seed \(seed)"
                for (index, plane) in target.planes.enumerated() {
                    let range = plane.offset..<(plane.offset + plane.byteCount)
                    let differences = zip(ours[range], theirs[range]).map { abs(Int($0) - Int($1)) }
                    let mean = Double(differences.reduce(0, +)) / Double(differences.count)
                    let most = differences.max() ?? 0
                    #expect(mean < 0.6, "plane \(index) of \(name)")
                    #expect(most <= 2, "plane \(index) of \(name)")
                }
            }
        }
    }

    @Test(
        "Our kernels and libswscale put chroma of 4:2:0 between the rows, where it belongs",
        arguments: [ChromaLocation.left, .center],
        [PixelFormat.i420, .i420p10, .i420p12]
    )
    func siting(location: ChromaLocation, format: PixelFormat) throws {
        // Blue grows by 3 a row: half a row off is one and a half in the chroma.
        let size = PictureSize(width: 32, height: 64)
        let source = try #require(PictureLayout(format: .rgb24, size: size))
        let target = try #require(PictureLayout(format: format, size: size))
        let bytes: [UInt8] = (0..<64 * 32).flatMap { place in [0, 0, UInt8(place / 32 * 3)] }
        let (ours, theirs) = try convert(source, target, .bt709, bytes, location)
        let blue = target.planes[1]
        let differences = (4..<28).map { row in
            let place = blue.offset + row * blue.stride + 8 * format.bytesPerSample
            return sample(ours, place, format) - sample(theirs, place, format)
        }
        #expect(abs(differences.reduce(0, +)) <= 6 << (format.bitDepth - 8), "\(differences)")
    }

    @Test(
        "Our kernels and libswscale put chroma of 4:2:0 between the columns or on the left one",
        arguments: [ChromaLocation.left, .center],
        [PixelFormat.i420, .i420p10, .i420p12]
    )
    func horizontalSiting(location: ChromaLocation, format: PixelFormat) throws {
        let size = PictureSize(width: 64, height: 32)
        let source = try #require(PictureLayout(format: .rgb24, size: size))
        let target = try #require(PictureLayout(format: format, size: size))
        let row: [UInt8] = (0..<64).flatMap { column in [0, 0, UInt8(column * 3)] }
        let bytes = (0..<32).flatMap { _ in row }
        let (ours, theirs) = try convert(source, target, .bt709, bytes, location)
        let blue = target.planes[1]
        let differences = (4..<28).map { column in
            let place = blue.offset + 8 * blue.stride + column * format.bytesPerSample
            return sample(ours, place, format) - sample(theirs, place, format)
        }
        #expect(abs(differences.reduce(0, +)) <= 6 << (format.bitDepth - 8), "\(differences)")
    }

    @Test(
        "Our kernels and libswscale are not both asked to take chroma pairs apart, which libswscale does to aligned planes only"
    )
    func deinterleaving() throws {
        let size = PictureSize(width: 67, height: 35)
        let source = try #require(PictureLayout(format: .nv12, size: size))
        for format in [PixelFormat.i420, .i420a] {
            let target = try #require(PictureLayout(format: format, size: size))
            let error = #expect(throws: EncoderConfigError.self) {
                let scaler = try Scaler(
                    source: source,
                    sourceIsFullRange: false,
                    target: target,
                    color: .bt709,
                    chromaLocation: .left
                )
                _ = consume scaler
            }
            #expect(error?.isUnsupported == true)
        }
    }

    @Test(
        "Our kernels and libswscale scale a flat picture to the same flat picture of another size",
        arguments: [(33, 17), (8, 8), (200, 100)]
    )
    func flat(size: (Int, Int)) throws {
        let source = try #require(PictureLayout(format: .rgba, size: PictureSize(width: 64, height: 64)))
        let target = try #require(
            PictureLayout(format: .i420, size: PictureSize(width: size.0, height: size.1))
        )
        var scaler = try Scaler(
            source: source,
            sourceIsFullRange: true,
            target: target,
            color: .bt709,
            chromaLocation: .left
        )
        let white = [UInt8](repeating: 255, count: source.byteCount)
        var picture = PlaneBuffer(byteCount: target.byteCount)
        let span = white.span
        picture.withMutableBytes { scaler.convert(span.bytes, into: &$0) }
        let bytes = content(picture)
        #expect(bytes.prefix(size.0 * size.1).allSatisfy { abs(Int($0) - 235) <= 1 })
        #expect(bytes.dropFirst(size.0 * size.1).allSatisfy { abs(Int($0) - 128) <= 1 })
    }
}
