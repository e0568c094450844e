import ArgumentParser
import Sluice
import Testing

@testable import SluiceCLI

@Suite("Settings in messages")
struct SettingFlagTests {
    /// The flags that the help of any command lists.
    private static let declared = Set(
        SluiceCommand.configuration.subcommands.flatMap { command in
            command.helpMessage(includeHidden: true, columns: 1000).split(separator: "\n")
                .filter { $0.hasPrefix("  -") }
                .flatMap { $0.matches(of: /--?[a-z][-a-z]*/).map { String($0.0) } }
        }
    )

    /// The properties of everything that a program can set, and the parameters of a shard.
    private static let properties: Set<String> = {
        let (input, output) = (InputDescription(.standardInput), OutputDescription(.standardOutput, format: .mp4))
        let config = EncoderConfig(codec: .lowest(.av1), width: 64, height: 48)
        let values: [Any] = [
            EncodeJob(input: input, config: config, output: output), EncodeJob.Context(), input, config, output,
            PictureOptions(), PictureFilters(), InputColor(), ColorOptions(), VerificationOptions(), ParallelOptions(),
            PipelineBounds(), MetadataOptions(),
            MediaOptions(), FrameReader.Selection(), Inspection(.standardInput),
        ]
        return Set(values.flatMap { Mirror(reflecting: $0).children.compactMap(\.label) } + ["index", "folder"])
    }()

    @Test("Settings in messages have a flag that a command declares", arguments: Setting.allCases)
    func flags(setting: Setting) { #expect(Self.declared.contains(setting.flag)) }

    @Test("Settings in messages are properties of the library", arguments: Setting.allCases)
    func properties(setting: Setting) { #expect(Self.properties.contains(setting.rawValue)) }

    @Test("Settings in messages have the library's names, unless the program gives them others")
    func names() {
        let error = EncoderConfigError.outOfRange(field: "keyFrameInterval", actual: 0, allowed: 1...9)
        #expect("use \(Setting.minPSNR) 40" == "use leastPSNR 40")
        #expect("\(error)" == "invalid keyFrameInterval 0 (expected 1...9)")
        SettingNames.$ofTask.withValue(.flags) {
            #expect("use \(Setting.minPSNR) 40" == "use --min-psnr 40")
            #expect("\(error)" == "invalid --key-frame-interval 0 (expected 1...9)")
        }
    }
}
