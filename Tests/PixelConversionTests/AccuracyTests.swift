import PixelConversion
import TestSupport
import Testing
import VideoTypes

/// Every conversion against the double-precision reference.
@Suite("Every conversion")
struct AccuracyTests {
    static let rgbFormats: [PixelFormat] = [
        .rgba, .bgra, .rgbx, .bgrx, .argb, .abgr, .xrgb, .xbgr, .rgb24, .bgr24,
    ]
    static let planarFormats: [PixelFormat] = [.i420, .i422, .i444]
    static let matrices: [MatrixCoefficients] = [.bt709, .bt470bg, .smpte170m, .bt2020NCL]
    // The last two are wider than the kernels' blocks of 256 columns, by one and by two blocks.
    static let sizes: [PictureSize] = [
        (1, 1), (1, 2), (2, 1), (3, 3), (67, 35), (64, 64), (130, 7), (257, 2), (515, 3),
    ].map { PictureSize(width: $0, height: $1) }

    @Test(
        "Every conversion from RGB is within one of the reference, and nearly always equal to it",
        arguments: rgbFormats,
        planarFormats
    )
    func rgb(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var sum = ErrorCount()
        for (index, size) in Self.sizes.enumerated() {
            for (fullRange, location) in [
                (false, ChromaLocation.left), (true, .left), (false, .center), (true, .center),
            ] {
                var conversion = ConversionCase(source, target, size: size)
                conversion.color.matrix = Self.matrices[(index + (fullRange ? 1 : 0)) % Self.matrices.count]
                conversion.color.fullRange = fullRange
                conversion.location = location
                sum.add(try conversion.checkedErrors(seed: seed))
            }
        }
        print("\(source) to \(target), seed \(seed): max error \(sum.largest), \(sum.different) of \(sum.samples) off")
        #expect(sum.different * 100 < sum.samples, "seed \(seed)")
    }

    static let deepFormats: [PixelFormat] = [.i420p10, .i422p10, .i444p10, .i420p12, .i422p12, .i444p12]
    // The last is wider than the blocks of 512 columns, in half-size chroma too.
    static let fewSizes: [PictureSize] = [(1, 1), (1, 2), (2, 1), (35, 9), (1027, 2)].map {
        PictureSize(width: $0, height: $1)
    }

    @Test(
        "Every conversion from RGB to more than 8 bits is within one of the reference",
        arguments: [PixelFormat.rgba, .argb, .bgr24],
        deepFormats
    )
    func deepRGB(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var sum = ErrorCount()
        for (index, size) in Self.fewSizes.enumerated() {
            for (fullRange, location) in [
                (false, ChromaLocation.left), (true, .left), (false, .center), (true, .center),
            ] {
                var conversion = ConversionCase(source, target, size: size)
                conversion.color.matrix = Self.matrices[(index + (fullRange ? 1 : 0)) % Self.matrices.count]
                conversion.color.fullRange = fullRange
                conversion.location = location
                sum.add(try conversion.checkedErrors(seed: seed))
            }
        }
        print("\(source) to \(target), seed \(seed): max error \(sum.largest), \(sum.different) of \(sum.samples) off")
        #expect(sum.different * 100 < sum.samples, "seed \(seed)")
    }

    /// Every pair of YUV formats of which the second has no more chroma.
    static let yuvPairs: [(PixelFormat, PixelFormat)] = PixelFormat.allCases.flatMap { source in
        PixelFormat.allCases.compactMap { target in
            guard let from = source.chroma, let to = target.chroma, to.chromaFormatIdc <= from.chromaFormatIdc else {
                return nil
            }
            if case .packedYUV = target.components { return nil }
            return (source, target)
        }
    }

