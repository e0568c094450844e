internal import Sluice
internal import SystemPackage

/// One attempt of a job: its `encode`, the command that writes its frames, and their messages.
///
/// The frames go from one process to the other. The batch holds the pipe's end open until the command has succeeded, so that an
/// output cannot be finished before that is known; where frames are counted, those are all that matters.
struct JobAttempt {
    /// What a try came to.
    struct Outcome {
        var failure: Failure?
        /// A request ended it.
        var isCancelled = false
        var ending = ChildProcess.Ending()
        var seconds = 0.0
    }

    let job: BatchJob
    let program: FilePath
    let folder: FilePath
    let arguments: [String]
    let lock: FileDescriptor
    /// The folder that all outputs have to be in; `nil` if they may be anywhere.
    let root: OutputRoot?
    let timeout: Duration?
    /// How long a process may take to end after a request, before it is killed.
    let killAfter: Duration
    let cancellation: Cancellation
    /// Progress of the child, as lines of JSON.
    let progress: (String) -> Void
    /// What the child and the command write for people.
    let words: (String) -> Void

    /// How long a child may take to end after a second request.
    static let lastGrace = Duration.seconds(2)

    func run() -> Outcome {
        let start = ContinuousClock.now
        var outcome = Outcome()
        do throws(ChildProcess.StartError) {
            var run = try RunningJob(self, start)
            run.wait()
            outcome = run.outcome()
        } catch {
            outcome.failure = Failure(error)
        }
        let (seconds, attoseconds) = start.duration(to: .now).components
        outcome.seconds = Double(seconds) + Double(attoseconds) * 1e-18
        return outcome
    }
}
