import Encoders
import Testing
import VideoTypes

@Suite("The memory of an encoder")
struct EncoderMemoryTests {
    /// An encoder for a codec, and what its row has to give.
    struct Row: Sendable {
        let encoder: String
        let codec: VideoCodec
        let megabytes: Int
        let pictures: Double
        let realtimePictures: Double
        let perThread: Double
        let ultrafast: Double
        let leastBytesPerPixel: Int

        init(
            _ encoder: String,
            _ codec: VideoCodec,
            _ megabytes: Int,
            _ pictures: (usual: Double, realtime: Double, perThread: Double, ultrafast: Double),
            _ leastBytesPerPixel: Int
        ) {
            (self.encoder, self.codec, self.megabytes) = (encoder, codec, megabytes)
            (self.pictures, realtimePictures) = (pictures.usual, pictures.realtime)
            (perThread, ultrafast, self.leastBytesPerPixel) = (
                pictures.perThread, pictures.ultrafast, leastBytesPerPixel
            )
        }
    }

    private static let rows = [
        Row("libx264", .h264, 80, (160, 40, 9, 48), 20), Row("libx265", .hevc, 105, (170, 65, 6, 119), 60),
        Row("libvpx", .vp8, 80, (40, 40, 1, 28), 20), Row("libvpx", .vp9, 80, (72, 60, 6, 50.4), 40),
        Row("libaom", .av1, 95, (165, 50, 6, 115.5), 30), Row("libsvtav1", .av1, 150, (280, 280, 4, 196), 160),
        Row("librav1e", .av1, 80, (580, 580, 6, 406), 600), Row("h264_nvenc", .h264, 80, (60, 40, 0, 42), 20),
        Row("hevc_vaapi", .hevc, 80, (60, 40, 0, 42), 60), Row("vp8_vaapi", .vp8, 80, (40, 40, 1, 28), 20),
        Row("vp9_qsv", .vp9, 80, (72, 60, 6, 50.4), 40), Row("av1_qsv", .av1, 80, (60, 40, 0, 42), 30),
    ]

    private func config(_ change: (inout EncoderConfig) -> Void = { _ in }) -> EncoderConfig {
        var config = EncoderConfig(codec: .lowest(.h264), width: 64, height: 48)
        change(&config)
        return config
    }

    @Test("The memory of an encoder is as it was measured, for each encoder and codec", arguments: rows)
    func measured(row: Row) throws {
        let backend = try #require(BackendRegistry.all.first { $0.name == row.encoder })
        let memory = backend.memory(of: row.codec)
        #expect(memory.base == row.megabytes << 20)
        #expect(memory.leastBytesPerPixel == row.leastBytesPerPixel)
        #expect(memory.pictures(config()) == row.pictures + row.perThread)
        #expect(memory.pictures(config { $0.threads = 5 }) == row.pictures + 5 * row.perThread)
        #expect(memory.pictures(config { $0.latencyMode = .realtime }) == row.realtimePictures + row.perThread)
        let ultrafast = memory.pictures(config { $0.preset = "ultrafast" })
        #expect(abs(ultrafast - row.ultrafast - row.perThread) < 1e-9)
    }

    @Test("The memory of an encoder grows with the effort of its preset")
    func presets() {
        let presets = ["superfast", nil, "slow", "slower", "veryslow"]
        let pictures = presets.map { preset in EncoderMemory.x264.pictures(config { $0.preset = preset }) - 9 }
        #expect(pictures == [128, 160, 200, 272, 336])
        #expect(EncoderMemory.x264.pictures(config { $0.preset = "placebo" }) == 345)
    }

    @Test("The memory of an encoder that is software is a row of its own, not the one of unknown encoders")
    func rowOfItsOwn() {
        for backend in BackendRegistry.all where !backend.isHardware && backend.name != "libvpx" {
            for codec in backend.codecs {
                #expect(backend.memory(of: codec) != .other(codec), "\(backend.name)")
            }
        }
    }
}
