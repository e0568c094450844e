internal import Threading

/// One life of a coder's thread, from the first configuration to a reset, a close or a failure.
final class CodecSession<Input: CodecInput & ~Copyable>: Sendable {
    typealias Failure = Input.Failure

    /// What the next input has to fit.
    private struct Intake: Sendable {
        var setup: Input.Setup
        var generation = 0
        var memory = Input.nothing
    }

    let queue: BoundedQueue<CodecCommand<Input>>
    private let thread = Monitor<WorkerThread?>(nil)
    private let delivery: Input.Delivery
    private let intake: Monitor<Intake>
    private let failure = Monitor<Failure?>(nil)
    private let ended = Completion<Failure>()
    private let onFailure: @Sendable (Failure) -> Void

    init(
        setup: Input.Setup,
        configured: Completion<Failure>,
        limits: QueueLimits,
        clock: StageClock,
        delivery: Input.Delivery,
        onFailure: @escaping @Sendable (Failure) -> Void
    ) throws(Failure) {
        queue = BoundedQueue(limits: limits)
        (self.delivery, self.onFailure) = (delivery, onFailure)
        intake = Monitor(Intake(setup: setup))
        var started: WorkerThread?
        do {
            started = try WorkerThread(name: "sluice-\(Input.verb)") { [self] in
                run(
                    CodecWorker(queue: queue, clock: clock, delivery: delivery, fail: { self.fail($0) }),
                    setup,
                    configured
                )
            }
        } catch {
            throw .noThread(error)
        }
        thread.withLock { $0 = started.take() }
    }

    private func run(_ worker: consuming CodecWorker<Input>, _ setup: Input.Setup, _ configured: Completion<Failure>) {
        do throws(Failure) {
            try worker.run((setup, configured))
            ended.complete(.success(()))
        } catch {
            fail(error)
            ended.complete(.failure(error))
        }
    }

    /// Records the first failure, and reports it to all waiting callers.
    private func fail(_ error: Failure) {
        // If the session was ended, the backend stops with an error; that is not a failure.
        guard !error.isAborted || !delivery.isStopped else { return }
        let isFirst = failure.withLock { failure in
            defer { failure = failure ?? error }
            return failure == nil
        }
        guard isFirst else { return }
        // Before any waiting call returns.
        onFailure(error)
        queue.cancel { $0.abandon(error) }
    }

    /// The reason for refusing inputs: the first failure, or that the coder was reset or closed.
    var reasonForEnd: Failure { failure.withLock { $0 } ?? .aborted }

    /// The first failure, if there was one.
    var firstFailure: Failure? { failure.withLock { $0 } }

    /// The calling thread is the one that codes, as it is within the output closure.
    var isOnItsThread: Bool {
        thread.withLock { thread in
            switch thread {
            case .some(let thread): thread.isCurrent
            case .none: false
            }
        }
    }

    /// The setup in force for the next input.
    var setup: Input.Setup { intake.withLock { $0.setup } }

    /// Takes an input, waiting while the queue is saturated.
    func submit(_ input: consuming Input) throws(Failure) {
        var pending: Input? = try offer(input, saturating: false)
        while let input = pending.take() {
            queue.waitForRoom(for: .payload(bytes: input.byteCount))
            pending = try offer(input, saturating: false)
        }
    }

    /// There is room for an input up to the hard limit, as far as can be known before it is prepared.
    func hasRoom(for input: borrowing Input) -> Bool {
        queue.accepts(.payload(bytes: min(input.preparedByteCount(for: setup), queue.limits.maxBytes)))
    }

    /// Takes an input if there is room; gives it back, prepared, if not.
    func offer(_ input: consuming Input, saturating: Bool) throws(Failure) -> Input? {
        var pending: Input? = consume input
        while let input = pending.take() {
            let (setup, generation) = intake.withLock { ($0.setup, $0.generation) }
            var prepared: Input? = try prepare(input, setup: setup)
            // The check of the input and its place in the queue are one step: after a new configuration in between, the input
            // is prepared again, for the codec that will get it.
            let isCurrent = try intake.withLock { intake throws(Failure) in
                guard intake.generation == generation, let input = prepared.take() else { return false }
                prepared = try admit(input, saturating: saturating, &intake)
                return true
            }
            if isCurrent { return prepared.take() }
            pending = prepared.take()
        }
        return nil
    }

    private func admit(_ input: consuming Input, saturating: Bool, _ intake: inout Intake) throws(Failure) -> Input? {
        let memory = try input.memory(after: intake.memory, for: intake.setup)
        let cost = QueueCost.payload(bytes: input.byteCount)
        switch queue.offer(.input(input), cost: cost, saturating: saturating) {
        case .accepted:
            intake.memory = memory
            return nil
        case .refused(let command): return command.takeInput()
        case .closed: throw reasonForEnd
        }
    }

    private func prepare(_ input: consuming Input, setup: Input.Setup) throws(Failure) -> Input {
        let prepared = try input.prepared(for: setup)
        let (bytes, limit) = (prepared.byteCount, queue.limits.maxBytes)
        guard bytes <= limit else {
            throw .invalidInput("a \(Input.noun) of \(bytes) bytes exceeds the queue's bound of \(limit) bytes")
        }
        return prepared
    }

    /// Queues another setup after the waiting inputs; later inputs use it.
    ///
    /// - Returns: `false` if so many commands wait already that the caller has to wait for room.
    func reconfigure(_ setup: Input.Setup, _ completion: Completion<Failure>) throws(Failure) -> Bool {
        try intake.withLock { intake throws(Failure) in
            guard try control(.configure(setup, completion)) else { return false }
            intake = Intake(setup: setup, generation: intake.generation + 1)
            return true
        }
    }

    /// Queues a flush after the waiting inputs; later inputs start a new sequence.
    ///
    /// - Returns: `false` if so many commands wait already that the caller has to wait for room.
    func flush(_ completion: Completion<Failure>) throws(Failure) -> Bool {
        try intake.withLock { intake throws(Failure) in
            guard try control(.flush(completion)) else { return false }
            intake.memory = Input.nothing
            return true
        }
    }

    /// Queues a command that is not an input; whether there was room for it.
    private func control(_ command: consuming CodecCommand<Input>) throws(Failure) -> Bool {
        switch queue.offer(command, cost: .control) {
        case .accepted: return true
        case .closed: throw reasonForEnd
        case .refused: return false
        }
    }

    /// Throws away what is queued; the thread ends after the codec call that it is in.
    func cancel() {
        delivery.stop()
        queue.cancel { $0.abandon(.aborted) }
    }

    /// Waits for the thread's end, unless this is that thread, which then ends by itself.
    func join() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        if thread.isCurrent { thread.detach() } else { thread.join() }
    }

    /// Detaches the thread.
    func detach() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        thread.detach()
    }

    /// Calls `body` when the thread has ended: at once if it has, else on that thread as the last thing it does.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        ended.whenComplete(body)
    }
}
