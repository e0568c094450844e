internal import Synchronization
internal import Threading
internal import VideoTypes

/// One life of the encoder's thread, from the first configuration to a reset, a close or a failure.
final class EncoderSession: Sendable {
    let queue: BoundedQueue<EncoderCommand>
    private let thread = Mutex<WorkerThread?>(nil)
    private let failure = Mutex<EncoderError?>(nil)
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
        var started: WorkerThread?
        do {
            started = try WorkerThread(name: "sluice-encode") { [self] in
                let delivery = ChunkDelivery(output: output)
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

    func send(_ command: consuming EncoderCommand, cost: QueueCost) throws(EncoderError) {
        do {
            try queue.send(command, cost: cost)
        } catch {
            throw reasonForEnd
        }
    }

    /// Queues a command that is no frame, which does not wait for room.
    func control(_ command: consuming EncoderCommand) throws(EncoderError) {
        switch queue.offer(command, cost: .control) {
        case .accepted: return
        case .closed: throw reasonForEnd
        case .refused: throw .quotaExceeded(frames: queue.count, bytes: queue.byteCount)
        }
    }

    /// Throws away what is queued; the thread ends after the codec call that it is in.
    func cancel() {
        queue.cancel { $0.abandon(.aborted) }
    }

    /// Waits for the thread's end, unless this is that thread, which then ends by itself.
    func join() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        if thread.isCurrent { thread.detach() } else { thread.join() }
    }

    /// Calls `body` when the thread has ended: at once if it has, else on that thread as the last thing it does.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        ended.whenComplete(body)
    }
}