    @Test(
        "Every conversion between YUV formats equals the reference, at all depths and in all orders",
        arguments: yuvPairs
    )
    func yuv(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var sum = ErrorCount()
        for (index, size) in (Self.fewSizes + [PictureSize(width: 34, height: 9)]).enumerated() {
            for fullRange in [false, true] {
                var conversion = ConversionCase(source, target, size: size)
                conversion.color = .unspecified
                conversion.color.fullRange = fullRange
                conversion.location = index.isMultiple(of: 2) ? .left : .center
                sum.add(try conversion.checkedErrors(seed: seed))
            }
        }
        // More than 12 bits are summed up as floats, which may round a half the other way: one in 500 samples, as it turned out,
        // and up to 22 of 10,500 where the seeds are many.
        let tolerance = max(source.bitDepth, target.bitDepth) > 12 ? sum.samples / 300 : 0
        #expect(sum.different <= tolerance, "\(source) to \(target), seed \(seed)")
    }

    @Test(
        "Every conversion from gray equals the reference in both ranges",
        arguments: planarFormats + deepFormats,
        [false, true]
    )
    func gray(target: PixelFormat, fullRange: Bool) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        for size in Self.fewSizes {
            var conversion = ConversionCase(.gray8, target, size: size)
            conversion.color.fullRange = fullRange
            let errors = try conversion.checkedErrors(seed: seed)
            #expect(errors.different == 0, "\(conversion), seed \(seed)")
        }
    }

    @Test("Every conversion to another depth and back gives the same samples", arguments: [false, true])
    func thereAndBack(fullRange: Bool) throws {
        for deep in [PixelFormat.i420p10, .i420p12] {
            var there = ConversionCase(.i420, deep, size: PictureSize(width: 256, height: 2))
            there.color.fullRange = fullRange
            var back = ConversionCase(deep, .i420, size: there.sourceSize)
            back.color.fullRange = fullRange
            // Full-range chroma of 0 is below what there is of more bits, by less than half a step.
            let values = (0...255).map { UInt8($0) }
            let picture = values + values + values
            #expect(try back.convert(try there.convert(picture).bytes).bytes == picture, "\(deep)")
        }
    }

    @Test("Every conversion keeps neutral chroma neutral, in full range too", arguments: deepFormats)
    func neutral(target: PixelFormat) throws {
        let chroma = try #require(target.chroma)
        var conversion = ConversionCase(.planar(chroma), target, size: PictureSize(width: 2, height: 2))
        conversion.color.fullRange = true
        let bytes = [UInt8](repeating: 128, count: try conversion.sourceLayout().byteCount)
        let planes = SamplePlanes(try conversion.targetLayout(), try conversion.convert(bytes).bytes)
        #expect(planes[1, 0, 0] == 128 << (target.bitDepth - 8))
        #expect(planes[2, 0, 0] == 128 << (target.bitDepth - 8))
    }

    @Test(
        "Every conversion of every gray makes the same from gray8 as from RGB, without color",
        arguments: [8, 10, 12],
        [false, true]
    )
    func everyGray(bitDepth: Int, fullRange: Bool) throws {
        let values = (0...255).map { UInt8($0) }
        let target = PixelFormat.planar(.yuv420, bitDepth: bitDepth)
        for matrix in Self.matrices {
            var gray = ConversionCase(.gray8, target, size: PictureSize(width: 256, height: 1))
            gray.color.matrix = matrix
            gray.color.fullRange = fullRange
            var rgb = gray
            rgb.source = .rgb24
            let pictures = (try gray.convert(values).bytes, try rgb.convert(values.flatMap { [$0, $0, $0] }).bytes)
            // Neighbors differ by one, so a filtered chroma sample of a gray ramp still has no color.
            #expect(pictures.0 == pictures.1, "\(matrix)")
            let planes = SamplePlanes(try gray.targetLayout(), pictures.0)
            #expect(planes[0, 0, 0] == (fullRange ? 0 : 16 << (bitDepth - 8)))
            #expect(planes[0, 255, 0] == (fullRange ? (1 << bitDepth) - 1 : 235 << (bitDepth - 8)))
        }
    }
}
