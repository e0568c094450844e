internal import Threading

/// The commands for a coder's thread, in order.
enum CodecCommand<Input: CodecInput & ~Copyable>: ~Copyable, Sendable {
    case input(Input)
    case flush(Completion<Input.Failure>)
    case configure(Input.Setup, Completion<Input.Failure>)

    /// The input, if this is one.
    consuming func takeInput() -> Input? {
        switch consume self {
        case .input(let input): input
        case .flush: nil
        case .configure: nil
        }
    }

    /// Reports to the waiting caller that this command will not be executed.
    consuming func abandon(_ error: Input.Failure) {
        switch consume self {
        case .input: break
        case .flush(let completion): completion.complete(.failure(error))
        case .configure(_, let completion): completion.complete(.failure(error))
        }
    }
}

/// How a backend of one kind is made and used: its verbs, whatever it calls them.
struct BackendVerbs<Backend: ~Copyable, Input: CodecInput & ~Copyable, Output: ~Copyable> {
    /// Opens the codec.
    let make: () throws(Input.Failure) -> Backend
    /// Takes one input.
    let submit: (borrowing Input, inout Backend) throws(Input.Failure) -> Void
    /// The next output, or `nil` if the backend wants another input or is drained.
    let next: (inout Backend) throws(Input.Failure) -> Output?
    /// Ends the input.
    let drain: (inout Backend) throws(Input.Failure) -> Void
    /// Hands an output over.
    let deliver: (consuming Output) throws(Input.Failure) -> Void
}

/// The loop of a coder's own thread: takes commands, feeds the backend, delivers the outputs.
struct CodecWorker<Input: CodecInput & ~Copyable>: ~Copyable {
    typealias Failure = Input.Failure
    /// The setup that takes over, and who waits for it.
    typealias Successor = (setup: Input.Setup, configured: Completion<Failure>)

    let queue: BoundedQueue<CodecCommand<Input>>
    let clock: StageClock
    let delivery: Input.Delivery
    /// Records a failure before it is reported, so that its receiver finds the coder closed.
    let fail: @Sendable (Failure) -> Void

    /// Serves setups until the queue ends.
    borrowing func run(_ first: Successor) throws(Failure) {
        var next: Successor? = first
        while let current = next {
            do throws(Failure) {
                next = try Input.serve(current.setup, with: self, configured: current.configured)
            } catch {
                fail(error)
                current.configured.complete(.failure(error))
                throw error
            }
        }
    }

    /// Serves commands with backends of one kind. After a flush the next input opens a fresh one: a drained codec accepts no
    /// more input.
    borrowing func serve<Backend: ~Copyable, Output: ~Copyable>(
        _ verbs: BackendVerbs<Backend, Input, Output>,
        configured: Completion<Failure>
    ) throws(Failure) -> Successor? {
        var backend: Backend? = try verbs.make()
        configured.complete(.success(()))
        while let command = clock.measure(.waitingForInput, { queue.receive() }) {
            switch consume command {
            case .input(let input):
                var open = if let open = backend.take() { open } else { try verbs.make() }
                try submit(input, to: &open, verbs)
                backend = consume open
            case .flush(let completion):
                try finishing(completion) { () throws(Failure) in try drain(backend.take(), verbs) }
            case .configure(let setup, let completion):
                try finishing(completion, onSuccess: false) { () throws(Failure) in try drain(backend.take(), verbs) }
                return (setup, completion)
            }
        }
        return nil
    }

    private borrowing func submit<Backend: ~Copyable, Output: ~Copyable>(
        _ input: consuming Input,
        to backend: inout Backend,
        _ verbs: BackendVerbs<Backend, Input, Output>
    ) throws(Failure) {
        let input = input
        try clock.measure(.working) { () throws(Failure) in try verbs.submit(input, &backend) }
        // The input's memory is returned to its source before the thread waits for the output.
        _ = consume input
        try deliver(from: &backend, verbs)
    }

    private borrowing func drain<Backend: ~Copyable, Output: ~Copyable>(
        _ backend: consuming Backend?,
        _ verbs: BackendVerbs<Backend, Input, Output>
    ) throws(Failure) {
        guard var backend else { return }
        try clock.measure(.working) { () throws(Failure) in try verbs.drain(&backend) }
        try deliver(from: &backend, verbs)
    }

    private borrowing func deliver<Backend: ~Copyable, Output: ~Copyable>(
        from backend: inout Backend,
        _ verbs: BackendVerbs<Backend, Input, Output>
    ) throws(Failure) {
        while let output = try clock.measure(.working, { () throws(Failure) in try verbs.next(&backend) }) {
            let start = ContinuousClock.now
            defer { clock.add(start.duration(to: .now), to: .waitingForOutput) }
            try verbs.deliver(output)
        }
    }

    private borrowing func finishing(
        _ completion: Completion<Failure>,
        onSuccess: Bool = true,
        _ body: () throws(Failure) -> Void
    ) throws(Failure) {
        do throws(Failure) {
            try body()
        } catch {
            fail(error)
            completion.complete(.failure(error))
            throw error
        }
        if onSuccess { completion.complete(.success(())) }
    }
}
