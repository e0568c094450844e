internal import Sluice

/// Why a job failed: what its command says of it, or what happened to that.
package struct BatchFailure: Error, Codable, Hashable, Sendable {
    /// The exit status, as `sluice encode` has it.
    package var code: Int32
    /// A name for programs.
    package var name: String
    /// The thing, its value, and what would have been right.
    package var message: String
    /// Another try may mend it.
    package var retryable: Bool
    /// The number of the frame that is at fault, where one is.
    package var frame: Int?

    /// A failure.
    package init(code: Int32, name: String, message: String, retryable: Bool? = nil, frame: Int? = nil) {
        (self.code, self.name, self.message, self.frame) = (code, name, message, frame)
        self.retryable = retryable ?? (code == 75)
    }
}

extension BatchFailure {
    /// An empty input that is what a command has written.
    func naming(producer program: String) -> BatchFailure {
        guard name == "emptyInput" else { return self }
        var failure = self
        failure.message = "the command \(program) wrote nothing to its standard output"
        return failure
    }

    /// A fault of an input says which file it is of: a pattern finds many.
    func naming(input: BatchJob.File?) -> BatchFailure {
        guard let input, [65, 66].contains(code), !message.contains(input.name) else { return self }
        var failure = self
        failure.message = "\(input.name): \(message)"
        return failure
    }
}
