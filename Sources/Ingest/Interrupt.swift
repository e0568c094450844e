internal import CPosix
internal import Synchronization
internal import SystemPackage

/// Asks the reader of an input to stop, even while it waits for bytes that may never come.
///
/// Thread-safety: all methods may be called from any thread.
public final class Interrupt: Sendable {
    private let triggered = Atomic(false)
    private let ends: (readable: FileDescriptor, writable: FileDescriptor)?

    /// An interrupt that is not triggered.
    public init() { ends = (try? FileDescriptor.pipe()).map { ($0.readEnd, $0.writeEnd) } }

    deinit {
        try? ends?.readable.close()
        try? ends?.writable.close()
    }

    /// Reading is to stop.
    public var isTriggered: Bool { triggered.load(ordering: .acquiring) }

    /// Stops reading, and wakes a thread that waits for bytes.
    public func trigger() {
        triggered.store(true, ordering: .releasing)
        // A byte that stays in the pipe keeps the other end readable for good.
        _ = try? ends?.writable.writeAll([0])
    }

    /// Waits until `descriptor` can be read, or the interrupt is triggered; `false` if neither came within the time.
    ///
    /// - Parameter limit: At most this long, to the millisecond; `nil` waits without end.
    func waitUntilReadable(_ descriptor: FileDescriptor, atMost limit: Duration? = nil) -> Bool {
        // A wait of 0 would be none, and a negative one without end.
        let milliseconds = limit.map { CInt(clamping: max(1, Int64($0 / .milliseconds(1)))) } ?? -1
        return cposix_wait_readable(descriptor.rawValue, ends?.readable.rawValue ?? -1, milliseconds) != 0
    }
}
