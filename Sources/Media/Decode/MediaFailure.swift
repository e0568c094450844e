internal import Ingest
internal import Jobs
internal import VideoTypes

/// A displayed picture that the decoder had to complete with invented data.
struct IncompletePicture: Error { let timestamp: Int64 }

/// What ends the reading of a stream.
enum MediaFailure: Error {
    case reading(JobError)
    case decoding(DecoderError)

    /// The error as one of the job, and whether the stream is its cause; `nil` if no more frames are wanted.
    func jobError(name: String) -> (error: JobError, isDamage: Bool)? {
        switch self {
        case .reading(let error):
            if case .input(.damaged) = error { return (error, true) }
            return (error, false)
        case .decoding(let error): return Self.jobError(error, name)
        }
    }

    private static func jobError(_ error: DecoderError, _ name: String) -> (error: JobError, isDamage: Bool)? {
        switch error {
        case .corrupt(let reason), .dataError(let reason):
            return (.input(.damaged(name: name, reason: reason)), true)
        case .invalidConfig(let reason), .unsupported(let reason):
            return (.input(.unsupported(name: name, reason: reason)), false)
        case .codec(_, _, _): return (.input(.unsupported(name: name, reason: "\(error)")), false)
        case .output(let error as IncompletePicture):
            let reason = "the picture at \(error.timestamp) µs cannot be decoded completely"
            return (.input(.damaged(name: name, reason: reason)), true)
        case .output, .aborted: return nil
        case .quotaExceeded, .invalidState: return (.defect("\(error)"), false)
        }
    }
}
