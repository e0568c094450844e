internal import Threading

/// What an encoder and a decoder have in common behind their doors, the blocking one and the one for tasks: states, one
/// session after the other, and the first failure.
final class CodecCore<Input: CodecInput & ~Copyable>: Sendable {
    typealias Failure = Input.Failure
    typealias Session = CodecSession<Input>
    typealias Move = (inout CodecLifecycle) -> CodecLifecycle.SessionAction

    private struct State: Sendable {
        var lifecycle = CodecLifecycle()
        var session: Session?
        var failure: Failure?

        var firstFailure: Failure? { failure ?? session?.firstFailure }
    }

    private let core = Monitor(State())
    let limits: QueueLimits
    let clock = StageClock()
    private let makeDelivery: @Sendable () -> Input.Delivery
    private let onFailure: @Sendable (Failure) -> Void

    /// - Parameters:
    ///   - limits: How much waits at most.
    ///   - makeDelivery: Makes what takes a session's output.
    ///   - onFailure: Told of the first failure, once.
    init(
        limits: QueueLimits,
        makeDelivery: @escaping @Sendable () -> Input.Delivery,
        onFailure: @escaping @Sendable (Failure) -> Void
    ) {
        (self.limits, self.makeDelivery, self.onFailure) = (limits, makeDelivery, onFailure)
    }

    deinit {
        let session = session
        session?.cancel()
        session?.join()
    }

    /// A failure closes the coder.
    var state: CodecState { core.withLock { $0.firstFailure != nil ? .closed : $0.lifecycle.state } }

    /// The session, while configured.
    var session: Session? { core.withLock { $0.session } }

    func configured(_ verb: String) throws(Failure) -> Session {
        let core = core.withLock { $0 }
        if let failure = core.firstFailure { throw failure }
        guard core.lifecycle.state == .configured, let session = core.session else {
            throw .invalidState("\(verb) needs a configured \(Input.coder); this one is \(core.lifecycle.state)")
        }
        return session
    }

    @available(*, noasync, message: "blocks the calling thread")
    func configure(_ setup: Input.Setup) throws(Failure) {
        let completion = Completion<Failure>()
        try beginConfigure(setup, completion)
        try completion.wait()
    }

    /// Starts a session or queues the new setup behind the inputs that are waiting.
    func beginConfigure(_ setup: Input.Setup, _ completion: Completion<Failure>) throws(Failure) {
        try refuseOnItsThread("configure")
        try core.withLock { core throws(Failure) in
            if let failure = core.firstFailure { throw failure }
            var lifecycle = core.lifecycle
            switch lifecycle.configure() {
            case .refuse: throw .invalidState("configure comes too late: the \(Input.coder) is closed")
            case .start: core.session = try makeSession(setup, completion)
            case .reconfigure: try core.session?.reconfigure(setup, completion)
            }
            core.lifecycle = lifecycle
        }
    }

    private func makeSession(_ setup: Input.Setup, _ completion: Completion<Failure>) throws(Failure) -> Session {
        try Session(
            setup: setup,
            configured: completion,
            limits: limits,
            clock: clock,
            delivery: makeDelivery(),
            onFailure: onFailure
        )
    }

    @available(*, noasync, message: "blocks the calling thread")
    func submit(_ input: consuming Input) throws(Failure) {
        try refuseOnItsThread("submit")
        try configured("submit").submit(input)
    }

    /// Takes an input without waiting, up to the hard limit.
    func offer(_ input: consuming Input) throws(Failure) {
        let session = try configured(Input.verb)
        // Nothing is prepared, which may mean converted, in vain.
        var refused: Input? = consume input
        if session.queue.count < limits.hard, let input = refused.take() {
            refused = try session.offer(input, saturating: true)
        }
        guard refused == nil else { throw .full(count: session.queue.count, bytes: session.queue.byteCount) }
    }

    @available(*, noasync, message: "blocks the calling thread")
    func flush() throws(Failure) {
        let completion = Completion<Failure>()
        try beginFlush(completion)
        try completion.wait()
    }

    func beginFlush(_ completion: Completion<Failure>) throws(Failure) {
        try refuseOnItsThread("flush")
        try configured("flush").flush(completion)
    }

    @available(*, noasync, message: "blocks the calling thread")
    func reset() throws(Failure) {
        guard core.withLock({ $0.lifecycle.state }) != .closed else {
            throw .invalidState("reset comes too late: the \(Input.coder) is closed")
        }
        try end("reset") { $0.reset() }
        if let failure = core.withLock({ $0.failure }) { throw failure }
    }

    @available(*, noasync, message: "blocks the calling thread")
    func close() throws(Failure) {
        try end("close") { $0.close() }
    }

    private func end(_ verb: String, _ move: Move) throws(Failure) {
        try refuseOnItsThread(verb)
        beginEnd(move)?.join()
    }

    /// Leaves the configured state; the session that ended, if there was one, is returned unjoined.
    func beginEnd(_ move: Move) -> Session? {
        core.withLock { core in
            core.failure = core.firstFailure
            guard move(&core.lifecycle) == .end else { return nil }
            // Together with the change of state: who sees that can rely on nothing queued being coded any more.
            core.session?.cancel()
            defer { core.session = nil }
            return core.session
        }
    }

    private func refuseOnItsThread(_ verb: String) throws(Failure) {
        guard session?.isOnItsThread != true else {
            throw .invalidState("\(verb) within the output closure would wait for itself")
        }
    }
}
