internal import ArgumentParser
internal import CPosix
internal import Sluice

/// The program's entry: the one place that knows exit statuses.
@main
struct Main {
    static func main() {
        cposix_fill_standard_descriptors()
        cposix_share_heap()
        cposix_hold_signals()
        SettingNames.flags.adopt()
        let arguments = Environment.arguments
        do {
            var command = try SluiceCommand.parseAsRoot(arguments)
            try command.run()
        } catch {
            end(error, arguments)
        }
    }

    /// Whether a failure is printed as an object, and whether data is written to standard output, from flags that may be
    /// invalid.
    private static func streams(_ arguments: [String]) -> (wantsJSON: Bool, carriesData: Bool) {
        let given = arguments.prefix { $0 != "--" }
        return (given.contains("--json"), given.contains { ["-", "-o-", "--output=-", "/dev/stdout"].contains($0) })
    }

    /// What the argument parser tells, or what has led to too many arguments.
    private static func message(for error: any Error, _ arguments: [String]) -> String {
        let message = SluiceCommand.message(for: error)
        guard message.contains("nexpected argument") else { return message }
        return ExpandedPattern(arguments)?.advice ?? message
    }

    /// Help and versions are printed unchanged; errors of the command line are reported like all other failures.
    private static func end(_ error: any Error, _ arguments: [String]) -> Never {
        refuseUnknownCommand(error, arguments)
        let code = SluiceCommand.exitCode(for: error)
        if code == .success { endWithWords(of: error) }
        let isUsage = code.rawValue == ExitStatus.usage.code
        guard isUsage, !(error is ExitCode) else { SluiceCommand.exit(withError: error) }
        let (wantsJSON, carriesData) = streams(arguments)
        let command = arguments.first.flatMap { SluiceCommand.commandNames.contains($0) ? $0 : nil } ?? "encode"
        let hint = wantsJSON ? "" : "\nsee sluice --help, sluice \(command) --help"
        let failure = Failure.usage(message(for: error, arguments) + hint)
        failure.print(asJSON: wantsJSON, standardOutputIsFree: !carriesData)
        SluiceCommand.exit(withError: ExitCode(.usage as ExitStatus))
    }
}

extension Main {
    /// Prints what was requested instead of a run: help, a version, a completion script. The argument parser itself would
    /// ignore a failed write.
    private static func endWithWords(of error: any Error) -> Never {
        let words = SluiceCommand.fullMessage(for: error)
        do throws(Failure) {
            if !words.isEmpty { try StandardOutput.write(words + "\n") }
        } catch {
            error.print(asJSON: false, standardOutputIsFree: false)
            SluiceCommand.exit(withError: ExitCode(error.status))
        }
        SluiceCommand.exit()
    }

    /// An argument that is not a command must not get the help of another command, nor its errors about later arguments.
    private static func refuseUnknownCommand(_ error: any Error, _ arguments: [String]) {
        guard !(error is ExitCode), let word = arguments.first,
            !SluiceCommand.commandNames.contains(word), let failure = SluiceCommand.unknownCommand(word)
        else { return }
        failure.print(asJSON: arguments.contains("--json"), standardOutputIsFree: true)
        SluiceCommand.exit(withError: ExitCode(.usage as ExitStatus))
    }
}
