import EncoderCore
import Testing
import VideoTypes

@testable import Jobs

@Suite("A configuration as JSON")
struct ConfigObjectTests {
    /// What a property of the configuration is called there, where that is another name.
    private static let names = [
        "codedWidth": ["width"], "codedHeight": ["height"], "orientation": ["rotation", "flip"],
    ]

    private var config: EncoderConfig { EncoderConfig(codec: "vp09.00.10.08", width: 64, height: 48) }

    @Test(
        "A configuration as JSON has every property of the configuration, so that shards cannot disagree unseen (fault L)"
    )
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

    @Test("A configuration as JSON distinguishes configurations by properties that it once omitted (fault L)")
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
