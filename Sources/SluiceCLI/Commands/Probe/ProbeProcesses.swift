internal import Batch
internal import CPosix
internal import Sluice
internal import Synchronization
internal import Threading

/// Has tries carried out in processes of their own, so that an encoder that crashes or hangs costs no answer but its own.
///
/// Tests of one encoder share a process for as long as it lives. A test that ends the process after others succeeded is
/// repeated in a new process, so that earlier tests cannot be the cause.
struct ProbeProcesses: Sendable {
    /// How often an encoder may time out before its other tries are given up.
    private static let patience = 2

    /// How long a try may take.
    let limit: Duration

    /// Carries out tries.
    ///
    /// - Parameters:
    ///   - tasks: The tries.
    ///   - workers: How many at a time, at most.
    func run(_ tasks: [ProbeTask], workers: Int) -> [ProbeOutcome] {
        let outcomes = Monitor([ProbeOutcome?](repeating: nil, count: tasks.count))
        let timeouts = Monitor([String: Int]())
        let next = Atomic(0)
        let work = { @Sendable in
            var worker = Worker(limit: limit)
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < tasks.count else { return }
                let outcome = Self.run(tasks[index], by: &worker, timeouts)
                outcomes.withLock { $0[index] = outcome }
            }
        }
        let threads = WorkerThreads()
        for _ in 1..<max(1, min(workers, tasks.count)) { try? threads.start(name: "sluice-probe", work) }
        work()
        threads.join()
        return outcomes.withLock { $0 }.map { $0 ?? .failed("not tested") }
    }

    private static func run(
        _ task: ProbeTask,
        by worker: inout Worker,
        _ timeouts: Monitor<[String: Int]>
    ) -> ProbeOutcome {
        guard timeouts.withLock({ $0[task.group, default: 0] }) < patience else {
            return .timedOut("not tested, because \(task.group) timed out \(patience) times")
        }
        let outcome = worker.run(task)
        if case .timedOut = outcome { timeouts.withLock { $0[task.group, default: 0] += 1 } }
        return outcome
    }
}

/// A thread's process, and whose tries it has carried out.
private struct Worker {
    let limit: Duration
    private var process: ProbeProcess?
    private var group = ""

    init(limit: Duration) { self.limit = limit }

    mutating func run(_ task: ProbeTask) -> ProbeOutcome {
        if group != task.group { process = nil }
        group = task.group
        let isUsed = process != nil
        let outcome = runOnce(task)
        switch outcome {
        // Earlier tests may have used up memory, or damaged it.
        case .crashed where isUsed, .unavailable where isUsed:
            process = nil
            return runOnce(task)
        default: return outcome
        }
    }

    private mutating func runOnce(_ task: ProbeTask) -> ProbeOutcome {
        do throws(ChildProcess.StartError) {
            let process = if let process { process } else { try ProbeProcess() }
            self.process = process
            let answer = process.run(task, within: limit)
            if case .outcome(let outcome) = answer { return outcome }
            self.process = nil
            return failure(answer)
        } catch {
            return .unavailable("cannot start a test process: \(error.errno)")
        }
    }

    private func failure(_ answer: ProbeProcess.Answer) -> ProbeOutcome {
        guard case .ended(let ending, let words) = answer else {
            let seconds = limit / .seconds(1)
            return .timedOut("no answer within \(Quantity.time(seconds, digits: seconds < 1 ? 3 : 0))")
        }
        let how = ending.signal == 0 ? "exit status \(ending.status)" : "signal \(ending.signal)"
        return .crashed("crashed (\(how))\(words.isEmpty ? "" : ": \(words)")")
    }
}
