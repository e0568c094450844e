package import Audio
package import Jobs

/// A way in which frames reach encoders, and their chunks the output.
package protocol FrameFeed: ~Copyable {
    /// What is encoded, and how.
    var plan: EncodePlan { get }
    /// Audio that is written with the frames; `nil`, the default, without it.
    var audio: OutputAudio? { get }
    /// Bytes of chunks that may wait to be written.
    var waitingBytes: Int { get }

    /// Encodes every frame, and hands over the chunks, in order. Called once.
    mutating func feed(_ stage: OutputStage) throws(JobError)

    /// What was read. It is asked for when everything is written, because audio is read until then.
    func read() throws(JobError) -> ReadInput
}

extension FrameFeed where Self: ~Copyable {
    package var audio: OutputAudio? { nil }
}

extension EncodeJob {
    /// Throws if options are for frames that the input does not have.
    ///
    /// - Parameter frames: How many it has.
    package func checkFrameOptions(frames: Int) throws(JobError) {
        guard let unused = frameOptions.keys.filter({ $0 >= frames }).min() else { return }
        throw .unusedFrameOptions(frame: unused, frames: frames)
    }
}
