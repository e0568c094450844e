internal import Audio
internal import Containers
internal import Ingest
internal import Jobs
internal import Media
internal import SystemPackage
internal import VideoTypes

/// How the audio of an input is read.
enum AudioReading {
    /// The file is opened again.
    case again(FilePath, FileIdentity?)
    /// With the video, because a pipe can be read only once.
    case along(AudioIntake)

    /// That of a job's input; `nil` if its audio does not go along.
    init?(_ job: EncodeJob, _ source: borrowing ByteSource) {
        guard job.output.takesOwnAudio else { return nil }
        if case .path(let path) = job.input.origin, source.length != nil {
            self = .again(path, source.identity)
        } else {
            self = .along(AudioIntake(name: source.name))
        }
    }

    /// Audio cannot be cut where skipped frames end: their times are not known.
    static var skippedTimes: JobError {
        .usage("\(Setting.audio) with raw frames that are skipped needs a constant rate of the frames")
    }

    /// Where packets wait that are read with the video.
    var intake: AudioIntake? { if case .along(let intake) = self { intake } else { nil } }

    /// Where the audio of the input comes from.
    fileprivate var own: OwnAudioSource {
        switch self {
        case .again(let path, let identity): .file(path, identity)
        case .along(let intake): .intake(intake)
        }
    }
}

extension EncodeRun {
    /// Opens the audio of the output, and throws if the output cannot store it: before a frame is encoded.
    ///
    /// - Parameters:
    ///   - reading: How that of the input is read; `nil` if it does not go along.
    ///   - media: The input, if it is media.
    /// - Returns: `nil` if there is none.
    func openAudio(_ reading: AudioReading? = nil, with media: DecodedMedia? = nil) throws(JobError) -> OutputAudio? {
        let hasOwn = media?.info.otherStreams.contains(where: \.isAudio) ?? false
        let isAwaited = job.output.audio.own == .required || job.output.audio.isChanged
        if reading != nil, !hasOwn, let media, isAwaited {
            notices.add("\(media.info.name): has no audio to carry")
        }
        let own = hasOwn ? reading : nil
        guard own != nil || !job.output.audio.inputs.isEmpty else { return nil }
        let selection = job.input.selection
        let codec = try asJobError { () throws(EncoderConfigError) in try CodecRequest(job.config.codec).codec }
        let target = AudioTarget(
            job.output.audio,
            in: job.output.format,
            beside: codec,
            acceptPartial: selection.acceptPartial,
            // Audio after the end of the video, which was damaged or cut, is cut as well.
            isVideoCut: { selection.count != nil || media?.isInterrupted == true || media?.loss != nil }
        )
        let audio = try OutputAudio.open(own: own?.own, of: media?.info.name ?? job.input.origin.name, target)
        if let audio { notices.addAtEnd(all: { audio.notices }) }
        return audio
    }

    /// Opens the audio that goes with raw frames, whose times begin at 0 with the first that is not skipped.
    func openFramesAudio(_ plan: EncodePlan) throws(JobError) -> OutputAudio? {
        guard let audio = try openAudio() else { return nil }
        let skipped = job.input.selection.skip
        guard skipped > 0 else {
            audio.begin(at: 0, inputStart: 0, isCut: false)
            return audio
        }
        guard let rate = plan.sourceRate, let start = rate.timestamp(ofFrame: skipped) else {
            throw AudioReading.skippedTimes
        }
        audio.begin(at: start, inputStart: 0, isCut: true)
        return audio
    }
}

extension OutputDescription {
    /// The audio of a media input goes along.
    var takesOwnAudio: Bool { audio.own != .none && format.isContainer }

    /// Throws if the output cannot have audio that is asked for.
    func checkAudio() throws(JobError) {
        let setting: Setting = audio.own == .required ? .copiesAudio : .audio
        let others = OutputFormat.names(where: \.isContainer)
        guard audio.own != .required && audio.inputs.isEmpty || format.isContainer else {
            throw .usage("\(format.name) cannot store audio, which \(setting) needs (use \(others))")
        }
        guard audio.bitrate == nil || audio.codec.map({ [.aac, .opus].contains($0) }) ?? true else {
            let codec = audio.codec?.rawValue ?? ""
            throw .usage("\(Setting.audioBitrate) is for aac and opus; \(codec) has no bit rate to choose")
        }
        guard audio.own != .none || !audio.inputs.isEmpty || !audio.isChanged else {
            throw .usage(
                "without the audio of the input there is nothing that the other options of audio are for (use \(Setting.audio))"
            )
        }
        guard audio.offset == 0 || !audio.inputs.isEmpty else {
            throw .usage("\(Setting.audioOffset) moves the audio of files, and there are none (use \(Setting.audio))")
        }
        guard format.isContainer || !audio.isChanged else {
            throw .usage("\(format.name) cannot store audio, which the options of audio are for (use \(others))")
        }
    }
}

extension AudioOptions {
    /// Something is said of how tracks are carried.
    fileprivate var isChanged: Bool { codec != nil || bitrate != nil || offset != 0 || length != .frames }

    /// Throws if something is said of audio where there is none.
    ///
    /// - Parameter name: The input, which has none itself.
    func checkTracks(of name: String) throws(JobError) {
        guard inputs.isEmpty, isChanged else { return }
        throw .usage(
            "the options of audio have none to apply to: \(name) has only pictures (use \(Setting.audio) FILE)"
        )
    }
}
