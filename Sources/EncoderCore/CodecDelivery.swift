internal import Synchronization

/// What a session hands its output to.
protocol CodecDelivery: AnyObject, Sendable {
    /// Drops what is still to come.
    func stop()
    /// It was stopped.
    var isStopped: Bool { get }
}

/// Passes the outputs of a coder to their receiver, until it is stopped.
final class OutputDelivery<Output: ~Copyable, Failure: CodecFailure>: CodecDelivery {
    private let output: @Sendable (consuming Output) throws -> Void
    private let stopped = Atomic(false)

    /// - Parameter output: Takes it.
    init(output: @escaping @Sendable (consuming Output) throws -> Void) { self.output = output }

    func stop() { stopped.store(true, ordering: .releasing) }

    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    func callAsFunction(_ value: consuming Output) throws(Failure) {
        guard !isStopped else { return }
        do {
            try output(value)
        } catch let error as Failure {
            throw error
        } catch {
            throw .output(error)
        }
    }
}
