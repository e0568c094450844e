package import Jobs
package import Media
internal import VideoTypes

extension EncodeJob {
    /// The plan for segments: every one is encoded alike, on whatever machine and however many at a time.
    ///
    /// - Parameters:
    ///   - described: The header of the input; `nil` without one.
    ///   - earlier: The plan for one encoder, if the same run made one. The default is `nil`.
    package func segmentPlan(
        _ described: InputHeader?,
        after earlier: EncodePlan? = nil
    ) throws(JobError) -> EncodePlan {
        var segment = self
        segment.config.threads = config.threads ?? 1
        segment.config.isSegment = true
        let plan = try EncodePlan(segment, described: described, after: earlier)
        guard plan.framerate != nil else {
            throw .config(
                .unsupported("input with variable frame times cannot be split into segments: omit \(Setting.parallel)")
            )
        }
        return plan
    }
}
