internal import Sluice

extension Failure {
    /// A job that was not begun, because the batch was asked to stop.
    static var stopped: Failure {
        Failure(.temporary, name: "interrupted", message: "the batch ended before the job started")
    }
}
