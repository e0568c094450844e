internal import CPosix
internal import Synchronization
internal import SystemPackage

/// Asks the reader of an input to stop, even while it waits for bytes that may never come.
///
/// Thread-safety: all methods may be called from any thread.
public final class Interrupt: Sendable {
    private let triggered = Atomic(false)
    private let ends: (readable: FileDescriptor, writable: FileDescriptor)?

    /// An interrupt that nobody has triggered.
    public init() { ends = (try? FileDescriptor.pipe()).map { ($0.readEnd, $0.writeEnd) } }

    deinit {
        try? ends?.readable.close()
        try? ends?.writable.close()
    }

    /// Reading is to stop.
    public var isTriggered: Bool { triggered.load(ordering: .acquiring) }

    /// Has reading stop, and wakes whoever waits for bytes.
    public func trigger() {
        triggered.store(true, ordering: .releasing)
        // A byte that stays in the pipe keeps the other end readable for good.
        _ = try? ends?.writable.writeAll([0])
    }

    /// Waits until `descriptor` can be read, or the interrupt is triggered.
    func waitUntilReadable(_ descriptor: FileDescriptor) {
        _ = cposix_wait_readable(descriptor.rawValue, ends?.readable.rawValue ?? -1, -1)
    }
}
