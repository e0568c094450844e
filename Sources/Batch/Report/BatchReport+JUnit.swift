internal import Sluice

extension BatchReport {
    /// JUnit's XML: a test case for each job. What was up to date has passed; a job that a signal or the first failure kept from
    /// its end is an error, one that only waited for a failed job was skipped. A batch that was not begun is one error.
    package var junit: String {
        let cases = results.map { JUnit.Case(name: $0.job.name, seconds: $0.seconds, outcome: $0.testOutcome) }
        let whole = cause.map { JUnit.Case(name: manifest, seconds: seconds, outcome: .error(.init($0))) }
        return JUnit(
            name: "sluice batch",
            className: "sluice.batch",
            cases: cases + [whole].compactMap { $0 },
            seconds: seconds
        ).xml
    }
}

extension JUnit.Reason {
    fileprivate init(_ failure: Failure) { self.init(type: failure.name, message: failure.message) }
}

extension JobResult {
    fileprivate var testOutcome: JUnit.Outcome {
        guard let failure else { return .passed }
        switch status {
        case .done, .upToDate: return .passed
        case .failed: return .failed(.init(failure))
        case .interrupted: return .error(.init(failure))
        case .notRun: return failure.name == "notRun" ? .skipped(.init(failure)) : .error(.init(failure))
        }
    }
}
