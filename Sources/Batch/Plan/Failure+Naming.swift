internal import Sluice

extension Failure {
    /// An empty input that is what a command has written.
    func naming(producer program: String) -> Failure {
        guard name == "emptyInput" else { return self }
        var failure = self
        failure.message = "the command \(program) wrote nothing to its standard output"
        return failure
    }

    /// Names the input file in a failure: a pattern matches many.
    func naming(input: BatchJob.File?) -> Failure {
        guard let input, [.badInput, .missingInput].contains(status), !message.contains(input.name) else { return self }
        var failure = self
        failure.message = "\(input.name): \(message)"
        return failure
    }
}
