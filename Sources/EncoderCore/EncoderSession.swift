internal import Threading
internal import VideoTypes

/// One life of the encoder's thread, from the first configuration to a reset, a close or a failure.
final class EncoderSession: Sendable {
    /// What the next frame has to fit.
    private struct Intake: Sendable {
        var setup: EncoderSetup
        var generation = 0
        var lastTimestamp: Int64?
    }

    let queue: BoundedQueue<EncoderCommand>
    private let thread = Monitor<WorkerThread?>(nil)
    private let delivery: ChunkDelivery
    private let intake: Monitor<Intake>
    private let failure = Monitor<EncoderError?>(nil)
    private let ended = Completion()
    private let onFailure: @Sendable (EncoderError) -> Void

    init(
        setup: EncoderSetup,
        configured: Completion,
        limits: QueueLimits,
        clock: StageClock,
        output: @escaping @Sendable (EncodedVideoChunk) throws -> Void,
        onFailure: @escaping @Sendable (EncoderError) -> Void
    ) throws(EncoderError) {
        queue = BoundedQueue(limits: limits)
        self.onFailure = onFailure
        delivery = ChunkDelivery(output: output)
        intake = Monitor(Intake(setup: setup))
        var started: WorkerThread?
        do {
            started = try WorkerThread(name: "sluice-encode") { [self] in
                run(
                    EncoderWorker(queue: queue, clock: clock, deliver: delivery, fail: { self.fail($0) }),
                    setup,
                    configured
                )
            }
        } catch {
            throw .codec(operation: error.description, status: Int(error.status))
        }
        thread.withLock { $0 = started.take() }
    }

    private func run(_ worker: consuming EncoderWorker, _ setup: EncoderSetup, _ configured: Completion) {
        do throws(EncoderError) {
            try worker.run((setup, configured))
            ended.complete(.success(()))
        } catch {
            fail(error)
            ended.complete(.failure(error))
        }
    }

    /// Records the first failure and tells everyone who waits.
    private func fail(_ error: EncoderError) {
        let isFirst = failure.withLock { failure in
            defer { failure = failure ?? error }
            return failure == nil
        }
        guard isFirst else { return }
        queue.cancel { $0.abandon(error) }
        onFailure(error)
    }

    /// Why nothing more is taken: the first failure, or that the encoder was reset or closed.
    var reasonForEnd: EncoderError { failure.withLock { $0 } ?? .aborted }

    /// The first failure, if there was one.
    var firstFailure: EncoderError? { failure.withLock { $0 } }

    /// The calling thread is the one that encodes, as it is within the output closure.
    var isOnItsThread: Bool {
        thread.withLock { thread in
            switch thread {
            case .some(let thread): thread.isCurrent
            case .none: false
            }
        }
    }

    /// The setup in force for the next frame.
    var setup: EncoderSetup { intake.withLock { $0.setup } }

    /// Takes a frame, waiting while the queue is saturated.
    func submit(_ frame: consuming VideoFrame, options: EncodeOptions) throws(EncoderError) {
        var pending: VideoFrame? = try offer(frame, options: options, saturating: false)
        while let frame = pending.take() {
            queue.waitForRoom(for: .payload(bytes: frame.layout.byteCount))
            pending = try offer(frame, options: options, saturating: false)
        }
    }

    /// Takes a frame if there is room; gives it back, prepared, if not.
    func offer(
        _ frame: consuming VideoFrame,
        options: EncodeOptions,
        saturating: Bool
    ) throws(EncoderError) -> VideoFrame? {
        var pending: VideoFrame? = consume frame
        while let frame = pending.take() {
            let (setup, generation) = intake.withLock { ($0.setup, $0.generation) }
            let resolved = try resolve(options, setup: setup)
            var prepared: VideoFrame? = try prepare(frame, setup: setup)
            // Whether the frame fits is decided together with its place in the queue: a configuration that comes between
            // makes it be prepared again, for the codec that will really get it.
            let isCurrent = try intake.withLock { intake throws(EncoderError) in
                guard intake.generation == generation, let frame = prepared.take() else { return false }
                prepared = try admit(frame, options: resolved, saturating: saturating, &intake)
                return true
            }
            if isCurrent { return prepared.take() }
            pending = prepared.take()
        }
        return nil
    }

    private func admit(
        _ frame: consuming VideoFrame,
        options: EncodeOptions,
        saturating: Bool,
        _ intake: inout Intake
    ) throws(EncoderError) -> VideoFrame? {
        let timestamp = frame.timestamp
        if intake.setup.needsGrowingTimestamps, let last = intake.lastTimestamp, timestamp <= last {
            throw .invalidFrame("timestamp \(timestamp) does not follow \(last): timestamps must grow")
        }
        let cost = QueueCost.payload(bytes: frame.layout.byteCount)
        switch queue.offer(.frame(frame, options), cost: cost, saturating: saturating) {
        case .accepted:
            intake.lastTimestamp = timestamp
            return nil
        case .refused(let command): return command.takeFrame()
        case .closed: throw reasonForEnd
        }
    }

    /// The options as a backend takes them: the quantizer in the codec libraries' scale.
    private func resolve(_ options: EncodeOptions, setup: EncoderSetup) throws(EncoderError) -> EncodeOptions {
        guard options.quantizer != nil || options.quantizerIndex != nil else { return options }
        guard case .quantizer = setup.config.rateControl else {
            throw .invalidFrame("a frame's quantizer needs bitrateMode quantizer, whose rate control is off")
        }
        do throws(EncoderConfigError) {
            let level = try options.quantizerLevel(for: setup.config.codec.codec)
            return EncodeOptions(keyFrame: options.keyFrame, quantizer: level)
        } catch {
            throw .invalidFrame(error.description)
        }
    }

    private func prepare(_ frame: consuming VideoFrame, setup: EncoderSetup) throws(EncoderError) -> VideoFrame {
        let prepared = try setup.prepare(frame)
        let (bytes, limit) = (prepared.layout.byteCount, queue.limits.maxBytes)
        guard bytes <= limit else {
            throw .invalidFrame("a frame of \(bytes) bytes exceeds the queue's bound of \(limit) bytes")
        }
        return prepared
    }

    /// Queues another setup behind the frames that wait; frames from now on are for it.
    func reconfigure(_ setup: EncoderSetup, _ completion: Completion) throws(EncoderError) {
        try intake.withLock { intake throws(EncoderError) in
            try control(.configure(setup, completion))
            intake = Intake(setup: setup, generation: intake.generation + 1)
        }
    }

    /// Queues a flush behind the frames that wait; timestamps may start over then.
    func flush(_ completion: Completion) throws(EncoderError) {
        try intake.withLock { intake throws(EncoderError) in
            try control(.flush(completion))
            intake.lastTimestamp = nil
        }
    }

    /// Queues a command that is no frame, which does not wait for room.
    private func control(_ command: consuming EncoderCommand) throws(EncoderError) {
        switch queue.offer(command, cost: .control) {
        case .accepted: return
        case .closed: throw reasonForEnd
        case .refused: throw .quotaExceeded(frames: queue.count, bytes: queue.byteCount)
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

    /// Lets the thread end unwatched.
    func detach() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        thread.detach()
    }

    /// Calls `body` when the thread has ended: at once if it has, else on that thread as the last thing it does.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        ended.whenComplete(body)
    }
}
