internal import CPosix
internal import Sluice
internal import SystemPackage
internal import Threading

/// Ends a batch early: the first request has running jobs finish what they have read, the second ends them at once.
///
/// Thread-safety: all methods may be called from any thread.
package final class Cancellation: Sendable {
    private let requests = Monitor(0)
    private let pipes: [WakePipe]
    /// Wakes who waits for a request that does not come any more.
    let end: WakePipe
    /// Ends what the batch itself reads.
    let interrupt = Interrupt()

    /// No request yet.
    ///
    /// - Throws: Why the system gives no pipes.
    package init() throws(Errno) { (pipes, end) = ([try WakePipe(), try WakePipe()], try WakePipe()) }

    /// Asks the running jobs to end; called again, ends them.
    package func request() {
        let count = requests.withLock { count in
            count += 1
            return count
        }
        interrupt.trigger()
        // The byte stays in the pipe, so that everyone who waits for it sees it.
        if count <= pipes.count { pipes[count - 1].wake() }
    }

    /// The number of requests.
    package var count: Int { requests.withLock { $0 } }

    /// Whether the end was requested.
    package var isRequested: Bool { count > 0 }

    /// Waits, at most until a request.
    func wait(atMost duration: Duration) { _ = requests.wait(atMost: duration, until: { $0 > 0 }) }

    /// Waits until a request, or until ``end`` is written to; true after a request.
    func waitForRequest() -> Bool {
        _ = unsafe cposix_wait_any_readable([pipes[0].readEnd, end.readEnd], 2, -1)
        return isRequested
    }

    /// Can be read from the given request on, the first or the second.
    func descriptor(ofRequest number: Int) -> Int32 { pipes[number - 1].readEnd }
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
