package import Jobs
internal import VideoTypes

extension MediaInfo {
    /// Throws for a stream that has no times and states no rate, where times are needed.
    package func requireRate() throws(JobError) {
        guard isRateAssumed else { return }
        throw .usage("\(name) has neither times nor a frame rate: use one such as \(Setting.framerate) 30")
    }
}
