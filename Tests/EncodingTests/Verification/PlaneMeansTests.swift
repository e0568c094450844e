import Jobs
import Testing
import VideoTypes

@testable import Encoding

@Suite("The means of a picture's planes")
struct PlaneMeansTests {
    private static let formats: [PixelFormat] = [
        .gray8, .i420, .nv12, .i422, .i444, .i420a, .i420p10, .p010, .i444p12,
    ]

    /// A picture whose planes have these values, in the samples' own scale.
    private func picture(_ format: PixelFormat, _ values: [Int]) throws -> VideoFrame {
        let layout = try #require(PictureLayout(format: format, size: PictureSize(width: 71, height: 53)))
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

    @Test("The means of a picture's planes match the picture after lossy coding", arguments: formats)
    func same(format: PixelFormat) throws {
        let source = PlaneMeans(try picture(format, values(format, [0.3, 0.6, 0.8, 1])))
        let coded = PlaneMeans(try picture(format, values(format, [0.31, 0.58, 0.79, 0.2])))
        try source.check(coded, frame: 0)
    }

    @Test("The means of a picture's planes detect another picture, by each plane", arguments: formats)
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

    @Test("The means of a picture's planes are the same in every depth and arrangement of the same picture")
    func sameInAllFormats() throws {
        let expected = PlaneMeans(try picture(.i420, [255, 0, 255]))
        for format in Self.formats where format.chroma == .yuv420 {
            let most = (1 << format.bitDepth) - 1
            #expect(PlaneMeans(try picture(format, [most, 0, most, 0])) == expected, "\(format.rawValue)")
        }
    }

    /// Bars that move by half their width from frame to frame, of chroma that is not the same.
    private func bars(_ number: Int) throws -> VideoFrame {
        let layout = try #require(PictureLayout(format: .i420, size: PictureSize(width: 320, height: 192)))
        var bytes = [UInt8](repeating: 0, count: layout.byteCount)
        for (index, plane) in layout.planes.enumerated() {
            for y in 0..<plane.rows {
                for x in 0..<plane.rowBytes {
                    let wide = index == 0 ? x : 2 * x
                    let isLight = (wide + 20 * number) / 80 % 2 == (index == 2 ? y * 2 / plane.rows : 0)
                    bytes[plane.offset + y * plane.stride + x] = isLight ? 200 : 40
                }
            }
        }
        return VideoFrame(layout: layout, buffer: PlaneBuffer(copying: bytes), timestamp: 0)
    }

    /// Planes of a frame in another order.
    private func exchanged(_ frame: borrowing VideoFrame) -> VideoFrame {
        let (layout, first, second) = (frame.layout, frame.layout.planes[1], frame.layout.planes[2])
        var bytes = frame.withBytes { $0.withUnsafeBytes { Array($0.prefix(layout.byteCount)) } }
        let chroma = Array(bytes[first.offset..<first.offset + first.byteCount])
        let other = Array(bytes[second.offset..<second.offset + second.byteCount])
        bytes.replaceSubrange(first.offset..<first.offset + first.byteCount, with: other)
        bytes.replaceSubrange(second.offset..<second.offset + second.byteCount, with: chroma)
        return VideoFrame(layout: layout, buffer: PlaneBuffer(copying: bytes), timestamp: 0)
    }

    @Test(
        "The means of a picture's blocks detect a picture with the same means of planes: shifted, its chroma exchanged, flat (fault C3)"
    )
    func sameMeans() throws {
        let source = PlaneMeans(try bars(0))
        try source.check(source, frame: 0)
        let flat = PlaneMeans(try picture(.i420, [120, 120, 120]))
        try #expect(throws: VerificationFailure.self) { try source.check(PlaneMeans(bars(4)), frame: 0) }
        try #expect(throws: VerificationFailure.self) { try source.check(PlaneMeans(exchanged(bars(0))), frame: 0) }
        #expect(throws: VerificationFailure.self) { try source.check(flat, frame: 0) }
    }

    @Test(
        "The means of pictures in order detect two exchanged ones and a stream that is one late, and accept a repeated one (fault C3)"
    )
    func order() throws {
        let means = try (0..<20).map { PlaneMeans(try bars($0)) }
        func run(_ order: [Int]) throws {
            var watch = PictureOrderWatch()
            for (frame, shown) in order.enumerated() {
                try watch.add(source: means[frame], decoded: means[shown], frame: frame)
            }
        }
        try run(Array(0..<20))
        try run([0, 1, 1, 3, 4, 4, 4, 7, 8])
        #expect(throws: VerificationFailure.self) { try run([0, 1, 3, 2, 4]) }
        #expect(throws: VerificationFailure.self) { try run([0] + Array(0..<19)) }
        #expect(throws: VerificationFailure.self) { try run(Array(1..<20)) }
    }
}
