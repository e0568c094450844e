package import Containers
package import Ingest
package import Jobs
internal import LibAV
package import Media
internal import Muxing
internal import Places
package import SystemPackage
package import VideoTypes

/// Where the audio of an input comes from.
package enum OwnAudioSource {
    /// The file, opened again for each way in which tracks are carried.
    case file(FilePath, FileIdentity?)
    /// With the video, because a pipe can be read only once.
    case intake(AudioIntake)
}

/// What the tracks of an output have in common.
package struct AudioTarget {
    let options: AudioOptions
    let format: OutputFormat
    let codec: VideoCodec
    let acceptPartial: Bool
    let end: AudioEnd

    /// - Parameters:
    ///   - options: What goes along, and how.
    ///   - format: The container.
    ///   - codec: The codec of the video.
    ///   - acceptPartial: What is damaged ends the audio, and not the job.
    ///   - isVideoCut: Whether the video ends before its input does; asked when it has ended.
    package init(
        _ options: AudioOptions,
        in format: OutputFormat,
        beside codec: VideoCodec,
        acceptPartial: Bool,
        isVideoCut: @escaping @Sendable () -> Bool
    ) {
        (self.options, self.format, self.codec, self.acceptPartial) = (options, format, codec, acceptPartial)
        end = AudioEnd(length: options.length, isVideoCut: isVideoCut)
    }
}

extension OutputAudio {
    /// Opens all audio of an output, and throws if the output cannot store it: before a frame is encoded.
    ///
    /// - Parameters:
    ///   - own: The audio of the input; `nil` if it does not go along.
    ///   - name: What the input is called.
    ///   - target: What the tracks have in common.
    /// - Returns: `nil` if there are no tracks.
    package static func open(
        own: OwnAudioSource?,
        of name: String,
        _ target: AudioTarget
    ) throws(JobError) -> OutputAudio? {
        let marks = target.options.inputs.contains(where: \.isDefault)
        let (ownParts, intake) = try Self.ownParts(own, name, isDefault: marks ? false : nil, target)
        var fileParts: [any AudioPart] = []
        for input in target.options.inputs {
            let isFirst = ownParts.isEmpty && fileParts.isEmpty
            let isDefault = marks ? input.isDefault : isFirst
            fileParts += try parts(of: input, isDefault: isDefault, target)
        }
        guard !ownParts.isEmpty || !fileParts.isEmpty else { return nil }
        guard target.options.bitrate == nil || (ownParts + fileParts).contains(where: { $0 is EncodedAudio }) else {
            let advice = "use \(Setting.audioCodec) aac or opus to encode it"
            throw .usage("\(Setting.audioBitrate) is for audio that is encoded, but all of it is copied (\(advice))")
        }
        return OutputAudio(own: ownParts, files: fileParts, intake: intake)
    }

    /// The parts of the input itself, with what to use if they cannot go along, and where its packets wait.
    private static func ownParts(
        _ own: OwnAudioSource?,
        _ name: String,
        isDefault: Bool?,
        _ target: AudioTarget
    ) throws(JobError) -> ([any AudioPart], AudioIntake?) {
        do throws(JobError) {
            switch own {
            case nil: return ([], nil)
            case .intake(let packets)?:
                return (
                    try TrackSource(name: name, offset: 0) { packets }.parts(nil, isDefault: isDefault, target), packets
                )
            case .file(let path, let identity)?:
                let source = TrackSource(name: name, offset: 0) { () throws(JobError) in
                    try AudioFile(path, identity: identity)
                }
                return (try source.parts(nil, isDefault: isDefault, target), nil)
            }
        } catch {
            guard case .input(.unsupported(let name, let reason)) = error else { throw error }
            throw .input(.unsupported(name: name, reason: "\(reason) (use \(Setting.noAudio) to leave its audio)"))
        }
    }

