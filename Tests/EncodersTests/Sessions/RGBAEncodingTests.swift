import Sluice
import Testing
import Threading

@Suite("A video encoder that is given RGBA")
struct RGBAEncodingTests {
    @Test(
        "A video encoder that is given RGBA, or any other format, encodes it",
        .timeLimit(.minutes(1)),
        arguments: PixelFormat.allCases
    )
    func formats(format: PixelFormat) throws {
        let (count, size) = (Monitor(0), PictureSize(width: 64, height: 48))
        let encoder = VideoEncoder { _ in count.withLock { $0 += 1 } }
        try encoder.configure(EncoderConfig(codec: "avc1.42E01E", width: size.width, height: size.height))
        let pattern = TestPattern(size: size)
        for number in 0..<5 {
            let bytes = try pattern.frame(number, format: format)
            try encoder.submit(
                VideoFrame(format: format, width: 64, height: 48, timestamp: Int64(number) * 40000, bytes: bytes)
            )
        }
        try encoder.flush()
        #expect(count.withLock { $0 } == 5)
        try encoder.close()
    }

    @Test(
        "A video encoder that has to keep alpha refuses a frame without it, and stays usable",
        .timeLimit(.minutes(1))
    )
    func refused() throws {
        let alpha = Monitor([Bool]())
        let encoder = VideoEncoder { chunk in alpha.withLock { $0.append(chunk.alphaData != nil) } }
        var config = EncoderConfig(codec: "vp8", width: 16, height: 16)
        config.alpha = .keep
        try encoder.configure(config)
        let bytes = [UInt8](repeating: 99, count: 1024)
        #expect(throws: EncoderError.self) {
            try encoder.submit(VideoFrame(format: .rgbx, width: 16, height: 16, timestamp: 0, bytes: bytes))
        }
        try encoder.submit(VideoFrame(format: .rgba, width: 16, height: 16, timestamp: 0, bytes: bytes))
        try encoder.flush()
        #expect(alpha.withLock { $0 } == [true])
        try encoder.close()
    }

    @Test("A video encoder that is given RGBA of another size, or with less chroma, scales it", .timeLimit(.minutes(1)))
    func scaled() throws {
        let count = Monitor(0)
        let encoder = VideoEncoder { _ in count.withLock { $0 += 1 } }
        var config = EncoderConfig(codec: "avc1.F4001E", width: 32, height: 32)
        config.chroma = .yuv444
        try encoder.configure(config)
        let (i420, rgba) = ([UInt8](repeating: 99, count: 384), [UInt8](repeating: 99, count: 64 * 40 * 4))
        try encoder.submit(VideoFrame(format: .i420, width: 16, height: 16, timestamp: 0, bytes: i420))
        try encoder.submit(VideoFrame(format: .rgba, width: 64, height: 40, timestamp: 40_000, bytes: rgba))
        try encoder.flush()
        #expect(count.withLock { $0 } == 2)
        try encoder.close()
    }

    @Test(
        "A video encoder that is given RGBA tags its stream with the color that it converted to",
        .timeLimit(.minutes(1))
    )
    func tags() throws {
        let told = Monitor<DecoderConfig?>(nil)
        let encoder = VideoEncoder { chunk in told.withLock { $0 = $0 ?? chunk.decoderConfig } }
        var config = EncoderConfig(codec: "avc1.64001E", width: 32, height: 32)
        config.colorSpace = VideoColorSpace(primaries: .smpte432, transfer: .srgb, matrix: .smpte170m, fullRange: true)
        config.pixelAspectRatio = PixelAspectRatio(width: 4, height: 3)
        try encoder.configure(config)
        let bytes = [UInt8](repeating: 99, count: 4096)
        try encoder.submit(VideoFrame(format: .rgba, width: 32, height: 32, timestamp: 0, bytes: bytes))
        try encoder.flush()
        let decoder = try #require(told.withLock { $0 })
        #expect(decoder.colorSpace == config.colorSpace)
        #expect(decoder.pixelAspectRatio == config.pixelAspectRatio)
        #expect(decoder.codec.hasSuffix("1E"))
        try encoder.close()
    }
}
