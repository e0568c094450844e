import PixelConversion
import TestSupport
import Testing
import VideoTypes

/// Strips, strides, cropping and padding.
@Suite("A strip converter")
struct LayoutTests {
    static let pairs: [(PixelFormat, PixelFormat)] = [
        (.rgba, .i420), (.rgba, .i422), (.rgba, .i444), (.argb, .i420), (.bgr24, .i420), (.bgr24, .i444),
        (.gray8, .i420), (.gray8, .i444), (.i444, .i420), (.i444, .i422), (.i422, .i420), (.i420, .i420),
        (.nv12, .nv12), (.rgba, .i420p10), (.bgr24, .i444p12), (.gray8, .i420p10), (.i444p10, .i420p10),
        (.i422p12, .i420), (.i420, .i420p12), (.nv12, .i420), (.p010, .i420p10), (.p010, .p010), (.rgba, .i420a),
        (.rgb24, .i420a), (.gray8, .i420a), (.i444, .i420a), (.i420a, .i420a), (.i420a, .i420p10),
        (.rgb48, .i420p10), (.rgba64, .i420a), (.x2rgb10, .i422), (.rgbaf32, .i444p10), (.gbrp10, .i420p10),
        (.gbrap, .i444),
        (.yuyv422, .i420), (.uyvy422, .i422), (.v210, .i420p10), (.yv12, .i420), (.nv21, .i420), (.nv24, .i420),
        (.p216, .i420p10), (.gray16, .i420), (.i444a, .i420a), (.rgba, .yv12),
        (.i420, .nv12), (.i444, .nv12), (.i420p10, .p010), (.nv12, .p010), (.p010, .nv12), (.i422p12, .p010),
    ]

    private func bytes(of conversion: ConversionCase, seed: UInt64) throws -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return try conversion.randomPicture(&generator)
    }

    @Test("A strip converter writes the same bytes whatever the size of its strips", arguments: pairs)
    func strips(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var conversion = ConversionCase(source, target, size: PictureSize(width: 35, height: 21))
        let bytes = try bytes(of: conversion, seed: seed)
        let whole = try conversion.convert(bytes).bytes
        for maxBytes in [0, 1, 100, 300, 1000, 3000] {
            conversion.maxStripBytes = maxBytes
            #expect(try conversion.convert(bytes).bytes == whole, "strips of \(maxBytes) bytes, seed \(seed)")
        }
    }

    @Test("A strip converter cuts strips no longer than asked, if a pair of rows is not", arguments: pairs)
    func stripSizes(source: PixelFormat, target: PixelFormat) throws {
        let conversion = ConversionCase(source, target, size: PictureSize(width: 35, height: 21))
        let converter = try conversion.converter()
        let strips = converter.strips(maxBytes: 1000)
        // A picture whose colors are planes is not cut.
        let largest = source.planesAreColors ? converter.source.byteCount : 1000
        #expect(strips.allSatisfy { $0.byteCount <= largest && $0.rows > 0 })
        #expect(strips.reduce(0) { $0 + $1.byteCount } == converter.source.byteCount)
        let planes = source.planesAreColors ? 1 : converter.source.planes.count
        #expect(converter.strips(maxBytes: Int.max).count == planes)
    }

    @Test("A strip converter keeps rows together that share chroma")
    func rowPairs() throws {
        let conversion = ConversionCase(.rgba, .i420, size: PictureSize(width: 8, height: 5))
        #expect(try conversion.converter().strips(maxBytes: 1).map(\.rows) == [2, 2, 1])
        #expect(try conversion.converter().strips(maxBytes: 96).map(\.rows) == [2, 2, 1])
        #expect(try conversion.converter().strips(maxBytes: 128).map(\.rows) == [4, 1])
    }

    @Test(
        "A strip converter skips what is between the rows of its source, and leaves what is between its target's",
        arguments: pairs
    )
    func strides(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var conversion = ConversionCase(source, target, size: PictureSize(width: 35, height: 9))
        conversion.sourceGap = 12
        conversion.targetGap = 24
        let bytes = try bytes(of: conversion, seed: seed)
        let picture = try conversion.convert(bytes)
        #expect(try conversion.errors(of: picture, from: bytes).largest <= 1, "seed \(seed)")
        #expect(picture.guardsAreUntouched)
        let (layout, written) = (try conversion.targetLayout(), picture.bytes)
        for plane in layout.planes {
            for start in (0..<plane.rows).map({ plane.offset + $0 * plane.stride }) {
                let gap = written[start + plane.rowBytes..<start + plane.stride]
                #expect(gap.allSatisfy { $0 == GuardedPicture.untouched })
            }
        }
    }

    @Test("A strip converter crops and pads by one column and one row, on any side of even", arguments: pairs)
    func cropAndPad(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        for (width, height) in [(5, 5), (6, 6), (5, 6), (2, 2), (257, 3), (256, 4)] {
            for (dx, dy) in [(-1, -1), (-1, 0), (0, -1), (1, 1), (1, 0), (0, 1), (-1, 1), (1, -1)] {
                var conversion = ConversionCase(source, target, size: PictureSize(width: width, height: height))
                conversion.targetSize = PictureSize(width: width + dx, height: height + dy)
                conversion.maxStripBytes = 64
                let bytes = try bytes(of: conversion, seed: seed)
                let picture = try conversion.convert(bytes)
                let errors = try conversion.errors(of: picture, from: bytes)
                #expect(errors.largest <= 1, "\(conversion), seed \(seed)")
                #expect(picture.guardsAreUntouched, "\(conversion), seed \(seed)")
            }
        }
    }

    @Test("A strip converter pads luma and chroma by repeating the last sample")
    func padding() throws {
        var conversion = ConversionCase(.i444, .i444, size: PictureSize(width: 1, height: 1))
        conversion.targetSize = PictureSize(width: 2, height: 2)
        #expect(try conversion.convert([10, 20, 30]).bytes == [10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30])
    }

    @Test("A strip converter crops the last column and row")
    func cropping() throws {
        var conversion = ConversionCase(.gray8, .i420, size: PictureSize(width: 3, height: 3))
        conversion.targetSize = PictureSize(width: 2, height: 2)
        conversion.color.fullRange = true
        #expect(try conversion.convert([1, 2, 3, 4, 5, 6, 7, 8, 9]).bytes == [1, 2, 4, 5, 128, 128])
    }
}

extension PixelFormat {
    /// Each color has a plane of its own, and all are needed for a sample of luma.
    fileprivate var planesAreColors: Bool { components == .deepRGB(.planes) }
}
