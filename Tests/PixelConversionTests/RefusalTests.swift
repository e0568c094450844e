import PixelConversion
import Testing
import VideoTypes

/// What is left to swscale.
@Suite("A strip converter refuses")
struct RefusalTests {
    private let small = PictureSize(width: 8, height: 8)

    private func expectRefusal(of conversion: ConversionCase, naming words: String...) {
        let error = #expect(throws: EncoderConfigError.self) { try conversion.converter() }
        #expect(error?.isUnsupported == true)
        for word in words {
            #expect(error?.description.contains(word) == true, "\(error?.description ?? "nothing") names \(word)")
        }
    }

    @Test(
        "A strip converter refuses formats that it cannot convert",
        arguments: [
            (PixelFormat.i420, PixelFormat.i422), (.i420, .i444), (.i422, .i444), (.nv12, .i444),
            (.rgba, .nv12), (.gray8, .nv12), (.rgba, .bgra), (.i420, .rgba), (.i420p10, .i422p10), (.p010, .i444p12),
            (.rgba, .p010), (.i420a, .i444),
        ]
    )
    func formats(source: PixelFormat, target: PixelFormat) {
        let conversion = ConversionCase(source, target, size: small)
        expectRefusal(of: conversion, naming: source.rawValue, target.rawValue, "swscale")
    }

    @Test(
        "A strip converter refuses to keep alpha where the target has no plane for it",
        arguments: [(PixelFormat.rgba, PixelFormat.i420), (.i420a, .i420), (.argb, .i420p10), (.gray8, .i444)]
    )
    func alpha(source: PixelFormat, target: PixelFormat) {
        var conversion = ConversionCase(source, target, size: small)
        conversion.alpha = .keep(premultiplied: false)
        expectRefusal(of: conversion, naming: target.rawValue, "i420a")
    }

    @Test("A strip converter refuses to change colors by alpha that comes after them")
    func alphaBehind() {
        var conversion = ConversionCase(.i420a, .i420, size: small)
        conversion.alpha = .composite(over: .white, premultiplied: false)
        expectRefusal(of: conversion, naming: "i420a", "rgba")
        conversion.target = .i420a
        conversion.alpha = .keep(premultiplied: true)
        expectRefusal(of: conversion, naming: "i420a", "rgba")
    }

    @Test(
        "A strip converter refuses matrices without known weights",
        arguments: [MatrixCoefficients.unspecified, .rgb, .init(rawValue: 10)]
    )
    func matrices(matrix: MatrixCoefficients) {
        var conversion = ConversionCase(.rgba, .i420, size: small)
        conversion.color.matrix = matrix
        expectRefusal(of: conversion, naming: matrix.description, "bt709", "bt2020-ncl")
    }

    @Test("A strip converter refuses gray for the identity matrix")
    func grayAsIdentity() {
        var conversion = ConversionCase(.gray8, .i444, size: small)
        conversion.color.matrix = .rgb
        expectRefusal(of: conversion, naming: "gray8")
    }

    @Test(
        "A strip converter refuses chroma locations without a filter",
        arguments: [(PixelFormat.rgba, PixelFormat.i420), (.rgb24, .i422), (.i444, .i420), (.i422, .i420)]
    )
    func locations(source: PixelFormat, target: PixelFormat) {
        var conversion = ConversionCase(source, target, size: small)
        conversion.location = .topLeft
        expectRefusal(of: conversion, naming: "chroma location 2", "left")
    }

    @Test(
        "A strip converter ignores the chroma location if chroma is not filtered",
        arguments: [(PixelFormat.rgba, PixelFormat.i444), (.gray8, .i420), (.i420, .i420), (.nv12, .nv12)]
    )
    func anyLocation(source: PixelFormat, target: PixelFormat) throws {
        var conversion = ConversionCase(source, target, size: small)
        conversion.location = .topLeft
        _ = try conversion.converter()
    }

    @Test("A strip converter refuses sizes that differ by more than one", arguments: [(10, 8), (8, 6), (4, 4)])
    func sizes(width: Int, height: Int) {
        var conversion = ConversionCase(.rgba, .i420, size: small)
        conversion.targetSize = PictureSize(width: width, height: height)
        expectRefusal(of: conversion, naming: "8x8", "\(width)x\(height)")
    }
}
