internal import Threading

/// The common implementation of encoders and decoders, for their blocking and their asynchronous interface: states, one session
/// after the other, and the first failure.
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
    ///   - onFailure: Called with the first failure, once.
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
            throw .invalidState("\(verb) needs a configured \(Input.coder), but it is \(core.lifecycle.state)")
        }
        return session
    }

    @available(*, noasync, message: "blocks the calling thread")
    func configure(_ setup: Input.Setup) throws(Failure) {
        let completion = Completion<Failure>()
        while let session = try beginConfigure(setup, completion) { session.queue.waitForRoom(for: .control) }
        try completion.wait()
    }

    /// Starts a session or queues the new setup after the inputs that are waiting.
    ///
    /// - Returns: The session whose queue has no room for the command; `nil` if it was begun.
    func beginConfigure(_ setup: Input.Setup, _ completion: Completion<Failure>) throws(Failure) -> Session? {
        try refuseOnItsThread("configure")
        return try core.withLock { core throws(Failure) in
            if let failure = core.firstFailure { throw failure }
            var lifecycle = core.lifecycle
            switch lifecycle.configure() {
            case .refuse: throw .invalidState("cannot configure: the \(Input.coder) is closed")
            case .start: core.session = try makeSession(setup, completion)
            case .reconfigure:
                guard let session = core.session else { break }
                guard try session.reconfigure(setup, completion) else { return session }
            }
            core.lifecycle = lifecycle
            return nil
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
    ///
    /// - Returns: The input if the queue is full.
    func offer(_ input: consuming Input) throws(Failure) -> Input? {
        let session = try configured(Input.verb)
        // Checked first, so that an input is not prepared (perhaps converted) without need.
        guard session.hasRoom(for: input) else { return input }
        return try session.offer(input, saturating: true)
    }

    /// How much waits, as an error.
    var full: Failure { .full(count: session?.queue.count ?? 0, bytes: session?.queue.byteCount ?? 0) }

    @available(*, noasync, message: "blocks the calling thread")
    func flush() throws(Failure) {
        let completion = Completion<Failure>()
        while let session = try beginFlush(completion) { session.queue.waitForRoom(for: .control) }
        try completion.wait()
    }

    /// Queues a flush.
    ///
    /// - Returns: The session whose queue has no room for the command; `nil` if it was begun.
    func beginFlush(_ completion: Completion<Failure>) throws(Failure) -> Session? {
        try refuseOnItsThread("flush")
        let session = try configured("flush")
        return try session.flush(completion) ? nil : session
    }

    @available(*, noasync, message: "blocks the calling thread")
    func reset() throws(Failure) {
        guard core.withLock({ $0.lifecycle.state }) != .closed else {
            throw .invalidState("cannot reset: the \(Input.coder) is closed")
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
            // Together with the change of state: a caller that sees it can rely on queued inputs not being coded any more.
            core.session?.cancel()
            defer { core.session = nil }
            return core.session
        }
    }

    private func refuseOnItsThread(_ verb: String) throws(Failure) {
        guard session?.isOnItsThread != true else {
            throw .invalidState("\(verb) in the output closure would deadlock")
        }
    }
}
