import PixelConversion
import TestSupport
import Testing
import VideoTypes

/// YUV to RGB against the double-precision reference.
@Suite("An RGB converter")
struct RGBConverterTests {
    static let sources = PixelFormat.allCases.filter { !$0.isRGB && $0.isComparable && !$0.swapsChroma }
    static let targets: [PixelFormat] = [.rgba, .bgra, .rgbx, .bgrx, .argb, .abgr, .xrgb, .rgb24, .bgr24]
    static let matrices: [MatrixCoefficients] = [.bt709, .bt470bg, .smpte170m, .bt2020NCL]
    static let smallSizes = (1...9).flatMap { height in (1...17).map { PictureSize(width: $0, height: height) } }
    // On every side of the kernel's blocks of 512 columns and batches of 64.
    static let wideSizes = [63, 64, 65, 127, 511, 512, 513, 515, 1023, 1025, 1090].map {
        PictureSize(width: $0, height: 3)
    }

    /// One conversion of a random picture.
    private struct Case {
        var source: PixelFormat
        var target: PixelFormat
        var size: PictureSize
        var color = VideoColorSpace.bt709
        var location = ChromaLocation.left
        var gap = 0

        func layout(_ format: PixelFormat) throws -> PictureLayout {
            let plain = try #require(PictureLayout(format: format, size: size))
            return try #require(PictureLayout(format: format, size: size, stride: plain.planes[0].stride + gap))
        }

        func converter() throws -> RGBConverter {
            try RGBConverter(source: source, target: layout(target), color: color, chromaLocation: location)
        }

        func convert(_ bytes: [UInt8], rows: Range<Int>? = nil) throws -> GuardedPicture {
            let (converter, layout) = (try converter(), try layout(source))
            let plane = converter.target.planes[0]
            let rows = rows ?? 0..<size.height
            var picture = GuardedPicture(byteCount: (rows.count - 1) * plane.stride + plane.rowBytes)
            picture.write { target in
                let span = bytes.span
                converter.convert(picture: span.bytes, layout: layout, rows: rows, into: &target)
            }
            return picture
        }

        func errors(of picture: GuardedPicture, from bytes: [UInt8]) throws -> ErrorCount {
            let reference = ReferenceUnpacking(try layout(source), bytes, color: color, location: location)
            let plane = try layout(target).planes[0]
            guard case .packedRGB(let pixelBytes, let red, let green, let blue) = target.components else {
                return .init()
            }
            let alpha = [0, 1, 2, 3].first { ![red, green, blue].contains($0) && pixelBytes == 4 }
            let written = picture.bytes
            var errors = ErrorCount()
            for y in 0..<size.height {
                for x in 0..<size.width {
                    let pixel = reference.pixel(x, y)
                    let start = y * plane.stride + x * pixelBytes
                    for (place, value) in zip([red, green, blue], pixel) {
                        errors.add(actual: Int(written[start + place]), expected: value, most: 255)
                    }
                    guard let alpha else { continue }
                    #expect(written[start + alpha] == (target.hasAlpha ? UInt8(pixel[3]) : 255))
                }
            }
            return errors
        }
    }

    private func errors(_ conversion: Case, seed: UInt64) throws -> ErrorCount {
        var generator = SeededGenerator(seed: seed)
        let bytes = generator.picture(try conversion.layout(conversion.source))
        let picture = try conversion.convert(bytes)
        let errors = try conversion.errors(of: picture, from: bytes)
        #expect(errors.largest <= 1, "\(conversion), seed \(seed)")
        #expect(picture.guardsAreUntouched, "\(conversion), seed \(seed)")
        return errors
    }

