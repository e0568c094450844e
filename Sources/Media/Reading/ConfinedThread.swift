internal import Confinement
package import SystemPackage
package import Threading

/// A thread that confines itself before it reads media, for a process that has to stay as it is: a batch's parent starts
/// programs.
///
/// A file cannot have it open others, nor start anything. The memory is that of the whole process, so that a hole in a
/// decoder is worse here than in a process of its own; only headers and first pictures are read so.
package enum ConfinedThread {
    /// Does something on such a thread, and waits for it.
    ///
    /// - Parameter file: The only file that the thread may read besides what libraries need.
    /// - Throws: Why the system refuses a thread.
    @available(*, noasync, message: "blocks the calling thread")
    package static func run<Value: Sendable>(
        reading file: FilePath,
        _ body: @escaping @Sendable () -> Value
    ) throws(WorkerThread.CreationError) -> Value {
        let result = Monitor<Value?>(nil)
        let thread = try WorkerThread(name: "sluice-confined") {
            var confinement = Confinement()
            confinement.readable = [file]
            _ = confinement.enterOnThisThread()
            let value = body()
            result.withLock { $0 = value }
        }
        thread.join()
        guard let value = result.withLock({ $0 }) else { preconditionFailure("a thread that ended without a result") }
        return value
    }
}
