internal import DequeModule

/// A first-in, first-out queue that never grows past its limits. Senders wait, or are refused; elements are never dropped.
///
/// ``finish()`` lets the receiver drain the rest; ``cancel(_:)`` discards it. Both wake all waiting threads.
///
/// Thread-safety: all methods may be called from any thread.
public final class BoundedQueue<Element: ~Copyable & Sendable>: Sendable {
    /// The queue accepts no more elements.
    public struct Closed: Error, Sendable {}

    /// The result of offering an element.
    public enum Offer: ~Copyable, Sendable {
        /// It is in the queue.
        case accepted
        /// The queue is full; the element is returned.
        case refused(Element)
        /// The queue accepts no more elements; the element is destroyed.
        case closed
    }

    private enum Intake: Equatable { case open, finished, cancelled }
    private enum WaitDecision: Equatable, Sendable { case call, wait, refuse }

    private struct Entry: ~Copyable {
        var element: Element
        let cost: QueueCost
    }

    private struct State: ~Copyable {
        var entries: RigidDeque<Entry>
        var occupancy: QueueOccupancy
        var intake = Intake.open
        var waiters: [Waiter] = []
        let capacity: Int

        init(limits: QueueLimits) {
            capacity = limits.hard + BoundedQueue.controlReserve
            entries = RigidDeque(capacity: capacity)
            occupancy = QueueOccupancy(limits: limits)
        }

        var isFull: Bool { entries.count >= capacity }

        mutating func append(_ element: consuming Element, cost: QueueCost) {
            entries.append(Entry(element: element, cost: cost))
            occupancy.add(cost)
        }

        mutating func removeFirst() -> Element? {
            guard !entries.isEmpty else { return nil }
            let entry = entries.removeFirst()
            occupancy.remove(entry.cost)
            return entry.element
        }

        /// A sender who can wait does not wait with an element of this cost.
        func hasRoom(for cost: QueueCost) -> Bool {
            !isFull && occupancy.hasRoom(for: cost, upTo: occupancy.limits.soft)
        }

        /// The waiting callers to wake: as many as there is room for, or all if the queue is closed.
        mutating func waitersToWake() -> [Waiter] {
            var (promised, places) = (occupancy, capacity - entries.count)
            let count = waiters.prefix { waiter in
                guard intake == .open else { return true }
                guard places > 0, promised.hasRoom(for: waiter.cost, upTo: promised.limits.soft) else { return false }
                promised.add(waiter.cost)
                places -= 1
                return true
            }.count
            defer { waiters.removeFirst(count) }
            return Array(waiters.prefix(count))
        }

        /// Waiters who hold an element.
        var waitingElements: Int { waiters.count { $0.cost.elements > 0 } }
    }

    private struct Waiter: Sendable {
        let cost: QueueCost
        let wake: @Sendable () -> Void
    }

    /// How many control messages fit in addition to a full queue.
    private static var controlReserve: Int { 16 }

    private let state: Monitor<State>
    /// The limits, which never change.
    public let limits: QueueLimits

    /// An empty, open queue.
    public init(limits: QueueLimits) {
        self.limits = limits
        state = Monitor(State(limits: limits))
    }

    /// Elements in the queue, control messages not counted.
    public var count: Int { state.withLock { $0.occupancy.elements } }
    /// Bytes in the queue.
    public var byteCount: Int { state.withLock { $0.occupancy.bytes } }
    /// A sender who can wait would wait now, with an element like the one that was offered last.
    public var isSaturated: Bool { state.withLock { $0.occupancy.isSaturated } }

    /// An element of this cost would be taken without waiting, up to the hard limit. Others may be faster.
    public func accepts(_ cost: QueueCost) -> Bool {
        state.withLock { state in
            state.occupancy.note(cost)
            return state.intake != .open
                || (!state.isFull && state.occupancy.hasRoom(for: cost, upTo: self.limits.hard))
        }
    }

    /// The cost is more than the queue can hold even when it is empty.
    public func canNeverHold(_ cost: QueueCost) -> Bool { QueueOccupancy(limits: limits).canNeverHold(cost) }

