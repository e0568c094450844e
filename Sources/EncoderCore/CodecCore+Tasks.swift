internal import Threading

// The same for tasks: where the other door blocks, this one suspends.
extension CodecCore where Input: ~Copyable {
    func configureInTask(_ setup: Input.Setup) async throws(Failure) {
        let completion = Completion<Failure>()
        try beginConfigure(setup, completion)
        try await completion.value()
    }

    func flushInTask() async throws(Failure) {
        let completion = Completion<Failure>()
        try beginFlush(completion)
        try await completion.value()
    }

    /// Takes an input, suspending while the queue is saturated.
    func submitInTask(_ input: consuming Input) async throws {
        let session = try configured(Input.verb)
        var pending: Input? = try session.offer(input, saturating: false)
        while let input = pending.take() {
            try await waitForRoom(in: session, bytes: input.byteCount)
            do {
                pending = try session.offer(input, saturating: false)
            } catch {
                session.queue.passOnRoom()
                throw error
            }
        }
    }

    /// Suspends until there may be room, the queue is closed, or the task is cancelled.
    private func waitForRoom(in session: Session, bytes: Int) async throws {
        let suspension = Suspension()
        let isWaiting = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                suspension.begin(continuation)
                let queue = session.queue
                // Who has been resumed by its cancellation has no use for the room.
                let isAccepted = queue.whenRoom(for: .payload(bytes: bytes)) {
                    if !suspension.end(true) { queue.passOnRoom() }
                }
                if !isAccepted { _ = suspension.end(false) }
            }
        } onCancel: {
            _ = suspension.end(true)
        }
        guard isWaiting else { throw Failure.full(count: session.queue.count, bytes: session.queue.byteCount) }
        guard Task.isCancelled else { return }
        session.queue.passOnRoom()
        throw CancellationError()
    }

    func endInTask(_ move: Move) async {
        guard let session = beginEnd(move) else { return }
        await withCheckedContinuation { continuation in session.whenEnded { continuation.resume() } }
        // The thread is past its last instruction but one: this does not wait.
        session.join()
    }

    /// For an owner that is dropped: the thread ends after the codec call that it is in, and nobody waits for it.
    func abandon() {
        beginEnd { $0.close() }?.detach()
    }
}

extension Completion {
    /// The outcome, suspending until there is one.
    func value() async throws(Failure) {
        await withCheckedContinuation { continuation in whenComplete { continuation.resume() } }
        try result?.get()
    }
}
