internal import EncoderCore
internal import Ingest
internal import Jobs
internal import Media
internal import SystemPackage
internal import VideoTypes

/// Decodes an output that has no name yet, and counts, orders and times its pictures.
struct OutputVerification {
    /// What to decode.
    let file: FilePath
    /// How it is read.
    let options: MediaOptions
    /// How much of a time the format may round away, in microseconds; `nil` if it has no times at all.
    let tolerance: Int64?
    let interrupt: Interrupt

    /// Decodes everything.
    ///
    /// - Parameters:
    ///   - frames: How many there must be.
    ///   - check: Is given each picture with its number and the bytes of its chunk, in presentation order, and returns what its
    ///     time should be.
    /// - Throws: ``JobError/verification(_:)``, and whatever `check` throws.
    func run(frames: Int, check: (Int, borrowing VideoFrame, Int) throws(JobError) -> Int64?) throws(JobError) {
        let media = try reading { () throws(JobError) in
            try DecodedMedia(opening: .path(file), media: options, interrupt: interrupt)
        }
        defer { media.stop() }
        var count = 0
        while let decoded = try reading({ () throws(JobError) in try media.next() }) {
            // The rest is only counted, for the message.
            if count < frames {
                try checkTime(decoded.frame.timestamp, of: count, is: check(count, decoded.frame, decoded.codedBytes))
            }
            count += 1
        }
        guard count == frames || interrupt.isTriggered else {
            throw .verification(.frameCount(decoded: count, encoded: frames))
        }
    }

    private func checkTime(_ actual: Int64, of frame: Int, is expected: Int64?) throws(JobError) {
        guard let expected, let tolerance, (actual - expected).magnitude > tolerance else { return }
        throw .verification(.timestamp(frame: frame, actual: actual, expected: expected))
    }

    /// Whatever is wrong with the output is a failure of the verification, and not of an input.
    private func reading<Result: ~Copyable>(_ body: () throws(JobError) -> Result) throws(JobError) -> Result {
        do throws(JobError) { return try body() } catch { throw .verification(.damaged(error.description)) }
    }
}
