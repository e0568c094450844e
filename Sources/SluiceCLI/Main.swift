internal import ArgumentParser
internal import CPosix
internal import Sluice

/// The program's entry: the one place that knows exit statuses.
@main
struct Main {
    static func main() {
        cposix_fill_standard_descriptors()
        cposix_hold_signals()
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            var command = try SluiceCommand.parseAsRoot(arguments)
            try command.run()
        } catch {
            let wantsJSON = arguments.prefix { $0 != "--" }.contains("--json")
            let isUsage = SluiceCommand.exitCode(for: error).rawValue == Failure.usageCode
            guard wantsJSON, isUsage, !(error is ExitCode) else { SluiceCommand.exit(withError: error) }
            let failure = Failure(code: Failure.usageCode, name: "usage", message: SluiceCommand.message(for: error))
            failure.print(asJSON: true, standardOutputIsFree: true)
            SluiceCommand.exit(withError: ExitCode(Failure.usageCode))
        }
    }
}

struct SluiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "Turns raw video frames into encoded video: every frame, or an error.",
        discussion: """
            Frames come from a pipe, a FIFO or a file; H.264 goes to a file, which gets its name only when it is whole, \
            or to standard output. Exit status 0 means that every frame is in the output.

              render | sluice -s 1920x1080 -r 60 -p rgba -o out.h264
              ffmpeg -i in.mov -f yuv4mpegpipe - | sluice --crf 18 -o out.h264
              sluice testsrc --frames 100 | sluice -s 640x360 -r 30 -p rgba -o test.h264
            """,
        version: "sluice \(SluiceVersion.current)",
        subcommands: [EncodeCommand.self, TestSourceCommand.self],
        defaultSubcommand: EncodeCommand.self
    )
}
