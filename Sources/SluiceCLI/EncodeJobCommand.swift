internal import ArgumentParser
internal import Batch

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// `sluice encode` as the command that a batch's jobs are for: its own flags, read by its own parser.
struct EncodeJobCommand: JobCommand {
    let flags: [JobFlag]

    /// What the batch itself decides for all jobs.
    private static let own = [
        "help", "version", "output", "json", "progress", "progress-fd", "quiet", "log-level", "job-record",
    ]

    init() { flags = Self.describedFlags.filter { !Self.own.contains($0.name) } }

    func job(_ arguments: [String]) throws(JobRefusal) -> EncodeJob {
        let command: EncodeCommand
        do {
            command = try EncodeCommand.parse(arguments)
        } catch {
            throw JobRefusal(EncodeCommand.message(for: error).split(separator: "\n").joined(separator: "; "))
        }
        do throws(Failure) {
            var job = try command.makeJob()
            try command.encoder.readFrameOptions(for: &job, Interrupt())
            return job
        } catch {
            throw JobRefusal(error.message)
        }
    }

    func refusal(_ error: JobError) -> JobRefusal { JobRefusal(Failure(error).message) }
}

extension EncodeJobCommand {
    /// What the argument parser tells of a command, for documentation.
    private struct Help: Decodable {
        struct Command: Decodable { let arguments: [Argument] }
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }
            let kind: String
            let names: [Name]?
            let valueName: String?
            let isRepeating: Bool
        }
        let command: Command
    }

    private static var describedFlags: [JobFlag] {
        // The parser's own text, of a form that is documented: it cannot be wrong here and right elsewhere.
        guard let help = try? JSONDecoder().decode(Help.self, from: Data(EncodeCommand._dumpHelp().utf8)) else {
            return []
        }
        return help.command.arguments.compactMap { argument in
            guard argument.kind != "positional", let name = argument.names?.first(where: { $0.kind == "long" }) else {
                return nil
            }
            return JobFlag(
                name: name.name,
                isSwitch: argument.kind == "flag",
                isRepeatable: argument.isRepeating,
                isFile: argument.valueName == "file"
            )
        }
    }
}
