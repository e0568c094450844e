internal import Batch
internal import Places
internal import Sluice
internal import SystemPackage

/// A process that carries out tries, one at a time. It ends with its owner, and on Linux with the thread that made it.
///
/// Thread-safety: made and used by one thread.
final class ProbeProcess {
    /// What came of a try.
    enum Answer {
        case outcome(ProbeOutcome)
        /// The process ended instead; what it wrote last.
        case ended(ChildProcess.Ending, words: String)
        case timedOut
    }

    private let child: ChildProcess
    private let tasks: ClosingDescriptor
    private let answers: ClosingDescriptor
    /// `nil` at its end.
    private var errors: ClosingDescriptor?
    private var answerLines = LineBuffer()
    private var errorLines = LineBuffer()
    private var words: [String] = []

    /// Starts another process of the program.
    init() throws(ChildProcess.StartError) {
        let program = Environment.program
        let (input, output, complaints): (Ends, Ends, Ends)
        let wake: WakePipe
        do throws(Errno) {
            (input, output, complaints, wake) = (try Ends(), try Ends(), try Ends(), try WakePipe())
        } catch {
            throw ChildProcess.StartError(program: program.spelled, errno: error)
        }
        var descriptors = ChildProcess.Descriptors()
        (descriptors.input, descriptors.errors) = (input.read.value, complaints.write.value)
        descriptors.progress = output.write.value
        // A descriptor is closed with its last owner, which has to be after the child has it.
        defer { withExtendedLifetime((input, output, complaints)) {} }
        let command = [program.spelled, "sluice", ProbeTryCommand.name]
        child = try ChildProcess(command, in: Environment.workingFolder, descriptors, wake: wake)
        (tasks, answers, errors) = (input.write, output.read, complaints.read)
    }

    /// Has a try carried out.
    func run(_ task: ProbeTask, within limit: Duration) -> Answer {
        let deadline = ContinuousClock.now + limit
        // A process that has ended cannot receive it; its end is detected below.
        _ = try? FileDescriptor(rawValue: tasks.value).writeAll(JSON.line(task))
        while true {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            guard left > 0 else { return .timedOut }
            let sources = [answers.value, errors?.value ?? -1]
            let mask = waitForReadable(sources, milliseconds: Int32(min(left + 1, 1e9)))
            if mask & 2 != 0 { takeWords() }
            guard mask & 1 != 0 else { continue }
            let bytes = FileDescriptor(rawValue: answers.value).available(upTo: 1 << 12)
            guard !bytes.isEmpty else { return ended() }
            guard let line = answerLines.append(bytes).first else { continue }
            guard case .success(let outcome) = JSON.read(ProbeOutcome.self, from: Array(line.utf8)) else {
                return .outcome(.failed("the test process gave no valid answer"))
            }
            return .outcome(outcome)
        }
    }

    private func takeWords() {
        guard let descriptor = errors else { return }
        let bytes = FileDescriptor(rawValue: descriptor.value).available(upTo: 1 << 12)
        if bytes.isEmpty { errors = nil }
        let lines = bytes.isEmpty ? [errorLines.finish()].compactMap { $0 } : errorLines.append(bytes)
        words = (words + lines.filter { !$0.isEmpty }).suffix(2)
    }

    /// What ended it: what it does not answer by any more, it is rid of.
    private func ended() -> Answer {
        stop()
        while errors != nil, waitForReadable([errors?.value ?? -1], milliseconds: 0) != 0 { takeWords() }
        let text = words.map { $0.prefix(200) }.joined(separator: "; ").printable()
        return .ended(child.finish(), words: text)
    }

    /// Ends it, whatever it does.
    func stop() {
        child.signal(Signal.kill)
        child.finish()
    }

    deinit { stop() }
}
