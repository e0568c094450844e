import Foundation
import TestSupport
import Testing
import VideoTypes

@Suite("The peak signal-to-noise ratio")
struct PSNRTests {
    private func compare(
        _ format: PixelFormat,
        _ first: ArraySlice<UInt8>,
        _ second: ArraySlice<UInt8>
    ) throws -> PlanePSNR {
        let frame = try frame(format, first)
        let other = try self.frame(format, second)
        let errors = PlanePSNR(frame, other)
        return try #require(errors)
    }

    private func frame(_ format: PixelFormat, _ bytes: ArraySlice<UInt8>) throws -> VideoFrame {
        try VideoFrame(format: format, width: 66, height: 50, timestamp: 0, bytes: Array(bytes))
    }

    @Test(
        "The peak signal-to-noise ratio is ffmpeg's, by plane and on average",
        arguments: [PixelFormat.i420, .i444, .i420p10, .i422p10, .i444p12]
    )
    func oracle(format: PixelFormat) throws {
        let folder = try TemporaryFolder()
        let raw = ["-f", "rawvideo", "-pix_fmt", format.ffmpegName, "-s", "66x50"]
        for (filter, file) in [("null", "a"), ("noise=alls=20:allf=t:all_seed=7,boxblur=1", "b")] {
            let source = ["-f", "lavfi", "-i", "testsrc2=s=66x50:d=0.2,\(filter)"]
            try folder.run("ffmpeg", ["-v", "error"] + source + raw + [file])
        }
        let inputs = raw + ["-i", "a"] + raw + ["-i", "b"]
        let text = try folder.run("ffmpeg", inputs + ["-lavfi", "psnr", "-f", "null", "-"]).errors
        let line = try #require(text.split(separator: "\n").last { $0.contains("PSNR y:") })
        let expected = line.split(separator: " ").compactMap { field -> Double? in
            let pair = field.split(separator: ":")
            return pair.count == 2 && ["y", "u", "v", "average"].contains(pair[0]) ? Double(pair[1]) : nil
        }
        let sum = try total(format, folder.bytes(of: "a"), folder.bytes(of: "b"))
        try #require(expected.count == 4)
        for (actual, expected) in zip(sum.decibelsByPlane + [sum.decibels], expected) {
            #expect(abs(actual - expected) < 0.01)
        }
    }

    private func total(_ format: PixelFormat, _ first: [UInt8], _ second: [UInt8]) throws -> PlanePSNR {
        let layout = try #require(PictureLayout(format: format, size: PictureSize(width: 66, height: 50)))
        var sum: PlanePSNR?
        for start in stride(from: 0, to: first.count, by: layout.byteCount) {
            let range = start..<start + layout.byteCount
            let errors = try compare(format, first[range], second[range])
            sum?.add(errors)
            sum = sum ?? errors
        }
        return try #require(sum)
    }

    @Test(
        "The peak signal-to-noise ratio of equal pictures is infinite",
        arguments: [PixelFormat.i420, .nv12, .p010, .gray8, .i420a]
    )
    func equal(format: PixelFormat) throws {
        let layout = try #require(PictureLayout(format: format, size: PictureSize(width: 66, height: 50)))
        let bytes = (0..<layout.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let errors = try compare(format, bytes[...], bytes[...])
        #expect(errors.decibels == .infinity)
        #expect(errors.meanSquaredErrors.allSatisfy { $0 == 0 })
        #expect(errors.planes.map(\.samples).reduce(0, +) * format.bytesPerSample == layout.byteCount)
    }

    @Test("The peak signal-to-noise ratio of p010 is that of i420p10 with the same samples")
    func highBits() throws {
        let samples = (0..<66 * 50 * 3 / 2).map { UInt16(truncatingIfNeeded: $0 &* 7 & 1023) }
        let other = samples.map { ($0 + 3) & 1023 }
        func bytes(_ samples: [UInt16], _ shift: UInt16) -> ArraySlice<UInt8> {
            samples.flatMap { sample -> [UInt8] in
                let value = sample << shift
                return [UInt8(value & 0xFF), UInt8(value >> 8)]
            }[...]
        }
        let low = try compare(.i420p10, bytes(samples, 0), bytes(other, 0))
        let high = try compare(.p010, bytes(samples, 6), bytes(other, 6))
        #expect(abs(low.decibels - high.decibels) < 1e-9)
    }

    @Test("The peak signal-to-noise ratio is only measured between pictures of one format and size")
    func unlike() throws {
        let small = try VideoFrame(format: .gray8, width: 1, height: 1, timestamp: 0, bytes: [0])
        let wide = try VideoFrame(format: .gray8, width: 2, height: 1, timestamp: 0, bytes: [0, 0])
        let packed = try VideoFrame(format: .rgb24, width: 1, height: 1, timestamp: 0, bytes: [0, 0, 0])
        let others = [PlanePSNR(small, wide), PlanePSNR(packed, packed), PlanePSNR(small, small)]
        #expect(others.map { $0 != nil } == [false, false, true])
    }
}
