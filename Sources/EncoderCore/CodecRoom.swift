internal import CPosix
internal import Threading
public import VideoTypes

/// Room that a codec library must find, if it is one that hangs or crashes where threads or memory are refused to it: looked
/// at before it is called, so that too little is an error.
///
/// Others may take the room in between; what is meant are limits that are too low for good.
public enum CodecRoom {
    /// What a thread takes of addresses, by what was measured: its stack, and a heap of its own.
    private static let addressesOfThread = 48 << 20

    /// Throws unless there is room.
    ///
    /// - Parameters:
    ///   - library: Who needs it, for the message.
    ///   - workers: Threads that share its work; `nil` is one for each processor.
    ///   - others: Threads that it may start beside them.
    ///   - bytes: What it holds of pictures.
    public static func require(
        for library: String,
        workers: Int?,
        others: Int,
        bytes: Int
    ) throws(EncoderConfigError) {
        let threads = (workers ?? Int(cposix_core_count())) + others
        let addresses = threads * addressesOfThread + bytes
        let (limit, used) = (Int(cposix_address_space_limit()), Int(cposix_address_space_used()))
        guard limit < 0 || limit - used >= addresses else {
            let (needed, given) = ((used + addresses) >> 20, limit >> 20)
            throw .unsupported("\(library) needs memory, about \(needed) MB in all, and ulimit -v allows \(given) MB")
        }
        guard rehearse(threads) else {
            throw .unsupported("\(library) may start \(threads) threads, and the system refuses so many")
        }
    }

    /// Starts so many threads at a time, and ends them.
    private static func rehearse(_ count: Int) -> Bool {
        let gate = Monitor(false)
        let threads = WorkerThreads()
        defer {
            gate.withLock { $0 = true }
            threads.join()
        }
        do throws(WorkerThread.CreationError) {
            for _ in 0..<count {
                try threads.start(name: "sluice-rehearse") { gate.wait(until: { $0 }, then: { _ in }) }
            }
            return true
        } catch {
            return false
        }
    }
}
