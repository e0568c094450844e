import EncoderSettings
import LibAV
import Testing
import VideoTypes

@Suite("Encoders in hardware")
struct HardwareTests {
    private static let strings: [VideoCodec: String] = [
        .h264: "avc1.640028", .hevc: "hvc1.1.6.L120.B0", .vp8: "vp8", .vp9: "vp09.00.40.08", .av1: "av01.0.08M.08",
    ]

    @Test(
        "Encoders in hardware work, or report why not when they are tried",
        arguments: LibAVEncoderDescription.hardware.map(\.name)
    )
    func reasons(name: String) throws {
        let encoder = try #require(LibAVEncoderDescription.named(name))
        var config = EncoderConfig(codec: .exact(try #require(Self.strings[encoder.codec])), width: 320, height: 240)
        (config.framerate, config.bitrate) = (FrameRate(30), 1_000_000)
        let reason = LibAVEncoder.tryOut(try ValidatedEncoderConfig(config), encoder: encoder)
        guard let reason else { return }
        #expect(reason.contains(name) && reason.count > name.count + 20, "\(reason)")
        if !LibAVEncoder.isPresent(encoder) { #expect(reason == "\(name) is not in this libavcodec") }
    }

    @Test("Encoders in hardware give libavcodec's own reason where there is no device")
    func noDevice() throws {
        let encoder = try #require(LibAVEncoderDescription.named("h264_nvenc"))
        var config = EncoderConfig(codec: "avc1.640028", width: 320, height: 240)
        (config.framerate, config.bitrate) = (FrameRate(30), 1_000_000)
        let reason = LibAVEncoder.tryOut(try ValidatedEncoderConfig(config), encoder: encoder)
        guard let reason else { return }
        #expect(
            reason.contains("libcuda") || reason.contains("not in this libavcodec") || reason.contains("CUDA"),
            "\(reason)"
        )
    }

    @Test("Encoders in hardware are preferred in the order of nvenc, vaapi, qsv, v4l2m2m, videotoolbox")
    func order() {
        let names = LibAVEncoderDescription.hardware.filter { $0.codec == .h264 }.map(\.name)
        #expect(names == ["h264_nvenc", "h264_vaapi", "h264_qsv", "h264_v4l2m2m", "h264_videotoolbox"])
    }
}