    @Test(
        "An RGB converter is within one of the reference at every size, and nearly always equal to it",
        arguments: sources
    )
    func accuracy(source: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var sum = ErrorCount()
        for (index, size) in (Self.smallSizes + Self.wideSizes).enumerated() {
            for fullRange in [false, true] {
                let turn = index * 2 + (fullRange ? 1 : 0)
                var conversion = Case(source: source, target: Self.targets[turn % 7], size: size)
                conversion.color.fullRange = fullRange
                conversion.color.matrix = Self.matrices[index % 4]
                conversion.location = ChromaLocation(rawValue: UInt8(turn / 3 % 6))
                sum.add(try errors(conversion, seed: seed))
            }
        }
        print("\(source) to RGB, seed \(seed): max error \(sum.largest), \(sum.different) of \(sum.samples) off")
        // One weight of 13 bits makes all three colors of deep gray.
        let most = source.isGray && source.bitDepth > 8 ? sum.samples / 10 : sum.samples / 50
        #expect(sum.different < most, "seed \(seed)")
    }

    @Test(
        "An RGB converter is within one of the reference with every matrix, range and chroma location",
        arguments: sources,
        matrices
    )
    func everyColor(source: PixelFormat, matrix: MatrixCoefficients) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        for location in UInt8(0)...5 {
            for fullRange in [false, true] {
                var conversion = Case(source: source, target: .bgra, size: PictureSize(width: 70, height: 5))
                conversion.color.matrix = matrix
                conversion.color.fullRange = fullRange
                conversion.location = ChromaLocation(rawValue: location)
                _ = try errors(conversion, seed: seed)
            }
        }
    }

    @Test(
        "An RGB converter takes planes of the identity matrix for green, blue and red",
        arguments: [PixelFormat.i444, .i444p10, .i444p12]
    )
    func identity(source: PixelFormat) throws {
        for target in Self.targets {
            for fullRange in [false, true] {
                var conversion = Case(source: source, target: target, size: PictureSize(width: 67, height: 3))
                conversion.color.matrix = .rgb
                conversion.color.fullRange = fullRange
                let errors = try errors(conversion, seed: 7)
                if fullRange, source == .i444 { #expect(errors.different == 0) }
            }
        }
    }

    @Test("An RGB converter turns gray into the same gray, in every format and with every matrix", arguments: targets)
    func gray(target: PixelFormat) throws {
        var conversion = Case(source: .gray8, target: target, size: PictureSize(width: 256, height: 1))
        let bytes = (0...255).map { UInt8($0) }
        for matrix in [MatrixCoefficients.bt709, .unspecified, .rgb] {
            conversion.color.matrix = matrix
            let picture = try conversion.convert(bytes)
            #expect(try conversion.errors(of: picture, from: bytes).different == 0)
        }
    }

    @Test(
        "An RGB converter restores every color from the strip converter's 4:4:4, within two",
        arguments: [8, 10, 12]
    )
    func thereAndBack(bitDepth: Int) throws {
        var generator = SeededGenerator(for: "there and back")
        for fullRange in [false, true] {
            var there = ConversionCase(
                .rgba,
                .planar(.yuv444, bitDepth: bitDepth),
                size: PictureSize(width: 300, height: 3)
            )
            there.color.fullRange = fullRange
            let pixels = try there.randomPicture(&generator)
            let yuv = try there.convert(pixels).bytes
            var back = Case(source: there.target, target: .rgba, size: there.sourceSize)
            back.color.fullRange = fullRange
            let returned = try back.convert(yuv).bytes
            let errors = zip(pixels, returned).enumerated().filter { $0.offset % 4 != 3 }.map {
                abs(Int($0.element.0) - Int($0.element.1))
            }
            #expect((errors.max() ?? 0) <= (bitDepth == 8 ? 2 : 1))
        }
    }

    @Test(
        "An RGB converter writes the same bytes whatever range of rows it is asked for",
        arguments: [PixelFormat.i420, .p010, .i422]
    )
    func rowRanges(source: PixelFormat) throws {
        let conversion = Case(source: source, target: .rgb24, size: PictureSize(width: 35, height: 9), gap: 12)
        var generator = SeededGenerator(for: "rows")
        let bytes = generator.picture(try conversion.layout(source))
        let whole = try conversion.convert(bytes).bytes
        let plane = try conversion.layout(.rgb24).planes[0]
        for rows in [0..<1, 1..<2, 3..<9, 8..<9, 2..<5] {
            let part = try conversion.convert(bytes, rows: rows)
            #expect(part.guardsAreUntouched)
            for y in rows {
                let (from, to) = ((y - rows.lowerBound) * plane.stride, y * plane.stride)
                #expect(part.bytes[from..<from + plane.rowBytes] == whole[to..<to + plane.rowBytes], "row \(y)")
            }
        }
    }

    @Test("An RGB converter leaves what is between the rows of its target")
    func gaps() throws {
        let conversion = Case(source: .i420, target: .bgra, size: PictureSize(width: 9, height: 5), gap: 8)
        var generator = SeededGenerator(for: "gaps")
        let written = try conversion.convert(generator.picture(try conversion.layout(.i420))).bytes
        for y in 0..<4 { #expect(written[y * 44 + 36..<y * 44 + 44].allSatisfy { $0 == GuardedPicture.untouched }) }
    }

    @Test("An RGB converter converts planes that stand apart, as decoders keep them")
    func planes() throws {
        let conversion = Case(source: .i420, target: .rgba, size: PictureSize(width: 5, height: 3))
        var generator = SeededGenerator(for: "planes")
        let bytes = generator.picture(try conversion.layout(.i420))
        let expected = try conversion.convert(bytes).bytes
        let converter = try conversion.converter()
        // Rows of 5 and 3 bytes, 7 apart, in three allocations without a byte after the last row.
        func plane(at start: Int, columns: Int, rows: Int) -> [UInt8] {
            var plane = [UInt8](repeating: 99, count: (rows - 1) * 7 + columns)
            for (y, x) in (0..<rows).flatMap({ y in (0..<columns).map { (y, $0) } }) {
                plane[y * 7 + x] = bytes[start + y * columns + x]
            }
            return plane
        }
        let planes = [
            plane(at: 0, columns: 5, rows: 3), plane(at: 15, columns: 3, rows: 2), plane(at: 21, columns: 3, rows: 2),
        ]
        var picture = GuardedPicture(byteCount: expected.count)
        picture.write { target in
            planes[0].withUnsafeBytes { luma in
                planes[1].withUnsafeBytes { cb in
                    planes[2].withUnsafeBytes { cr in
                        let sources = [luma, cb, cr].map { SourcePlane(bytes: $0, stride: 7) }
                        converter.convert(sources, rows: 0..<3, into: &target)
                    }
                }
            }
        }
        #expect(picture.bytes == expected)
    }

    @Test("An RGB converter traps when a plane is shorter than its picture")
    func shortPlane() async {
        await #expect(processExitsWith: .failure) {
            let size = PictureSize(width: 4, height: 4)
            let target = try #require(PictureLayout(format: .rgba, size: size))
            let converter = try RGBConverter(
                source: .gray8,
                target: target,
                color: .bt709,
                chromaLocation: .left
            )
            var picture = GuardedPicture(byteCount: 64)
            picture.write { target in
                [UInt8](repeating: 0, count: 15).withUnsafeBytes {
                    converter.convert([SourcePlane(bytes: $0, stride: 4)], rows: 0..<1, into: &target)
                }
            }
        }
    }

    @Test(
        "An RGB converter refuses unsupported conversions, with a message",
        arguments: [
            (PixelFormat.rgba, PixelFormat.bgra, MatrixCoefficients.bt709, UInt8(0), "swscale"),
            (.i420, .i444, .bt709, 0, "swscale"), (.i420, .rgba, .unspecified, 0, "bt709"),
            (.i420, .rgba, .rgb, 0, "4:4:4"), (.i444, .rgba, .init(rawValue: 10), 0, "bt2020-ncl"),
            (.i420, .rgba, .bt709, 6, "chroma location 6"),
        ]
    )
    func refusals(source: PixelFormat, target: PixelFormat, matrix: MatrixCoefficients, location: UInt8, word: String) {
        var conversion = Case(source: source, target: target, size: PictureSize(width: 2, height: 2))
        conversion.color.matrix = matrix
        conversion.location = ChromaLocation(rawValue: location)
        let error = #expect(throws: EncoderConfigError.self) { try conversion.converter() }
        #expect(error?.isUnsupported == true)
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "nothing")")
    }
}