    private static func parts(
        of input: AudioOptions.Input,
        isDefault: Bool,
        _ target: AudioTarget
    ) throws(JobError) -> [any AudioPart] {
        let name = input.path.spelled
        let start = try AudioFile(input.path, identity: nil).startTime
        let source = TrackSource(name: name, offset: start - target.options.offset) { () throws(JobError) in
            try AudioFile(input.path, identity: nil)
        }
        return try source.parts(input, isDefault: isDefault, target)
    }
}

/// A source of tracks, which is opened for each way in which they are carried.
private struct TrackSource {
    let name: String
    /// Microseconds of the source at which the input's first frame is.
    let offset: Int64
    let open: () throws(JobError) -> any AudioPackets

    /// The parts of an output's audio that come from here.
    ///
    /// - Parameters:
    ///   - input: What was asked for; `nil` for the audio of the input itself.
    ///   - isDefault: Players begin with the first of these tracks; `nil` for what the source says.
    func parts(
        _ input: AudioOptions.Input?,
        isDefault: Bool?,
        _ target: AudioTarget
    ) throws(JobError) -> [any AudioPart] {
        let packets = try open()
        let all = packets.streams
        let numbers = try chosen(input, all)
        var (copied, encoded) = ([Int](), [(Int, AudioOptions.Codec)]())
        var words: [Int: AudioStream] = [:]
        for (place, number) in numbers.enumerated() {
            let isFirst = isDefault.map { $0 && place == 0 }
            words[number] = all[number].named(language: input?.language, title: input?.title, isDefault: isFirst)
            if let codec = try target.encoding(all[number]) {
                encoded.append((number, codec))
            } else {
                copied.append(number)
            }
        }
        var parts: [any AudioPart] = []
        if !copied.isEmpty {
            parts.append(
                CopiedAudio(
                    packets,
                    copied,
                    as: copied.compactMap { words[$0] },
                    offset: offset,
                    in: target.format,
                    acceptPartial: target.acceptPartial,
                    end: target.end
                )
            )
        }
        for (number, codec) in encoded {
            guard let row = AudioCodecRow(codec), let stream = words[number] else { continue }
            let part = try EncodedAudio(
                open(),
                number,
                stream,
                of: name,
                as: row,
                bitrate: target.options.bitrate,
                offset: offset,
                acceptPartial: target.acceptPartial,
                end: target.end
            )
            try target.check(part.streams[0])
            parts.append(part)
        }
        return parts
    }

    /// The numbers of the streams that are wanted.
    private func chosen(_ input: AudioOptions.Input?, _ all: [AudioStream]) throws(JobError) -> [Int] {
        guard let input else { return Array(all.indices) }
        guard !all.isEmpty else { throw .input(.unsupported(name: name, reason: "it has no audio")) }
        guard let track = input.track else { return Array(all.indices) }
        guard all.indices.contains(track - 1) else {
            let tracks = Quantity.count(all.count, "track")
            throw .input(.unsupported(name: name, reason: "it has \(tracks) of audio, and no track \(track)"))
        }
        return [track - 1]
    }
}

extension AudioTarget {
    /// What a stream is encoded in; `nil` if its packets are copied.
    fileprivate func encoding(_ stream: AudioStream) throws(JobError) -> AudioOptions.Codec? {
        switch options.codec {
        case .copy:
            try check(stream)
            return nil
        case .some(let codec):
            try checkPriming(codec)
            return codec
        case nil: return format.holds(stream) ? nil : format.container?.layout == .isoBoxes ? .aac : .opus
        }
    }

    /// Throws if the container cannot tell players which samples prime a decoder, so that all audio would be late.
    private func checkPriming(_ codec: AudioOptions.Codec) throws(JobError) {
        guard codec == .aac, !format.storesPriming else { return }
        let reason = "with this libavformat \(format.name) cannot store which samples of AAC are not to be heard"
        throw .config(.unsupported("\(reason) (use opus or flac for \(Setting.audioCodec), or mp4)"))
    }

    /// Throws if the container cannot store a stream.
    fileprivate func check(_ stream: AudioStream) throws(JobError) {
        try asJobError { () throws(EncoderConfigError) in try format.check(stream, beside: codec) }
    }
}
