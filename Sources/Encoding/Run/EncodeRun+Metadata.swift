internal import Containers
internal import Ingest
internal import Jobs
internal import Media
internal import VideoTypes

// Text, chapters and a timecode of the output.
extension EncodeRun {
    /// What a container stores about the stream and its contents. What it cannot store of the input's is said.
    func container(_ plan: EncodePlan) -> ContainerDescription {
        var description = plan.container(of: job)
        let resolved = job.resolvedMetadata(plan)
        description.metadata = resolved.metadata
        resolved.notices.forEach(notices.add)
        if let chapters = description.metadata.chapters { notices.addAtEnd { chapters.notice } }
        return description
    }
}

extension EncodeJob {
    /// The metadata of the output, and what of the input's is lost.
    func resolvedMetadata(_ plan: EncodePlan) -> (metadata: ContainerMetadata, notices: [String]) {
        output.metadata.resolved(
            in: output.format,
            plan.framerate,
            isConverted: plan.framerateIsConverted,
            skipped: input.selection.skip
        )
    }

    /// The same job with the chapters' place in its output, and with what a media input stores of its contents.
    func takingMetadata(of info: MediaInfo? = nil) -> EncodeJob {
        var job = self
        if let info { job.output.metadata.take(info.metadata) }
        job.output.metadata.placeChapters(in: output.format)
        return job
    }
}

extension OutputDescription {
    /// Throws if the output cannot store what is requested.
    func checkMetadata() throws(JobError) {
        try asJobError { () throws(EncoderConfigError) in try metadata.check(format) }
    }
}

extension Receipt.Metadata {
    /// What was stored; `nil` for nothing.
    init?(_ metadata: ContainerMetadata) {
        let chapters = metadata.chapters?.written ?? []
        guard metadata != ContainerMetadata() else { return nil }
        self.init(
            tags: Dictionary(metadata.tags.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
            language: metadata.language,
            timecode: metadata.timecode?.description,
            chapters: chapters.map { Receipt.Chapter(start: $0.start, end: $0.end ?? $0.start, title: $0.title) }
        )
    }
}
