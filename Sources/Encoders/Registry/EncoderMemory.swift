package import VideoTypes

/// How much memory an encoder takes: one row for each encoder, which its ``BackendDescriptor`` names.
///
/// What an encode is likely to take was measured (80 frames of 320x180, 1280x720 and 1920x1080 each, 1, 2 and 16 threads,
/// presets from the fastest to the second slowest, 8 and 10 bits; x264 164, x265 3.5, libvpx 1.12, libaom 3.6, SVT-AV1 1.4,
/// rav1e 0.5), and the numbers are about a fifth above what was seen. What it takes at the least was measured with each
/// encoder's fastest settings.
package struct EncoderMemory: Hashable, Sendable {
    /// Bytes that are likely without any picture.
    package var base = 80 << 20
    /// Pictures that are likely to be kept, by the default preset.
    package let pictures: Double
    /// Pictures that are likely to be kept if every input frame immediately gives one output frame.
    package let realtimePictures: Double
    /// Pictures that each thread adds.
    package let perThread: Double
    /// The part of ``pictures`` that the preset `ultrafast` keeps.
    package var ultrafast = 0.7
    /// Bytes for each pixel of the picture, at the least.
    package let leastBytesPerPixel: Int

    /// libx264, called directly.
    package static let x264 = EncoderMemory(
        pictures: 160,
        realtimePictures: 40,
        perThread: 9,
        ultrafast: 0.3,
        leastBytesPerPixel: 20
    )
    /// libx265 in libavcodec.
    package static let x265 = EncoderMemory(
        base: 105 << 20,
        pictures: 170,
        realtimePictures: 65,
        perThread: 6,
        leastBytesPerPixel: 60
    )
    /// libvpx for VP8.
    package static let vp8 = EncoderMemory(pictures: 40, realtimePictures: 40, perThread: 1, leastBytesPerPixel: 20)
    /// libvpx for VP9.
    package static let vp9 = EncoderMemory(pictures: 72, realtimePictures: 60, perThread: 6, leastBytesPerPixel: 40)
    /// libaom, called directly.
    package static let aom = EncoderMemory(
        base: 95 << 20,
        pictures: 165,
        realtimePictures: 50,
        perThread: 6,
        leastBytesPerPixel: 30
    )
    /// SVT-AV1 in libavcodec.
    package static let svtAV1 = EncoderMemory(
        base: 150 << 20,
        pictures: 280,
        realtimePictures: 280,
        perThread: 4,
        leastBytesPerPixel: 160
    )
    /// rav1e in libavcodec.
    package static let rav1e = EncoderMemory(
        pictures: 580,
        realtimePictures: 580,
        perThread: 6,
        leastBytesPerPixel: 600
    )

    /// Hardware, or an encoder that is not known, by its codec.
    package static func other(_ codec: VideoCodec) -> EncoderMemory {
        func hardware(leastBytesPerPixel: Int) -> EncoderMemory {
            EncoderMemory(pictures: 60, realtimePictures: 40, perThread: 0, leastBytesPerPixel: leastBytesPerPixel)
        }
        return switch codec {
        case .h264: hardware(leastBytesPerPixel: 20)
        case .hevc: hardware(leastBytesPerPixel: 60)
        case .vp8: vp8
        case .vp9: vp9
        case .av1: hardware(leastBytesPerPixel: 30)
        }
    }

    /// Pictures that are likely to be kept with these settings.
    package func pictures(_ config: EncoderConfig) -> Double {
        let kept = config.latencyMode == .realtime ? realtimePictures : pictures * effort(config.preset)
        return kept + Double(config.threads ?? 1) * perThread
    }

    /// Slow presets look further ahead and refer to more, fast ones less.
    private func effort(_ preset: String?) -> Double {
        switch preset {
        case "ultrafast": ultrafast
        case "superfast": 0.8
        case "slow": 1.25
        case "slower": 1.7
        case "veryslow", "placebo": 2.1
        default: 1
        }
    }
}
