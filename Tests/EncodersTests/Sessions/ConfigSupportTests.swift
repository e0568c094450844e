import EncoderCore
import Encoders
import Testing
import VideoTypes

@Suite("isConfigSupported")
struct ConfigSupportTests {
    @Test("isConfigSupported answers for the lowest of every codec (fault H6)", arguments: VideoCodec.allCases)
    func lowest(_ codec: VideoCodec) {
        guard
            case .supported(let config) = VideoEncoder.isConfigSupported(
                .init(codec: .lowest(codec), width: 64, height: 64)
            )
        else {
            Issue.record("\(codec)")
            return
        }
        guard case .exact(let string) = config.codec else {
            Issue.record("\(config.codec)")
            return
        }
        #expect((try? CodecRequest(.exact(string)))?.codec == codec)
    }

    @Test("isConfigSupported answers for a display size, as the sample aspect ratio that it means (fault H8)")
    func displaySize() {
        var config = EncoderConfig(codec: "vp8", width: 720, height: 576)
        (config.displayWidth, config.displayHeight) = (1024, 576)
        guard case .supported(let resolved) = VideoEncoder.isConfigSupported(config) else {
            Issue.record("it is supported")
            return
        }
        #expect(resolved.pixelAspectRatio == PixelAspectRatio(width: 64, height: 45))
        config.displayHeight = nil
        guard case .invalid = VideoEncoder.isConfigSupported(config) else {
            Issue.record("half a size means nothing")
            return
        }
    }
}
