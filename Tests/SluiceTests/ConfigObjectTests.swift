import EncoderCore
import Testing
import VideoTypes

@testable import Sluice

@Suite("A configuration as JSON")
struct ConfigObjectTests {
    /// What a property of the configuration is called there, where that is another name.
    private static let names = [
        "codedWidth": ["width"], "codedHeight": ["height"], "orientation": ["rotation", "flip"],
    ]

    private var config: EncoderConfig { EncoderConfig(codec: "vp09.00.10.08", width: 64, height: 48) }

    @Test("has every property of the configuration, so that shards cannot disagree unseen (fault L)")
    func allProperties() {
        let object = Set(Mirror(reflecting: ConfigObject(config, encoder: "libvpx")).children.compactMap(\.label))
        let properties = Mirror(reflecting: config).children.compactMap(\.label)
        #expect(properties.count > 30)
        for property in properties {
            for name in Self.names[property] ?? [property] {
                #expect(object.contains(name), "\(property) is not there")
            }
        }
    }

    @Test("tells configurations apart by what it once left out (fault L)")
    func differences() {
        let changes: [(inout EncoderConfig) -> Void] = [
            { $0.quantizerIndex = 101 }, { $0.hardwareAcceleration = .preferSoftware }, { $0.isSegment = true },
            { $0.avcFormat = .avc }, { $0.hevcFormat = .hevc }, { $0.lossless = true }, { $0.contentHint = .text },
            { $0.displayWidth = 32 }, { $0.displayHeight = 32 },
        ]
        for change in changes {
            var other = config
            change(&other)
            #expect(ConfigObject(other, encoder: "libvpx") != ConfigObject(config, encoder: "libvpx"))
        }
    }
}

@Suite("isConfigSupported")
struct ConfigSupportTests {
    @Test("answers for the lowest of every codec (fault H6)", arguments: VideoCodec.allCases)
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

    @Test("answers for a display size, as the sample aspect ratio that it means (fault H8)")
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
