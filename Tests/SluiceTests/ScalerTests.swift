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
        _ location: ChromaLocation = .left
    ) throws -> (ours: [UInt8], theirs: [UInt8]) {
        let converter = try StripConverter(source: source, target: target, color: color, chromaLocation: location)
        var scaler = try Scaler(
            source: source,
            sourceIsFullRange: true,
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

    @Test(
        "agree on smooth pictures",
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

    @Test("put chroma of 4:2:0 between the rows, where it belongs", arguments: [ChromaLocation.left, .center])
    func siting(location: ChromaLocation) throws {
        // Blue grows by 3 a row: half a row off is one and a half in the chroma.
        let size = PictureSize(width: 32, height: 64)
        let source = try #require(PictureLayout(format: .rgb24, size: size))
        let target = try #require(PictureLayout(format: .i420, size: size))
        let bytes: [UInt8] = (0..<64 * 32).flatMap { place in [0, 0, UInt8(place / 32 * 3)] }
        let (ours, theirs) = try convert(source, target, .bt709, bytes, location)
        let blue = target.planes[1]
        let differences = (4..<28).map { row in
            let place = blue.offset + row * blue.stride + 8
            return Int(ours[place]) - Int(theirs[place])
        }
        #expect(abs(differences.reduce(0, +)) <= 6, "\(differences)")
    }

    @Test("put chroma of 4:2:0 between the columns or on the left one", arguments: [ChromaLocation.left, .center])
    func horizontalSiting(location: ChromaLocation) throws {
        let size = PictureSize(width: 64, height: 32)
        let source = try #require(PictureLayout(format: .rgb24, size: size))
        let target = try #require(PictureLayout(format: .i420, size: size))
        let row: [UInt8] = (0..<64).flatMap { column in [0, 0, UInt8(column * 3)] }
        let bytes = (0..<32).flatMap { _ in row }
        let (ours, theirs) = try convert(source, target, .bt709, bytes, location)
        let blue = target.planes[1]
        let differences = (4..<28).map { column in
            let place = blue.offset + 8 * blue.stride + column
            return Int(ours[place]) - Int(theirs[place])
        }
        #expect(abs(differences.reduce(0, +)) <= 6, "\(differences)")
    }

    @Test("scale a flat picture to the same flat picture of another size", arguments: [(33, 17), (8, 8), (200, 100)])
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
