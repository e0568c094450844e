import TestSupport
import Testing
import VideoTypes

@testable import PixelConversion

/// Colors divided by the alpha of their own plane, against float64.
@Suite("Dividing planes by alpha")
struct UnpremultiplierTests {
    private static let size = PictureSize(width: 37, height: 21)

    struct Case: CustomTestStringConvertible, Sendable {
        let colors: PixelFormat
        let alpha: PixelFormat
        let fullRange: Bool
        var testDescription: String { "\(colors) with \(alpha), \(fullRange ? "full" : "limited") range" }

        static let all = [
            Case(colors: .i444, alpha: .gray8, fullRange: false), Case(colors: .i444, alpha: .gray8, fullRange: true),
            Case(colors: .i444p10, alpha: .gray10, fullRange: false),
            Case(colors: .i444p12, alpha: .gray12, fullRange: true),
            Case(colors: .i422p10, alpha: .gray10, fullRange: false),
            Case(colors: .i420, alpha: .gray8, fullRange: false),
            Case(colors: .i420p12, alpha: .gray12, fullRange: true),
        ]
    }

    private func sample(_ bytes: [UInt8], _ plane: PictureLayout.Plane, _ x: Int, _ y: Int, at start: Int, _ size: Int)
        -> Int
    {
        let place = start + plane.offset + y * plane.stride + x * size
        return size == 1 ? Int(bytes[place]) : Int(bytes[place]) + Int(bytes[place + 1]) << 8
    }

    @Test(
        "A quotient differs from that of float64 by at most half a step",
        arguments: Case.all,
        [ChromaLocation.left, .center]
    )
    func quotients(item: Case, location: ChromaLocation) throws {
        let colors = try #require(PictureLayout(format: item.colors, size: Self.size))
        let alpha = try #require(PictureLayout(format: item.alpha, size: Self.size))
        var generator = SeededGenerator(for: "\(item), \(location)")
        let bytesPerSample = item.colors.bytesPerSample
        let most = 1 << item.colors.bitDepth - 1
        let bytes = (0..<(colors.byteCount + alpha.byteCount) / bytesPerSample).flatMap { _ -> [UInt8] in
            let value = Int.random(in: 0...most, using: &generator) >> Int.random(in: 0...6, using: &generator)
            return bytesPerSample == 1 ? [UInt8(value)] : [UInt8(value & 255), UInt8(value >> 8)]
        }
        let converter = Unpremultiplier(
            colors: colors,
            alpha: alpha,
            at: colors.byteCount,
            fullRange: item.fullRange,
            chromaLocation: location
        )
        var picture = PlaneBuffer(copying: bytes)
        picture.withMutableBytes { converter.convert(&$0) }
        let result = picture.withBytes { span in span.withUnsafeBytes { Array($0) } }
        #expect(result.suffix(alpha.byteCount) == bytes.suffix(alpha.byteCount))
        let step = 1 << (item.colors.bitDepth - 8)
        for (index, plane) in colors.planes.enumerated() {
            let columns = plane.rowBytes / bytesPerSample
            let (across, down) = (columns < Self.size.width ? 2 : 1, plane.rows < Self.size.height ? 2 : 1)
            let zero = index > 0 ? 128 * step : item.fullRange ? 0 : 16 * step
            let low = item.fullRange ? 0 : 16 * step
            let high = item.fullRange ? most : (index > 0 ? 240 : 235) * step
            for y in 0..<plane.rows {
                for x in 0..<columns {
                    var (sum, weight) = (0.0, 0.0)
                    for row in 0..<down {
                        for (offset, part) in across == 1
                            ? [(0, 1.0)] : location == .left ? [(-1, 1.0), (0, 2), (1, 1)] : [(0, 1), (1, 1)]
                        {
                            let column = min(max(x * across + offset, 0), Self.size.width - 1)
                            let line = min(y * down + row, Self.size.height - 1)
                            let value = sample(
                                bytes,
                                alpha.planes[0],
                                column,
                                line,
                                at: colors.byteCount,
                                bytesPerSample
                            )
                            sum += part * Double(value) / Double(most)
                            weight += part
                        }
                    }
                    let own = Double(sample(bytes, plane, x, y, at: 0, bytesPerSample) - zero)
                    let straight = sum == 0 ? Double(zero) : Double(zero) + own * weight / sum
                    let wanted = min(max(straight, Double(low)), Double(high))
                    let seen = Double(sample(result, plane, x, y, at: 0, bytesPerSample))
                    if abs(seen - wanted) > 0.5001 {
                        Issue.record("plane \(index), \(x), \(y): \(seen), not \(wanted)")
                        return
                    }
                }
            }
        }
    }
}
