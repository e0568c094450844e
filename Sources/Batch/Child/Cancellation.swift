internal import CPosix
internal import Sluice
internal import SystemPackage
internal import Threading

/// Ends a batch early. It stops first: jobs that run are finished, and no others begin. A request aborts those that run, and a
/// second request does not wait for them.
///
/// Thread-safety: all methods may be called from any thread.
package final class Cancellation: Sendable {
    /// How far the end has come: 0 not at all, 1 stopping, then one more with each request.
    private let level = Monitor(0)
    /// One for each level, whose byte stays in it, so that everyone who waits for it sees it.
    private let pipes: [WakePipe]
    /// Wakes who waits for a stop that does not come any more.
    let end: WakePipe
    /// Ends what the batch itself reads.
    let interrupt = Interrupt()

    /// No request yet.
    ///
    /// - Throws: Why the system gives no pipes.
    package init() throws(Errno) {
        (pipes, end) = ([try WakePipe(), try WakePipe(), try WakePipe()], try WakePipe())
    }

    /// Begins no more jobs.
    package func stop() { raise { max($0, 1) } }

    /// Begins no more jobs, and asks the running ones to end; called again, ends them.
    package func request() { raise { max($0, 1) + 1 } }

    private func raise(_ change: (Int) -> Int) {
        let reached = level.withLock { level in
            let before = level
            level = change(level)
            return before..<level
        }
        interrupt.trigger()
        for pipe in pipes[reached.clamped(to: pipes.indices)] { pipe.wake() }
    }

    /// The number of requests.
    package var count: Int { max(0, level.withLock { $0 } - 1) }

    /// No more jobs are begun.
    package var isStopping: Bool { level.withLock { $0 } > 0 }

    /// The running jobs were asked to end.
    package var isRequested: Bool { count > 0 }

    /// Waits, at most until the batch is to stop.
    func wait(atMost duration: Duration) { _ = level.wait(atMost: duration, until: { $0 > 0 }) }

    /// Waits until the batch is to stop, or until ``end`` is written to; true if it is to stop.
    func waitForStop() -> Bool {
        _ = unsafe cposix_wait_any_readable([pipes[0].readEnd, end.readEnd], 2, -1)
        return isStopping
    }

    /// Can be read from the given request on, the first or the second.
    func descriptor(ofRequest number: Int) -> Int32 { pipes[number].readEnd }
}

/// A pipe through which a thread is woken that waits for descriptors. No child has its ends.
package final class WakePipe: Sendable {
    private let ends: Ends

    /// A pipe.
    ///
    /// - Throws: Why the system gives none.
    package init() throws(Errno) { ends = try Ends() }

    var readEnd: Int32 { ends.read.value }

    func wake() { _ = try? FileDescriptor(rawValue: ends.write.value).writeAll([0]) }

    /// Takes what has been written.
    func drain() { _ = FileDescriptor(rawValue: readEnd).available(upTo: 64) }
}

extension FileDescriptor {
    /// What can be read now, of a descriptor that is ready; empty at its end, and if reading fails.
    package func available(upTo limit: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = (try? unsafe bytes.withUnsafeMutableBytes { try unsafe read(into: $0) }) ?? 0
        return Array(bytes.prefix(count))
    }
}
