internal import Containers
internal import Ingest
internal import Jobs
internal import LibAV
internal import Media
internal import Muxing
internal import SystemPackage
internal import VideoTypes

/// How the audio of an input is read.
enum AudioReading {
    /// The file is opened again.
    case again(FilePath, FileIdentity?)
    /// With the video, because a pipe can be read only once.
    case along(AudioIntake)

    /// That of a job's input; `nil` if audio is not copied.
    init?(_ job: EncodeJob, _ source: borrowing ByteSource) {
        guard job.output.copiesAudio else { return nil }
        if case .path(let path) = job.input.origin, source.length != nil {
            self = .again(path, source.identity)
        } else {
            self = .along(AudioIntake(name: source.name))
        }
    }

    /// Where packets wait that are read with the video.
    var intake: AudioIntake? { if case .along(let intake) = self { intake } else { nil } }

    /// Opens the audio of the input, and throws if the output cannot store it: before a frame is encoded.
    ///
    /// - Returns: `nil`, with a notice, if the input has no audio.
    func open(_ job: EncodeJob, with media: DecodedMedia, _ notices: Notices) throws(JobError) -> AudioCarriage? {
        guard media.info.otherStreams.contains(where: \.isAudio) else {
            notices.add("\(media.info.name): has no audio to copy")
            return nil
        }
        let audio = try carriage(job, media)
        try asJobError { () throws(EncoderConfigError) in
            let codec = try CodecRequest(job.config.codec).codec
            for stream in audio.streams { try job.output.format.check(stream, beside: codec) }
        }
        return audio
    }

    private func carriage(_ job: EncodeJob, _ media: DecodedMedia) throws(JobError) -> AudioCarriage {
        let selection = job.input.selection
        // Audio after the end of the video, which was damaged or cut, is cut as well.
        let isCut = { @Sendable in selection.count != nil || media.isInterrupted || media.loss != nil }
        let (format, acceptPartial) = (job.output.format, selection.acceptPartial)
        switch self {
        case .along(let intake):
            return AudioCarriage(intake, in: format, acceptPartial: acceptPartial, isVideoCut: isCut)
        case .again(let path, let identity):
            let file = try AudioFile(path, identity: identity)
            return AudioCarriage(file, in: format, acceptPartial: acceptPartial, isVideoCut: isCut)
        }
    }
}

extension OutputDescription {
    /// Throws if the output cannot have audio.
    func checkAudio() throws(JobError) {
        guard copiesAudio, !format.isContainer else { return }
        let others = OutputFormat.names(where: \.isContainer)
        throw .usage("\(format.name) cannot store audio, which \(Setting.copiesAudio) needs (use \(others))")
    }
}
