import ArgumentParser
import Jobs
import Sluice
import Testing

@testable import SluiceCLI

/// Ours, not the one that a test of an exit expects.
typealias ExitStatus = Jobs.ExitStatus

extension ParsableCommand {
    /// The command of a line of arguments without spaces in them.
    static func words(_ line: String) throws -> Self { try parse(line.split(separator: " ").map(String.init)) }
}

/// An output, for tests of other flags.
private let output = "-o out.mp4"

/// The job of a line of arguments after `sluice encode`.
func encodeJob(_ line: String) throws -> EncodeJob { try EncodeCommand.words("\(output) \(line)").makeJob() }

/// The same after `sluice decode`.
func decodeJob(_ line: String) throws -> DecodeJob { try DecodeCommand.words(line).makeJob() }

/// A command's message for arguments that it refuses; `nil` if it accepts them.
func refusal<Command: ParsableCommand>(
    _ line: String,
    _ makeJob: (Command) throws -> Void = { _ in }
) -> String? {
    do {
        try SettingNames.$ofTask.withValue(.flags) { try makeJob(try Command.words(line)) }
        return nil
    } catch let failure as Failure {
        return failure.status == .usage ? failure.message : "exit status \(failure.status)"
    } catch {
        let isUsage = Command.exitCode(for: error).rawValue == ExitStatus.usage.code
        return isUsage ? Command.message(for: error) : "exit status \(Command.exitCode(for: error))"
    }
}

/// The message of `sluice encode` for arguments that it refuses; `nil` if it accepts them.
func encodeRefusal(_ line: String) -> String? {
    refusal(line) { (command: EncodeCommand) in _ = try command.makeJob() }
}

/// The same of `sluice decode`.
func decodeRefusal(_ line: String) -> String? {
    refusal(line) { (command: DecodeCommand) in _ = try command.makeJob() }
}