    /// Appends an element, waiting while the queue is saturated.
    ///
    /// - Throws: ``Closed`` if the queue was finished or cancelled before there was room.
    @available(*, noasync, message: "blocks the calling thread")
    public func send(_ element: consuming Element, cost: QueueCost) throws(Closed) {
        precondition(!canNeverHold(cost), "an element larger than the queue would wait for ever")
        var pending: Element? = consume element
        try state.wait(
            until: { $0.intake != .open || $0.hasRoom(for: cost) },
            then: { state throws(Closed) in
                guard state.intake == .open, let element = pending.take() else { throw Closed() }
                state.append(element, cost: cost)
            }
        )
    }

    /// Appends an element without waiting.
    ///
    /// - Parameters:
    ///   - element: The element, which is returned if the queue is full.
    ///   - cost: Its cost.
    ///   - saturating: Continue up to the hard limit (the default), or stop at the soft one, as waiting senders do.
    public func offer(_ element: consuming Element, cost: QueueCost, saturating: Bool = true) -> Offer {
        var pending: Element? = consume element
        let limit = saturating ? limits.hard : limits.soft
        let isOpen = state.withLock { state in
            guard state.intake == .open else { return false }
            state.occupancy.note(cost)
            guard !state.isFull, state.occupancy.hasRoom(for: cost, upTo: limit) else { return true }
            if let element = pending.take() { state.append(element, cost: cost) }
            return true
        }
        guard isOpen else { return .closed }
        if let refused = pending.take() { return .refused(refused) }
        return .accepted
    }

    /// The next element, waiting for one.
    ///
    /// - Returns: `nil` when the queue is finished and empty, or cancelled.
    @available(*, noasync, message: "blocks the calling thread")
    public func receive() -> Element? {
        var waiters: [Waiter] = []
        let element: Element? = state.wait(
            until: { $0.intake != .open || !$0.entries.isEmpty },
            then: { state in
                let first = state.removeFirst()
                waiters = state.waitersToWake()
                return first
            }
        )
        for waiter in waiters { waiter.wake() }
        return element
    }

    /// Calls `body` once, as soon as there is room for a waiting sender's element or the queue is closed: at once if it
    /// is that now, else on the thread that makes room.
    ///
    /// The room is not reserved: try, and wait again if another caller was faster. A caller that does not need the room any
    /// more calls ``passOnRoom()``.
    ///
    /// - Parameters:
    ///   - cost: The element's cost.
    ///   - body: Called once.
    /// - Returns: `false` if as many elements are waiting already as the hard limit allows; `body` is not called then.
    ///   Control messages always wait.
    public func whenRoom(for cost: QueueCost, _ body: @escaping @Sendable () -> Void) -> Bool {
        let decision = state.withLock { state -> WaitDecision in
            state.occupancy.note(cost)
            guard state.intake == .open, !state.hasRoom(for: cost) else { return .call }
            guard cost.elements == 0 || state.waitingElements < self.limits.hard else { return .refuse }
            state.waiters.append(Waiter(cost: cost, wake: body))
            return .wait
        }
        if decision == .call { body() }
        return decision != .refuse
    }

    /// Waits until there is room for a waiting sender's element, or the queue is closed. The room is not reserved.
    @available(*, noasync, message: "blocks the calling thread")
    public func waitForRoom(for cost: QueueCost) {
        state.wait(until: { $0.intake != .open || $0.hasRoom(for: cost) }, then: { _ in })
    }

    /// Wakes the next callers that wait for room.
    public func passOnRoom() { wakeWaiters { _ in } }

    /// Accepts no more elements; those in the queue can still be received.
    public func finish() {
        wakeWaiters { state in
            if state.intake == .open { state.intake = .finished }
        }
    }

    private func wakeWaiters(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            return state.waitersToWake()
        }
        for waiter in waiters { waiter.wake() }
    }

    /// Accepts no more elements, and passes every remaining one to `discard`.
    public func cancel(_ discard: (consuming Element) -> Void = { _ in }) {
        wakeWaiters { $0.intake = .cancelled }
        while let element = state.withLock({ $0.removeFirst() }) { discard(element) }
    }
}
