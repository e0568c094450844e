package import Bitstream
package import Ingest
package import Jobs
internal import Media
internal import VideoTypes

extension EncodeJob {
    /// Whether the run may hand bytes to libavformat: its input may be media, or its output is read back.
    package var mayReadMedia: Bool {
        guard verification == nil else { return true }
        switch input.format {
        case .raw, .y4m: return false
        case .media: return true
        case .auto: return input.size == nil || input.pixelFormat == nil
        }
    }

    /// Throws for what only media has, where the input is raw frames or Y4M.
    func checkFrames() throws(JobError) {
        guard !output.copiesAudio else {
            throw .usage("\(Setting.copiesAudio) needs media, but \(input.origin.name) has only frames")
        }
        guard !input.keepsStartTime else {
            throw .usage("\(Setting.keepsStartTime) needs media with times, but \(input.origin.name) has only frames")
        }
    }

    /// The checks of input frames: a lossless encode refuses frames of which it would lose bits.
    package var selection: FrameReader.Selection {
        var selection = input.selection
        selection.keepsAllBits = config.lossless
        return selection
    }
}

// Opening the input, and finding out what it is.
extension EncodeRun {
    package func openInput() throws(JobError) -> ByteSource {
        var observe: (@Sendable (RawSpan) -> Void)?
        if job.input.hasDigest { observe = { [digest] bytes in digest.update(bytes) } }
        do throws(IngestError) {
            return try ByteSource(
                opening: job.input.origin,
                access: context.fileAccess,
                interrupt: context.interrupt,
                clock: context.progress.ingestClock,
                timeout: job.input.timeout,
                observe: observe
            )
        } catch {
            throw .input(error)
        }
    }

    /// Whether the input is coded: it is specified as such, or it begins like a coded stream and no layout of raw frames is
    /// specified.
    package func isMedia(_ input: inout ByteSource) throws(JobError) -> Bool {
        switch job.input.format {
        case .media: return true
        case .raw, .y4m: return false
        case .auto:
            guard job.input.size == nil || job.input.pixelFormat == nil else { return false }
            return try input.isMedia(mayBeFrames: job.input.size != nil)
        }
    }

    package func readHeader(_ input: inout ByteSource) throws(JobError) -> Y4MHeader? {
        try input.readY4MHeader(job.input.format)
    }
}
