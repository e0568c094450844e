internal import ArgumentParser
internal import CPosix
internal import Sluice

/// A command of the program: flags, what they mean, and what is done then. Signals, progress, messages and the exit status are the
/// session's.
protocol Command: ParsableCommand {
    associatedtype Job

    /// What the session reports, and where.
    var reports: SessionReports { get }

    /// Checks what neither single flags nor their values can show, before anything else. By default there are no checks.
    func checkSurroundings() throws(Failure)

    /// Everything that the flags mean, decided without opening a file, a codec or a clock.
    func makeJob() throws(Failure) -> Job

    /// Confines the process to what the job reads and writes; `nil`, the default, of a command that reads no media.
    func confine(_ job: Job) -> SandboxState?

    /// Does what the flags mean.
    func run(_ job: Job, in session: CommandSession) throws(Failure) -> any CommandResult
}

extension Command {
    func checkSurroundings() throws(Failure) {}

    func confine(_ job: Job) -> SandboxState? { nil }

    func run() throws { try runInSession() }

    /// Runs the command; what it throws becomes a message and an exit status.
    func runInSession() throws {
        let failure: Failure?
        do throws(Failure) {
            failure = try result().failure
        } catch {
            error.print(asJSON: reports.isJSON, standardOutputIsFree: reports.standardOutputIsFree)
            throw ExitCode(error.status)
        }
        guard let failure else { return }
        // The result is on standard output by then.
        failure.print(asJSON: reports.isJSON, standardOutputIsFree: false)
        throw ExitCode(failure.status)
    }

    private func result() throws(Failure) -> any CommandResult {
        try checkSurroundings()
        let job = try makeJob()
        if reports.writesBinary, cposix_is_terminal(1) {
            throw .usage("refusing to write binary data to a terminal: use --output FILE, or a pipe")
        }
        // Before the session has a thread, and before a byte of media is read.
        let sandbox = confine(job)
        return try CommandSession.run(reports, sandbox) { session throws(Failure) in try run(job, in: session) }
    }
}
