internal import CPosix
internal import Threading
public import VideoTypes

/// Room that a codec library must find, if it is one that hangs or crashes where threads or memory are refused to it: looked
/// at before it is called, so that too little is an error.
///
/// Others may take the room in between; what is meant are limits that are too low for good.
public enum CodecRoom {
    /// What a library takes in any case: tables, and buffers of small pictures.
    private static let base = 16 << 20

    /// What a thread takes of addresses: its stack, and by what was measured a heap of its own where heaps are not shared.
    private static var addressesOfThread: Int {
        let stack = Int(cposix_thread_stack_size())
        return cposix_heap_is_shared() ? stack + 1 << 20 : max(stack, 48 << 20)
    }

    /// Processors that the machine has switched on: some libraries start a thread for each, whether this process may use it or
    /// not.
    public static var onlineCores: Int { Int(cposix_online_core_count()) }

    /// Processors that this process may use; at least 1.
    package static var usableCores: Int { Int(cposix_core_count()) }

    /// Throws unless there is room.
    ///
    /// - Parameters:
    ///   - library: Who needs it, for the message.
    ///   - workers: Threads that share its work; `nil` is one for each processor.
    ///   - others: Additional threads that it may start.
    ///   - bytes: What it holds of pictures.
    ///   - rehearses: Whether it hangs or crashes where threads are refused to it, so that they are tried first.
    public static func require(
        for library: String,
        workers: Int?,
        others: Int,
        bytes: Int,
        rehearses: Bool = true
    ) throws(EncoderConfigError) {
        let threads = (workers ?? usableCores) + others
        let addresses = threads * addressesOfThread + bytes + base
        let (limit, used) = (Int(cposix_address_space_limit()), Int(cposix_address_space_used()))
        guard limit < 0 || limit - used >= addresses else {
            let (needed, given) = ((used + addresses) >> 20, limit >> 20)
            throw .insufficientResources(
                "\(library) needs about \(needed) MB of memory in all, but ulimit -v allows \(given) MB"
            )
        }
        guard !rehearses || rehearse(threads) else {
            throw .insufficientResources("\(library) may start \(threads) threads, but the system allows fewer")
        }
    }

    /// Starts this number of threads at a time, and ends them.
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
