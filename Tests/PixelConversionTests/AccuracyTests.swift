import PixelConversion
import TestSupport
import Testing
import VideoTypes

/// Every conversion against the double-precision reference.
@Suite("Every conversion")
struct AccuracyTests {
    static let rgbFormats: [PixelFormat] = [.rgba, .bgra, .rgbx, .bgrx, .argb, .rgb24, .bgr24]
    static let planarFormats: [PixelFormat] = [.i420, .i422, .i444]
    static let matrices: [MatrixCoefficients] = [.bt709, .bt470bg, .smpte170m, .bt2020NCL]
    // The last two are wider than the kernels' blocks of 256 columns, by one and by two blocks.
    static let sizes: [PictureSize] = [
        (1, 1), (1, 2), (2, 1), (3, 3), (67, 35), (64, 64), (130, 7), (257, 2), (515, 3),
    ].map { PictureSize(width: $0, height: $1) }

    private func errors(_ conversion: ConversionCase, seed: UInt64) throws -> ErrorCount {
        var generator = SeededGenerator(seed: seed)
        let bytes = try conversion.randomPicture(&generator)
        let picture = try conversion.convert(bytes)
        let errors = try conversion.errors(of: picture, from: bytes)
        #expect(errors.largest <= 1, "\(conversion), seed \(seed)")
        #expect(picture.guardsAreUntouched, "\(conversion), seed \(seed)")
        return errors
    }

    @Test(
        "from RGB is within one of the reference, and nearly always equal to it",
        arguments: rgbFormats,
        planarFormats
    )
    func rgb(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var sum = ErrorCount()
        for size in Self.sizes {
            for matrix in Self.matrices {
                for (fullRange, location) in [
                    (false, ChromaLocation.left), (true, .left), (false, .center), (true, .center),
                ] {
                    var conversion = ConversionCase(source, target, size: size)
                    conversion.color.matrix = matrix
                    conversion.color.fullRange = fullRange
                    conversion.location = location
                    sum.add(try errors(conversion, seed: seed))
                }
            }
        }
        print("\(source) to \(target), seed \(seed): max error \(sum.largest), \(sum.different) of \(sum.samples) off")
        #expect(sum.different * 100 < sum.samples, "seed \(seed)")
    }

    @Test(
        "between YUV formats equals the reference",
        arguments: [
            (PixelFormat.i444, PixelFormat.i422), (.i444, .i420), (.i422, .i420), (.i444, .i444), (.i422, .i422),
            (.i420, .i420), (.nv12, .nv12),
        ]
    )
    func planar(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        for size in Self.sizes {
            for location in [ChromaLocation.left, .center] {
                var conversion = ConversionCase(source, target, size: size)
                conversion.color = .unspecified
                conversion.location = location
                let errors = try errors(conversion, seed: seed)
                #expect(errors.different == 0, "\(conversion), seed \(seed)")
            }
        }
    }

    @Test("from gray equals the reference in both ranges", arguments: planarFormats, [false, true])
    func gray(target: PixelFormat, fullRange: Bool) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        for size in Self.sizes {
            var conversion = ConversionCase(.gray8, target, size: size)
            conversion.color.fullRange = fullRange
            let errors = try errors(conversion, seed: seed)
            #expect(errors.different == 0, "\(conversion), seed \(seed)")
        }
    }

    @Test("of every gray makes the same from gray8 as from RGB, without color", arguments: [false, true])
    func everyGray(fullRange: Bool) throws {
        let values = (0...255).map { UInt8($0) }
        for matrix in Self.matrices {
            var gray = ConversionCase(.gray8, .i420, size: PictureSize(width: 256, height: 1))
            gray.color.matrix = matrix
            gray.color.fullRange = fullRange
            var rgb = gray
            rgb.source = .rgb24
            let pictures = (try gray.convert(values).bytes, try rgb.convert(values.flatMap { [$0, $0, $0] }).bytes)
            // Neighbors differ by one, so a filtered chroma sample of a gray ramp is still 128.
            #expect(pictures.0 == pictures.1, "\(matrix)")
            #expect(pictures.0.first == (fullRange ? 0 : 16))
            #expect(pictures.0[255] == (fullRange ? 255 : 235))
        }
    }
}
