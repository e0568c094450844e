internal import Containers
internal import Ingest
internal import Jobs
internal import LibAV
internal import Media
internal import SystemPackage
internal import VideoTypes

// Copying the audio.
extension EncodeRun {
    /// How the audio of an input is read.
    enum AudioReading {
        /// The file is opened again.
        case again(FilePath, FileIdentity?)
        /// With the video, because a pipe can be read only once.
        case along(AudioIntake)
    }

    /// `nil` if audio is not copied.
    func audioReading(_ source: borrowing ByteSource) -> AudioReading? {
        guard job.output.copiesAudio else { return nil }
        guard case .path(let path) = job.input.origin, source.length != nil else {
            return .along(AudioIntake(name: source.name))
        }
        return .again(path, source.identity)
    }

    /// Opens the audio of the input, and throws if the output cannot store it: before a frame is encoded.
    func audio(_ reading: AudioReading?, with media: DecodedMedia) throws(JobError) -> AudioCarriage? {
        guard let reading else { return nil }
        guard media.info.otherStreams.contains(where: \.isAudio) else {
            notices.add("\(media.info.name): has no audio to copy")
            return nil
        }
        let audio = try carriage(reading, media)
        try asJobError { () throws(EncoderConfigError) in
            for stream in audio.streams { try job.output.format.check(stream) }
        }
        return audio
    }

    private func carriage(_ reading: AudioReading, _ media: DecodedMedia) throws(JobError) -> AudioCarriage {
        let selection = job.input.selection
        // Audio after the end of the video, which was damaged or cut, is cut as well.
        let isCut = { @Sendable in selection.count != nil || media.isInterrupted || media.loss != nil }
        let (format, acceptPartial) = (job.output.format, selection.acceptPartial)
        switch reading {
        case .along(let intake):
            return AudioCarriage(intake, in: format, acceptPartial: acceptPartial, isVideoCut: isCut)
        case .again(let path, let identity):
            let file = try AudioFile(path, identity: identity)
            return AudioCarriage(file, in: format, acceptPartial: acceptPartial, isVideoCut: isCut)
        }
    }
}

extension EncodeRun.AudioReading {
    /// Where packets wait that are read with the video.
    var intake: AudioIntake? { if case .along(let intake) = self { intake } else { nil } }
}

extension OutputDescription {
    /// Throws if the output cannot have audio.
    func checkAudio() throws(JobError) {
        guard copiesAudio, !format.isContainer else { return }
        let others = OutputFormat.names(where: \.isContainer)
        throw .usage("\(format.name) cannot store audio, which \(Setting.copiesAudio) needs (use \(others))")
    }
}
