import PixelConversion
import TestSupport
import Testing
import VideoTypes

/// What cameras and renderers send: more than 8 bits, other orders, several components in one word.
@Suite("Every conversion")
struct DeepFormatTests {
    static let rgb: [PixelFormat] = [
        .rgb48, .bgr48, .rgba64, .bgra64, .x2rgb10, .x2bgr10, .rgbaf32, .gbrp, .gbrp10, .gbrp12, .gbrp16, .gbrap,
        .gbrpf32, .gbrapf32,
    ]
    static let targets: [PixelFormat] = [.i420, .i422, .i444, .i420p10, .i422p10, .i444p12]
    // The fifth is wider than the blocks of columns, in half-size chroma too.
    static let sizes: [PictureSize] = [(1, 1), (1, 2), (2, 1), (35, 9), (1027, 2), (34, 9), (48, 5)].map {
        PictureSize(width: $0, height: $1)
    }

    @Test(
        "Every conversion from RGB of more than 8 bits, of floats or in planes is within one of the reference",
        arguments: rgb,
        targets
    )
    func deepRGB(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var sum = ErrorCount()
        for (index, size) in Self.sizes.enumerated() {
            for fullRange in [false, true] {
                var conversion = ConversionCase(source, target, size: size)
                conversion.color.matrix = AccuracyTests.matrices[index % AccuracyTests.matrices.count]
                conversion.color.fullRange = fullRange
                conversion.location = index.isMultiple(of: 2) ? .left : .center
                sum.add(try conversion.checkedErrors(seed: seed))
            }
        }
        // Halves of 12 bits may be rounded the other way.
        #expect(sum.different * 300 < sum.samples, "seed \(seed)")
    }

    static let gray: [(PixelFormat, [PixelFormat])] = [
        (.gray16, [.i420, .i420p10, .i444p12]), (.gray10, [.i420, .i420p10]), (.gray12, [.i420p10, .i420p12]),
    ]

    @Test("Every conversion from gray of more than 8 bits is within one of the reference", arguments: gray)
    func deepGray(source: PixelFormat, targets: [PixelFormat]) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        for target in targets {
            var sum = ErrorCount()
            for (index, size) in Self.sizes.enumerated() {
                for fullRange in [false, true] {
                    var conversion = ConversionCase(source, target, size: size)
                    conversion.color.fullRange = fullRange
                    conversion.location = index.isMultiple(of: 2) ? .left : .center
                    sum.add(try conversion.checkedErrors(seed: seed))
                }
            }
            #expect(sum.different * 1000 < sum.samples, "\(source) to \(target), seed \(seed)")
        }
    }

    @Test("Every conversion from planes of green, blue and red to the identity matrix keeps every bit")
    func identity() throws {
        for (source, target) in [(PixelFormat.gbrp, PixelFormat.i444), (.gbrp10, .i444p10), (.gbrp12, .i444p12)] {
            var conversion = ConversionCase(source, target, size: PictureSize(width: 35, height: 9))
            (conversion.color.matrix, conversion.color.fullRange) = (.rgb, true)
            var generator = SeededGenerator(seed: 1)
            var bytes = generator.bytes(try conversion.sourceLayout().byteCount)
            if source.bytesPerSample == 2 {
                for place in stride(from: 1, to: bytes.count, by: 2) { bytes[place] &= 0x03 }
            }
            #expect(try conversion.convert(bytes).bytes == bytes, "\(source)")
        }
    }

    @Test("Every conversion of planes of green, blue and red refuses the identity matrix at another depth")
    func identityDepth() {
        var conversion = ConversionCase(.gbrp16, .i444p12, size: PictureSize(width: 4, height: 4))
        (conversion.color.matrix, conversion.color.fullRange) = (.rgb, true)
        #expect(throws: EncoderConfigError.self) { try conversion.converter() }
    }
}
