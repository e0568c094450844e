internal import ArgumentParser
internal import Sluice

/// The audio of the output.
struct AudioFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Add the audio of a file, or its track N, to mp4, mov, mkv or webm; again for more. It begins with the input's first frame.",
            valueName: "FILE[#N][,language=CODE][,title=TEXT][,default]"
        ),
        transform: expecting(
            "FILE, then #N for a track, then ,language=CODE ,title=TEXT or ,default",
            { AudioOptions.Input($0) }
        )
    )
    var audio: [AudioOptions.Input] = []

    @Option(
        help:
            "Coding of audio: copy, aac, opus, flac or pcm. The default copies what the output's format holds, and encodes the rest as aac in mp4 and mov, as opus in mkv and webm."
    )
    var audioCodec: AudioOptions.Codec?

    @Option(
        help:
            "Bits a second of each track in aac or opus, such as 128k. The default is 80k (aac) or 64k (opus) for each channel.",
        transform: expecting("bits a second from 6k to 4M, such as 128k", AudioFlags.bitrate)
    )
    var audioBitrate: Int?

    @Option(
        parsing: .unconditional,
        help: "Seconds by which the audio of files is later than the pictures, such as 0.25 or -0.1.",
        transform: expecting("seconds from -86400 to 86400, with up to six decimals", AudioFlags.microseconds)
    )
    var audioOffset: Int64?

    @Option(
        help:
            "End of audio that is longer than the pictures: frames (the default) cuts it at the end of the last frame, audio does not."
    )
    var audioLength: AudioOptions.Length?

    @Flag(help: "Leave out the audio of a media input.")
    var noAudio = false

    @Flag(
        help:
            "Carry the audio of a media input, which is the default, and refuse inputs and outputs that cannot have it."
    )
    var copyAudio = false

    func validate() throws {
        guard noAudio, copyAudio else { return }
        throw ValidationError("--no-audio and --copy-audio exclude each other")
    }

    /// What the flags mean.
    var options: AudioOptions {
        var options = AudioOptions()
        options.own = noAudio ? .none : copyAudio ? .required : .automatic
        options.inputs = audio
        (options.codec, options.bitrate) = (audioCodec, audioBitrate)
        options.offset = audioOffset ?? 0
        options.length = audioLength ?? .frames
        return options
    }

    /// The first of the flags that is used; `nil` if none is.
    var flag: String? {
        let used: [(String, Bool)] = [
            ("--audio", !audio.isEmpty), ("--audio-codec", audioCodec != nil), ("--audio-bitrate", audioBitrate != nil),
            ("--audio-offset", audioOffset != nil), ("--audio-length", audioLength != nil), ("--no-audio", noAudio),
            ("--copy-audio", copyAudio),
        ]
        return used.first(where: \.1)?.0
    }

    private static func bitrate(_ text: String) -> Int? {
        let units: [Character: Double] = ["k": 1000, "K": 1000, "M": 1_000_000]
        let unit = text.last.flatMap { units[$0] }
        guard let value = Double(unit == nil ? text : String(text.dropLast())), value.isFinite else { return nil }
        let bits = value * (unit ?? 1)
        return (6000...4_000_000).contains(bits) ? Int(bits) : nil
    }

    private static func microseconds(_ text: String) -> Int64? {
        guard let value = Double(text), (-86_400...86_400).contains(value) else { return nil }
        return Int64((value * 1_000_000).rounded())
    }
}
