import Testing
import VideoTypes

@testable import Sluice

@Suite("The means of a picture's planes")
struct PlaneMeansTests {
    private static let formats: [PixelFormat] = [
        .gray8, .i420, .nv12, .i422, .i444, .i420a, .i420p10, .p010, .i444p12,
    ]

    /// A picture whose planes have these values, in the samples' own scale.
    private func picture(_ format: PixelFormat, _ values: [Int]) throws -> VideoFrame {
        let layout = try #require(PictureLayout(format: format, size: PictureSize(width: 7, height: 5)))
        var bytes = [UInt8](repeating: 0, count: layout.byteCount)
        let shift = format == .p010 ? 6 : 0
        for (index, plane) in layout.planes.enumerated() {
            for offset in stride(from: 0, to: plane.rowBytes * plane.rows, by: format.bytesPerSample) {
                let isPaired = layout.planes.count == 2 && index == 1
                let kind = isPaired ? 1 + offset / format.bytesPerSample % 2 : min(index, 3)
                let value = values[kind] << shift
                bytes[plane.offset + offset] = UInt8(value & 255)
                if format.bytesPerSample == 2 { bytes[plane.offset + offset + 1] = UInt8(value >> 8) }
            }
        }
        return VideoFrame(layout: layout, buffer: PlaneBuffer(copying: bytes), timestamp: 0)
    }

    private func values(_ format: PixelFormat, _ parts: [Double]) -> [Int] {
        parts.map { Int($0 * Double((1 << format.bitDepth) - 1)) }
    }

    @Test("know it again after a lossy codec", arguments: formats)
    func same(format: PixelFormat) throws {
        let source = PlaneMeans(try picture(format, values(format, [0.3, 0.6, 0.8, 1])))
        let coded = PlaneMeans(try picture(format, values(format, [0.31, 0.58, 0.79, 0.2])))
        try source.check(coded, frame: 0)
    }

    @Test("tell another picture from it, by each plane", arguments: formats)
    func other(format: PixelFormat) throws {
        let source = PlaneMeans(try picture(format, values(format, [0.3, 0.6, 0.8, 1])))
        for plane in 0..<(format == .gray8 ? 1 : 3) {
            var parts = [0.3, 0.6, 0.8, 1]
            parts[plane] -= 0.1
            let coded = PlaneMeans(try picture(format, values(format, parts)))
            let error = #expect(throws: VerificationFailure.self) { try source.check(coded, frame: 5) }
            guard case .picture(frame: 5, plane, _, _) = error else {
                Issue.record("\(String(describing: error)) names neither the frame nor plane \(plane)")
                continue
            }
        }
    }

    @Test("are the same in every depth and arrangement of the same picture")
    func sameInAllFormats() throws {
        let expected = PlaneMeans(try picture(.i420, [255, 0, 255]))
        for format in Self.formats where format.chroma == .yuv420 {
            let most = (1 << format.bitDepth) - 1
            #expect(PlaneMeans(try picture(format, [most, 0, most, 0])) == expected, "\(format.rawValue)")
        }
    }
}
