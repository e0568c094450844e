internal import Threading

// The same for tasks: where the other door blocks, this one suspends.
extension CodecCore where Input: ~Copyable {
    func configureInTask(_ setup: Input.Setup) async throws {
        try Task.checkCancellation()
        let completion = Completion<Failure>()
        while let session = try beginConfigure(setup, completion) { try await waitForRoom(in: session, for: .control) }
        try await completion.value()
    }

    func flushInTask() async throws {
        try Task.checkCancellation()
        let completion = Completion<Failure>()
        while let session = try beginFlush(completion) { try await waitForRoom(in: session, for: .control) }
        try await completion.value()
    }

    /// Takes an input, suspending while the queue is saturated.
    func submitInTask(_ input: consuming Input) async throws {
        try Task.checkCancellation()
        let session = try configured(Input.verb)
        var pending: Input? = try session.offer(input, saturating: false)
        while let input = pending.take() {
            try await waitForRoom(in: session, for: .payload(bytes: input.byteCount))
            do {
                pending = try session.offer(input, saturating: false)
            } catch {
                session.queue.passOnRoom()
                throw error
            }
        }
    }

    /// Suspends until there may be room, the queue is closed, or the task is cancelled.
    private func waitForRoom(in session: Session, for cost: QueueCost) async throws {
        let suspension = Suspension()
        let isWaiting = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                suspension.begin(continuation)
                let queue = session.queue
                // Who has been resumed by its cancellation has no use for the room.
                let isAccepted = queue.whenRoom(for: cost) {
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

    /// For an owner that is dropped: the thread ends after its current codec call, and is not joined.
    func abandon() {
        beginEnd { $0.close() }?.detach()
    }
}

extension Completion {
    /// The outcome, suspending until there is one or the task is cancelled.
    ///
    /// - Throws: `CancellationError` if the task was cancelled first; the operation continues.
    func value() async throws {
        let suspension = Suspension()
        _ = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                suspension.begin(continuation)
                whenComplete { _ = suspension.end(true) }
            }
        } onCancel: {
            _ = suspension.end(false)
        }
        guard let result else { throw CancellationError() }
        try result.get()
    }
}
