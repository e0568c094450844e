internal import CPosix
internal import Places
internal import SystemPackage
internal import Threading

/// A program that runs, in a process group of its own. It is waited for by a thread of its own, and on Linux neither it nor
/// anything that it has started outlives this process, however that ends.
///
/// Thread-safety: started and finished by one thread; everything else on any.
package final class ChildProcess: Sendable {
    /// How a program ended, and what it used.
    package struct Ending: Hashable, Sendable {
        /// The exit status; 0 if a signal ended it.
        package var status: Int32 = 0
        /// The signal that ended it, or 0.
        package var signal: Int32 = 0
        /// Seconds of processor time.
        package var cpuSeconds = 0.0
        /// The most memory that it has had resident, in bytes.
        package var peakMemory = 0

        package var isSuccess: Bool { status == 0 && signal == 0 }
    }

    /// A program that the system did not start.
    package struct StartError: Error {
        package let program: String
        package let errno: Errno

        /// - Parameters:
        ///   - program: The program.
        ///   - errno: Why not.
        package init(program: String, errno: Errno) { (self.program, self.errno) = (program, errno) }
    }

    /// The program's descriptors 0 to 5; `nil`: closed.
    package struct Descriptors {
        package var input: Int32?
        package var output: Int32?
        package var errors: Int32?
        package var progress: Int32?
        /// The claim to its output, held while it lives.
        package var lock: Int32?
        /// The folder that its outputs have to be in.
        package var root: Int32?

        /// Nothing.
        package init() {}
    }

    private struct State {
        var ending: Ending?
        /// ``finish()`` will not be called.
        var isDropped = false
        /// What it has started is not watched any more.
        var isReleased = false

        /// Whether the caller is the one to release it, once.
        mutating func takeRelease() -> Bool {
            guard ending != nil, !isReleased else { return false }
            isReleased = true
            return true
        }
    }

    private let child: cposix_child
    private let state = Monitor(State())
    private let waiter = Monitor<WorkerThread?>(nil)

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - words: Strings: the program's path, then its name and its arguments.
    ///   - folder: Where it runs.
    ///   - descriptors: What it reads and writes.
    ///   - wake: Is woken when it has ended.
    package init(
        _ words: [String],
        in folder: FilePath,
        _ descriptors: Descriptors,
        wake: WakePipe
    ) throws(StartError) {
        var child = cposix_child()
        let status = Self.start(words, folder, descriptors, &child)
        guard status == 0 else { throw StartError(program: words[0], errno: Errno(rawValue: status)) }
        self.child = child
        var started = try? WorkerThread(name: "sluice-wait") { [state, child] in Self.wait(for: child, state, wake) }
        guard started != nil else {
            unsafe cposix_signal_child(&child, 9)
            Self.wait(for: child, state, wake)
            unsafe cposix_release_child(&child)
            throw StartError(program: words[0], errno: .resourceTemporarilyUnavailable)
        }
        waiter.withLock { $0 = started.take() }
    }

    private static func start(
        _ words: [String],
        _ folder: FilePath,
        _ descriptors: Descriptors,
        _ child: inout cposix_child
    ) -> Int32 {
        let text: [CChar] = words.flatMap { (Spelling.bytes($0) + [0]).map { CChar(bitPattern: $0) } }
        return unsafe text.withUnsafeBufferPointer { text in
            unsafe folder.withPlatformString { folder in
                guard let start = text.baseAddress else { return Errno.invalidArgument.rawValue }
                // SAFETY: the strings and the folder are copied or not used any more when cposix_start_child returns.
                var command = unsafe cposix_command(
                    words: start,
                    word_count: Int32(words.count),
                    folder: folder,
                    descriptors: (
                        descriptors.input ?? -1, descriptors.output ?? -1, descriptors.errors ?? -1,
                        descriptors.progress ?? -1, descriptors.lock ?? -1, descriptors.root ?? -1
                    )
                )
                return unsafe cposix_start_child(&command, &child)
            }
        }
    }

    private static func wait(for child: cposix_child, _ state: Monitor<State>, _ wake: WakePipe) {
        var (child, found) = (child, cposix_ending())
        _ = unsafe cposix_wait_for_child(&child, &found)
        let ending = Ending(
            status: found.status,
            signal: found.signal,
            cpuSeconds: found.cpu_seconds,
            peakMemory: Int(found.peak_memory)
        )
        let isDropped = state.withLock { state in
            state.ending = ending
            return state.isDropped && state.takeRelease()
        }
        if isDropped { unsafe cposix_release_child(&child) }
        wake.wake()
    }

    /// How it ended; `nil` while it runs.
    package var ending: Ending? { state.withLock { $0.ending } }

    /// Sends a signal to it and what it has started: on Linux also when it has ended itself, until ``finish()``.
    package func signal(_ number: Int32) {
        state.withLock { state in
            guard !state.isReleased, state.ending == nil || Self.watchesOthers else { return }
            var child = child
            unsafe cposix_signal_child(&child, number)
        }
    }

    /// Processes that it leaves are tracked by a watching process, not by a process number that may be reused.
    private static var watchesOthers: Bool {
        #if os(Linux)
            true
        #else
            false
        #endif
    }

    /// Waits for its end, and releases the processes that it leaves; if they were sent SIGKILL, waits for the end of all.
    @discardableResult
    package func finish() -> Ending {
        if let waiter = waiter.withLock({ $0.take() }) { waiter.join() }
        if state.withLock({ $0.takeRelease() }) { release() }
        return ending ?? Ending()
    }

    private func release() {
        var child = child
        unsafe cposix_release_child(&child)
    }

    deinit {
        if let waiter = waiter.withLock({ $0.take() }) { waiter.detach() }
        let isOurs = state.withLock { state in
            state.isDropped = true
            return state.takeRelease()
        }
        if isOurs { release() }
    }
}
