internal import ArgumentParser
internal import Places
internal import Sluice
internal import SystemPackage

struct SluiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "Turns raw video frames into encoded video: every frame, or an error.",
        discussion: """
            Frames come from a pipe, a FIFO or a file. H.264, HEVC, VP8, VP9 or AV1 goes to standard output, or to a file \
            that is renamed into place when it is complete. Exit status 0 means that every frame is in the output.

              render | sluice -s 1920x1080 -r 60 -p rgba -o out.h264
              ffmpeg -i in.mov -f yuv4mpegpipe - | sluice --crf 18 -o out.h264
              render | sluice -s 1920x1080 -r 60 -p rgba --codec av1 --crf 30 -o out.webm
              sluice testsrc --frames 100 | sluice -s 640x360 -r 30 -p rgba -o test.h264

            Exit statuses; * marks temporary failures, for which a retry may succeed:

            \(statuses)
            """,
        version: "sluice \(SluiceVersion.current)",
        subcommands: [
            BatchCommand.self, CompareCommand.self, DecodeCommand.self, EncodeCommand.self, InspectCommand.self,
            JoinCommand.self, LayersCommand.self, PlanCommand.self, ProbeCommand.self, ProbeTryCommand.self,
            ShardCommand.self,
            TestSourceCommand.self,
        ],
        defaultSubcommand: EncodeCommand.self
    )
}

extension SluiceCommand {
    /// The commands, and what the argument parser adds to them.
    static var commandNames: [String] {
        configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    }

    /// The failure for an argument in a command's place that is neither a command nor the name of a file; `nil` if it may be a
    /// file.
    static func unknownCommand(_ word: String) -> Failure? {
        guard !word.isEmpty, !word.hasPrefix("-"), !word.contains(where: { "./".contains($0) }) else { return nil }
        // Does not wait for a FIFO without a writer.
        let file = try? FileDescriptor.open(FilePath(spelled: word), .readOnly, options: [.closeOnExec, .nonBlocking])
        guard (try? file?.close()) == nil else { return nil }
        let shown = configuration.subcommands.filter { $0.configuration.shouldDisplay }
        let names = shown.compactMap { $0.configuration.commandName }.joined(separator: ", ")
        return .usage("\(word) is neither a command (\(names)) nor a file")
    }
}

extension SluiceCommand {
    /// A paragraph for each exit status: the argument parser would break its lines without an indent.
    private static var statuses: String {
        ExitStatus.allCases.map { status in
            let code = String(repeating: " ", count: 5 - "\(status.code)".count) + "\(status.code)"
            return "\(code)\(status.isRetryable ? "*" : " ") " + wrapped(status.meaning, indent: 7)
        }.joined(separator: "\n")
    }

    /// A text in lines of at most 79 columns, of which all but the first are indented.
    private static func wrapped(_ text: String, indent: Int) -> String {
        var (lines, line) = ([String](), "")
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + 1 + word.count > 79 {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return (lines + [line]).joined(separator: "\n" + String(repeating: " ", count: indent))
    }
}
