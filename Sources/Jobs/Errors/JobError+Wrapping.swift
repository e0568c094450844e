package import Containers
internal import EncoderCore
package import Ingest
package import VideoTypes

/// An error of a stage, which becomes one of the job where the job calls the stage.
package protocol StageError: Error {
    /// The same, as the job's error.
    var jobError: JobError { get }
}

extension IngestError: StageError {
    package var jobError: JobError { .input(self) }
}

extension SinkError: StageError {
    package var jobError: JobError { .output(self) }
}

extension EncoderError: StageError {
    package var jobError: JobError { .encoder(self) }
}

extension EncoderConfigError: StageError {
    package var jobError: JobError { .config(self) }
}

/// Calls a stage, whose errors become the job's.
package func asJobError<Failure: StageError, Result: ~Copyable>(
    _ body: () throws(Failure) -> Result
) throws(JobError) -> Result {
    do throws(Failure) { return try body() } catch { throw error.jobError }
}
