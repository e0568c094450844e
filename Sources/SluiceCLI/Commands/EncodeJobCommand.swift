internal import ArgumentParser
internal import Batch
internal import Sluice
internal import SystemPackage
internal import Threading

/// `sluice encode` as the command of a batch's jobs: its own flags, read by its own parser.
struct EncodeJobCommand: JobCommand {
    let flags: [JobFlag]
    /// A cache of parsed flags without the job's files: many jobs of a manifest differ only in their files, and parsing takes
    /// longer than the rest of a check.
    private let parsed = Monitor<[[UInt8]: Result<EncodeCommand, JobRefusal>]>([:])
    /// Sets of flags that are kept.
    private static let kept = 1024

    /// What the batch itself decides for all jobs.
    private static let own = [
        "help", "version", "output", "json", "progress", "progress-fd", "quiet", "log-level", "job-record",
        "no-sandbox", "claim-fd", "output-root", "output-root-fd",
    ]

    init() { flags = Self.describedFlags.filter { !Self.own.contains($0.name) } }

    func job(_ arguments: [String]) throws(JobRefusal) -> EncodeJob {
        let command = try command(arguments)
        do throws(Failure) {
            var job = try command.makeJob()
            try command.readFiles(of: &job, Interrupt())
            return job
        } catch {
            throw JobRefusal(error.message)
        }
    }

    private func command(_ arguments: [String]) throws(JobRefusal) -> EncodeCommand {
        let (flags, output, input) = Self.parts(arguments)
        guard let output, let input else { return try Self.parse(arguments) }
        // By their bytes: names that look alike are two.
        let key = Array(flags.map { $0.utf8 }.joined(separator: [0]))
        if let known = parsed.withLock({ $0[key] }) { return Self.command(try known.get(), output, input) }
        let result = Result { () throws(JobRefusal) in try Self.parse(arguments) }
        if !Self.names(output, input, in: result) {
            parsed.withLock { if $0.count < Self.kept { $0[key] = result } }
        }
        return try result.get()
    }

    /// A refusal is another one for other files if it is about one of them.
    private static func names(_ output: String, _ input: String, in result: Result<EncodeCommand, JobRefusal>) -> Bool {
        guard case .failure(let refusal) = result else { return false }
        return refusal.message.contains(output) || refusal.message.contains(input)
    }

    /// The flags, and the value of the last `--output=` and of the only argument after `--`.
    private static func parts(_ arguments: [String]) -> (flags: [String], output: String?, input: String?) {
        guard arguments.count >= 3, arguments[arguments.count - 2] == "--" else { return (arguments, nil, nil) }
        let output = arguments[arguments.count - 3]
        guard output.hasPrefix("--output=") else { return (arguments, nil, nil) }
        return (Array(arguments.dropLast(3)), String(output.dropFirst("--output=".count)), arguments.last)
    }

    /// The same flags for other files, whose names the parser does not look at.
    private static func command(_ known: EncodeCommand, _ output: String, _ input: String) -> EncodeCommand {
        var command = known
        command.output.output = output
        command.input.input = input
        return command
    }

    private static func parse(_ arguments: [String]) throws(JobRefusal) -> EncodeCommand {
        do throws(Failure) {
            return try EncodeCommand.reading(arguments)
        } catch {
            throw JobRefusal(error.message.split(separator: "\n").joined(separator: "; "))
        }
    }

    func refusal(_ error: JobError) -> JobRefusal {
        let failure = Failure(error)
        if case .input(let input) = error, input.isShortage {
            return JobRefusal(failure.message, status: .unavailable, name: failure.name, isShortage: true)
        }
        return JobRefusal(failure.message, status: failure.status, name: failure.name)
    }
}

extension EncodeJobCommand {
    /// The argument parser's description of a command, for documentation.
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
        guard let help = try? JSON.decode(Help.self, from: Array(EncodeCommand._dumpHelp().utf8)) else {
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
