import PixelConversion
import TestSupport
import Testing
import VideoTypes

/// What transparency does.
@Suite("Alpha")
struct AlphaTests {
    static let backgrounds = [RGBColor.black, .white, RGBColor(red: 17, green: 130, blue: 251)]
    static let treatments: [AlphaTreatment] =
        [.ignore, .keep(premultiplied: false), .keep(premultiplied: true)]
        + backgrounds.flatMap { color in [false, true].map { .composite(over: color, premultiplied: $0) } }

    @Test(
        "Alpha is composited, kept or ignored as the reference says, in every format that has it",
        arguments: [
            PixelFormat.rgba, .bgra, .argb, .abgr, .rgbx, .rgb24, .rgba64, .bgra64, .rgbaf32, .gbrap, .gbrapf32, .rgb48,
        ],
        [PixelFormat.i420, .i444, .i420a, .i422p10]
    )
    func everyTreatment(source: PixelFormat, target: PixelFormat) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        for alpha in Self.treatments {
            if case .keep = alpha, !target.hasAlpha { continue }
            // Over all sizes: of the few samples of one pixel, one that is off by one would be too many.
            var sum = ErrorCount()
            for size in [(1, 1), (35, 3), (259, 1)] {
                var conversion = ConversionCase(source, target, size: PictureSize(width: size.0, height: size.1))
                conversion.alpha = alpha
                var generator = SeededGenerator(seed: seed)
                let bytes = try conversion.randomPicture(&generator)
                let picture = try conversion.convert(bytes)
                let errors = try conversion.errors(of: picture, from: bytes)
                sum.add(errors)
                #expect(errors.largest <= 1, "\(conversion), seed \(seed)")
                #expect(picture.guardsAreUntouched, "\(conversion), seed \(seed)")
            }
            #expect(sum.different * 50 <= sum.samples, "\(source) to \(target), \(alpha), seed \(seed)")
        }
    }

    /// Every color under every alpha, as grays, whose full-range luma is that gray.
    private func grays(_ alpha: AlphaTreatment, _ target: PixelFormat) throws -> [UInt8] {
        var conversion = ConversionCase(.argb, target, size: PictureSize(width: 256, height: 256))
        conversion.color.fullRange = true
        conversion.alpha = alpha
        var pixels: [UInt8] = []
        for alpha in UInt8.min ... .max { for gray in UInt8.min ... .max { pixels += [alpha, gray, gray, gray] } }
        return Array(try conversion.convert(pixels).bytes.prefix(65536))
    }

    @Test("Alpha composites every gray over every gray to the nearest value", arguments: [0, 1, 100, 254, 255])
    func everyMixture(background: Int) throws {
        let color = RGBColor(red: UInt8(background), green: UInt8(background), blue: UInt8(background))
        let straight = try grays(.composite(over: color, premultiplied: false), .i420)
        let premultiplied = try grays(.composite(over: color, premultiplied: true), .i420)
        // Halves cannot be: 255 is odd.
        let expected = (0..<65536).map { place in
            let (alpha, gray) = (place / 256, place % 256)
            return UInt8((gray * alpha + background * (255 - alpha) + 127) / 255)
        }
        let expectedPremultiplied = (0..<65536).map { place in
            let (alpha, gray) = (place / 256, place % 256)
            return UInt8(min(255, gray + (background * (255 - alpha) + 127) / 255))
        }
        #expect(straight == expected)
        #expect(premultiplied == expectedPremultiplied)
    }

    @Test("Alpha divides every premultiplied gray to the nearest value")
    func everyQuotient() throws {
        let actual = try grays(.keep(premultiplied: true), .i420a)
        let expected = (0..<65536).map { place in
            let (alpha, gray) = (place / 256, place % 256)
            return alpha == 0 ? 0 : UInt8(min(255, (2 * gray * 255 + alpha) / (2 * alpha)))
        }
        #expect(actual == expected)
    }

    @Test("Alpha of 255 changes no color, and of 0 leaves the background alone")
    func extremes() throws {
        let opaque: [UInt8] = [10, 200, 30, 255]
        var conversion = ConversionCase(.rgba, .i444, size: PictureSize(width: 1, height: 1))
        let plain = try conversion.convert(opaque).bytes
        conversion.alpha = .composite(over: RGBColor(red: 1, green: 2, blue: 3), premultiplied: false)
        #expect(try conversion.convert(opaque).bytes == plain)
        conversion.alpha = .composite(over: RGBColor(red: 10, green: 200, blue: 30), premultiplied: false)
        #expect(try conversion.convert([99, 99, 99, 0]).bytes == plain)
    }

    @Test(
        "Alpha of a source that has none is opaque",
        arguments: [PixelFormat.rgb24, .rgbx, .gray8, .i444, .nv12, .i420p10]
    )
    func opaque(source: PixelFormat) throws {
        var conversion = ConversionCase(source, .i420a, size: PictureSize(width: 5, height: 3))
        conversion.alpha = .keep(premultiplied: true)
        var generator = SeededGenerator(for: "opaque")
        let planes = try conversion.convert(try conversion.randomPicture(&generator)).bytes
        #expect(planes.suffix(15) == [UInt8](repeating: 255, count: 15)[...])
    }

    @Test("Alpha is in its place in every format")
    func places() throws {
        for (format, pixel) in [
            (PixelFormat.rgba, [1, 2, 3, 77]), (.bgra, [1, 2, 3, 77]), (.argb, [77, 1, 2, 3]),
        ] as [(PixelFormat, [UInt8])] {
            var conversion = ConversionCase(format, .i420a, size: PictureSize(width: 1, height: 1))
            conversion.alpha = .keep(premultiplied: false)
            #expect(try conversion.convert(pixel).bytes.last == 77)
        }
    }

    @Test("Alpha of a background is read as CSS writes it, and nothing else is")
    func hexadecimal() {
        #expect(RGBColor(hexadecimal: "1182fB") == RGBColor(red: 0x11, green: 0x82, blue: 0xFB))
        #expect(RGBColor(hexadecimal: "#ffffff") == .white)
        for text in ["", "#", "fff", "fffffff", "+fffff", "ggggggg", "##fffff", " ffffff", "ffff\u{ff46}f", "white"] {
            #expect(RGBColor(hexadecimal: text) == nil, "\(text)")
        }
    }
}
