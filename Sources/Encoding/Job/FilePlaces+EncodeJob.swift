internal import Jobs
internal import Media

extension FilePlaces {
    /// Adds what an encode reads.
    package mutating func read(_ job: EncodeJob) {
        read(job.input.origin, as: "the input")
        for path in job.otherInputs { read(path, as: "an input") }
    }
}
