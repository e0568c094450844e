import PixelConversion
import TestSupport
import Testing
import VideoTypes

/// The kernels' sums against the equations, written down sample by sample.
@Suite("The difference of two pictures")
struct PictureDifferenceTests {
    private static let sizes = [(1, 1), (7, 9), (8, 8), (9, 17), (16, 8), (35, 21), (259, 12), (266, 13), (530, 9)]

    private func frame(_ bytes: [UInt8], _ format: PixelFormat, _ size: PictureSize) throws -> VideoFrame {
        try VideoFrame(format: format, width: size.width, height: size.height, timestamp: 0, bytes: bytes)
    }

    /// Two pictures, the second near the first in most places.
    private func pictures(_ layout: PictureLayout, _ generator: inout SeededGenerator) -> ([UInt8], [UInt8]) {
        let first = generator.picture(layout)
        let second = first.map { generator.next() % 3 == 0 ? $0 ^ UInt8(generator.next() & 3) : $0 }
        return (first, second)
    }

    /// The mean over all windows, as Wang et al. have it but for the 64th of C1, in doubles.
    private func similarity(_ a: ReferencePlane, _ b: ReferencePlane, most: Double) -> Double? {
        let (columns, rows) = (a.width / 4 - 1, a.height / 4 - 1)
        guard columns > 0, rows > 0 else { return nil }
        let (c1, c2) = (0.0001 * most * most / 64, 0.0009 * most * most)
        var sum = 0.0
        for (x, y) in (0..<rows).flatMap({ y in (0..<columns).map { (4 * $0, 4 * y) } }) {
            let places = (0..<64).map { (x + $0 % 8, y + $0 / 8) }
            let (first, second) = (places.map { a[$0.0, $0.1] }, places.map { b[$0.0, $0.1] })
            let (meanA, meanB) = (first.reduce(0, +) / 64, second.reduce(0, +) / 64)
            let varianceA = first.reduce(0) { $0 + ($1 - meanA) * ($1 - meanA) } / 63
            let varianceB = second.reduce(0) { $0 + ($1 - meanB) * ($1 - meanB) } / 63
            let covariance = zip(first, second).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) } / 63
            sum +=
                (2 * meanA * meanB + c1) * (2 * covariance + c2)
                / ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2))
        }
        return sum / Double(columns * rows)
    }

    @Test(
        "The difference of two pictures has the equations' squared errors and similarity, in every format that is compared",
        arguments: PixelFormat.allCases.filter(\.isComparable)
    )
    func equations(format: PixelFormat) throws {
        var generator = SeededGenerator(for: "difference of \(format)")
        for (width, height) in Self.sizes {
            let size = PictureSize(width: width, height: height)
            let layout = try #require(PictureLayout(format: format, size: size))
            let (first, second) = pictures(layout, &generator)
            let difference = PictureDifference(try frame(first, format, size), try frame(second, format, size))
            let order: [Int] =
                if case .packedRGB(_, let red, let green, let blue) = format.components {
                    [red, green, blue] + (format.hasAlpha ? [6 - red - green - blue] : [])
                } else { Array(0..<SamplePlanes(layout, first).count) }
            #expect(difference.components.count == order.count)
            for (component, place) in zip(difference.components, order) {
                let a = SamplePlanes(layout, first).plane(place)
                let b = SamplePlanes(layout, second).plane(place)
                let errors = (0..<a.height).flatMap { y in
                    (0..<a.width).map { x in (a[x, y] - b[x, y]) * (a[x, y] - b[x, y]) }
                }
                #expect(Double(component.squaredError) == errors.reduce(0, +), "\(format) \(size) \(component.name)")
                #expect(component.samples == a.width * a.height)
                let expected = similarity(a, b, most: Double(difference.peak))
                #expect((component.similarity == nil) == (expected == nil))
                if let expected, let actual = component.similarity { #expect(abs(actual - expected) < 1e-9) }
            }
        }
    }

    @Test("The difference of a picture and itself is zero")
    func same() throws {
        var generator = SeededGenerator(for: "same")
        let size = PictureSize(width: 40, height: 24)
        for format in PixelFormat.allCases.filter(\.isComparable) {
            let layout = try #require(PictureLayout(format: format, size: size))
            let bytes = generator.picture(layout)
            let difference = PictureDifference(try frame(bytes, format, size), try frame(bytes, format, size))
            #expect(difference.meanSquaredError == 0)
            #expect(difference.decibels(of: difference.meanSquaredError) == .infinity)
            #expect(difference.similarity.map { abs($0 - 1) < 1e-12 } == true)
        }
    }

    @Test("The difference of two pictures ignores transparency on request")
    func alpha() throws {
        let size = PictureSize(width: 1, height: 1)
        let first = try frame([1, 2, 3, 4], .rgba, size)
        let second = try frame([1, 2, 3, 9], .rgba, size)
        #expect(PictureDifference(first, second, alpha: false).meanSquaredError == 0)
        #expect(PictureDifference(first, second).components.map(\.squaredError) == [0, 0, 0, 25])
        #expect(PictureDifference(first, second).components.map(\.name) == ["R", "G", "B", "A"])
    }
}
