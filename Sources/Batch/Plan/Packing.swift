/// Which jobs may run at the same time. Without locks, threads or a clock: the time is a parameter.
struct Packing: Sendable {
    /// What a batch may use at once.
    struct Limits: Hashable, Sendable {
        var jobs: Int
        var threads: Int
        var memory: Int
    }

    /// What a job needs.
    struct Need: Hashable, Sendable {
        var threads: Int
        var memory: Int
    }

    enum State: Hashable, Sendable {
        case waiting, running, succeeded, failed
        /// It will not run: a job that it depends on failed, or the batch ends.
        case dropped
    }

    /// The next action.
    enum Step: Hashable, Sendable {
        case start(Int)
        /// The job will not be started.
        case drop(Int)
        /// Wait until a job ends, or until this time.
        case wait(until: ContinuousClock.Instant?)
        case finished
    }

    private let limits: Limits
    private let needs: [Need]
    private let after: [[Int]]
    private(set) var states: [State]
    private var earliest: [Int: ContinuousClock.Instant] = [:]
    private var used = Need(threads: 0, memory: 0)
    private var runningCount = 0
    /// No more jobs are started.
    private(set) var isEnding = false

    init(limits: Limits, needs: [Need], after: [[Int]]) {
        (self.limits, self.needs, self.after) = (limits, needs, after)
        states = Array(repeating: .waiting, count: needs.count)
    }

    /// The first job, in the order of the manifest, that fits next to the running ones; a later job may overtake one that does
    /// not fit.
    mutating func next(at now: ContinuousClock.Instant) -> Step {
        var soonest: ContinuousClock.Instant?
        for index in states.indices where states[index] == .waiting {
            if isEnding || after[index].contains(where: { [.failed, .dropped].contains(states[$0]) }) {
                states[index] = .dropped
                return .drop(index)
            }
            guard after[index].allSatisfy({ states[$0] == .succeeded }) else { continue }
            if let time = earliest[index], time > now {
                soonest = min(soonest ?? time, time)
                continue
            }
            guard fits(needs[index]) else { continue }
            begin(index)
            return .start(index)
        }
        let isOver = runningCount == 0 && !states.contains(.waiting)
        return isOver ? .finished : .wait(until: soonest)
    }

    private func fits(_ need: Need) -> Bool {
        runningCount < limits.jobs && used.threads + need.threads <= limits.threads
            && used.memory + need.memory <= limits.memory
    }

    private mutating func begin(_ index: Int) {
        states[index] = .running
        runningCount += 1
        used.threads += needs[index].threads
        used.memory += needs[index].memory
    }

    private mutating func release(_ index: Int) {
        runningCount -= 1
        used.threads -= needs[index].threads
        used.memory -= needs[index].memory
    }

    /// A job has ended for good.
    mutating func end(_ index: Int, succeeded: Bool) {
        release(index)
        states[index] = succeeded ? .succeeded : .failed
    }

    /// Schedules another attempt of a job, not before a time.
    mutating func putBack(_ index: Int, until time: ContinuousClock.Instant) {
        release(index)
        states[index] = .waiting
        earliest[index] = time
    }

    /// Starts no more jobs.
    mutating func stop() { isEnding = true }
}

extension Packing {
    /// How many threads each job's encoder gets: the number that it specifies, else its share of the budget when all jobs that
    /// fit run at once. It follows only from the manifest and the budget, so that the outputs do not depend on when a job runs.
    static func threads(budget: Int, slots: Int?, memory: Int, jobs: [(declared: Int?, useful: Int, memory: Int)])
        -> [Int]
    {
        let largest = max(1, jobs.map(\.memory).max() ?? 1)
        let parallel = max(1, min(slots ?? budget, budget, jobs.count, memory / largest))
        return jobs.map { $0.declared ?? max(1, min($0.useful, budget / parallel)) }
    }
}

/// How long to wait before the next try: a second, and twice as long each time, up to a minute.
enum Backoff {
    static func delay(afterAttempt attempt: Int) -> Duration { .seconds(min(60, 1 << min(6, max(0, attempt - 1)))) }
}
