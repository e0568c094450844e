internal import ArgumentParser
internal import Batch
internal import CPosix
internal import Sluice
internal import SystemPackage

/// The command that `sluice probe` starts: runs the tests from standard input, a line of JSON each, and writes a line for each
/// to descriptor 3, which no library prints to. It is hidden, because it is only for `probe`.
struct ProbeTryCommand: ParsableCommand {
    static let name = "probe-try"
    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Carries out tries for sluice probe.",
        shouldDisplay: false
    )

    private static let answers: Int32 = 3

    func run() throws {
        SettingNames.properties.adopt()
        cposix_release_signals()
        // A crash is a result here, and leaves no core file.
        cposix_leave_no_core()
        guard cposix_is_open(Self.answers) else {
            throw ValidationError("sluice \(Self.name) is started by sluice probe: descriptor 3 is not open")
        }
        var lines = LineBuffer()
        while true {
            let bytes = FileDescriptor.standardInput.available(upTo: 1 << 12)
            guard !bytes.isEmpty else { return }
            for line in lines.append(bytes) { try answer(line) }
        }
    }

    private func answer(_ line: String) throws {
        let outcome: ProbeOutcome =
            switch JSON.read(ProbeTask.self, from: Array(line.utf8)) {
            case .success(let task): task.run()
            case .failure(let error): .invalid("no try: \(error.reason)")
            }
        try FileDescriptor(rawValue: Self.answers).writeAll(JSON.line(outcome))
    }
}
