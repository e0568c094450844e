internal import Synchronization

/// What one stage of a pipeline spends its time on. The stage's thread adds; any thread reads.
public final class StageClock: Sendable {
    /// What a stage can be doing.
    public enum Activity: Int, CaseIterable, Sendable {
        /// Waiting for something to work on.
        case waitingForInput
        /// Working.
        case working
        /// Waiting for room for what it has made.
        case waitingForOutput
    }

    private let waitingForInput = Atomic<Int64>(0)
    private let working = Atomic<Int64>(0)
    private let waitingForOutput = Atomic<Int64>(0)

    /// A clock at zero.
    public init() {}

    /// Runs `body` and adds the time that it takes to `activity`.
    public func measure<Result: ~Copyable, Failure: Error>(
        _ activity: Activity,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = ContinuousClock.now
        defer { add(start.duration(to: .now), to: activity) }
        return try body()
    }

    /// Adds time that was measured elsewhere.
    public func add(_ duration: Duration, to activity: Activity) {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        switch activity {
        case .waitingForInput: waitingForInput.add(nanoseconds, ordering: .relaxed)
        case .working: working.add(nanoseconds, ordering: .relaxed)
        case .waitingForOutput: waitingForOutput.add(nanoseconds, ordering: .relaxed)
        }
    }

    /// The seconds spent on an activity so far.
    public func seconds(_ activity: Activity) -> Double {
        switch activity {
        case .waitingForInput: Double(waitingForInput.load(ordering: .relaxed)) * 1e-9
        case .working: Double(working.load(ordering: .relaxed)) * 1e-9
        case .waitingForOutput: Double(waitingForOutput.load(ordering: .relaxed)) * 1e-9
        }
    }
}
