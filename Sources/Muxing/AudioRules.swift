internal import CFFmpeg
package import Containers
package import LibAV
package import VideoTypes

// Which container carries which audio.
extension OutputFormat {
    /// Throws if the format cannot carry a stream of audio, and names those that can.
    ///
    /// - Parameters:
    ///   - audio: The audio.
    ///   - codec: The codec of the video beside it, which a format that is named can carry as well.
    package func check(_ audio: AudioStream, beside codec: VideoCodec) throws(EncoderConfigError) {
        guard carries(audio) else {
            let others = Self.allCases.filter { $0.codecs.contains(codec) && $0.carries(audio) }.map(\.rawValue)
            let rest =
                others.isEmpty ? "Sluice has no container for it" : "use \(others.joined(separator: " or "))"
            throw .unsupported("\(name) cannot store audio in \(audio.codec) (\(rest))")
        }
        guard audio.codec != "aac" || audio.parameters.hasExtradata else {
            throw .unsupported("audio in aac has no decoder configuration, which \(name) needs")
        }
    }

    /// The container tells of a stream of any codec which of its first samples only prime a decoder.
    package var storesPriming: Bool { container?.layout == .isoBoxes || cffmpeg_matroska_adds_delay() != 0 }

    /// Whether a stream of audio can be carried as it is.
    package func holds(_ audio: AudioStream) -> Bool {
        carries(audio) && (audio.codec != "aac" || audio.parameters.hasExtradata)
    }

    private func carries(_ audio: AudioStream) -> Bool {
        guard let container else { return false }
        if let codecs = container.audioCodecs { return codecs.contains(audio.codec) }
        return unsafe avformat_query_codec(av_guess_format(container.muxer, nil, nil), audio.parameters.codec, 0) == 1
    }

    /// The earliest time that a packet may have, in samples: Matroska has none before 0, except for samples that a stream marks
    /// as not played, and for its rounding to milliseconds.
    package func earliestTime(of audio: AudioStream) -> Int64 {
        guard container?.layout != .isoBoxes else { return .min }
        // The first packet of Vorbis gives out no samples: it is stored at 0.
        let silent = audio.codec == "vorbis" ? audio.sampleRate / 10 : 0
        return -audio.delayInMatroska - Int64(audio.sampleRate / 1000 + silent)
    }

    /// Samples before the beginning that a stream may have because players skip them: those that prime a decoder, if the format
    /// can store that.
    ///
    /// - Parameter packet: The stream's first.
    package func hiddenSamples(of audio: AudioStream, beginningWith packet: AudioPacket) -> Int64 {
        container?.layout == .isoBoxes ? audio.primingSamples(beginningWith: packet) : audio.delayInMatroska
    }
}

extension AudioStream {
    /// Codecs whose own headers store the priming of a decoder, and those without priming.
    private static let exact: Set<String> = ["opus", "flac", "alac"]

    /// Samples that may prime a decoder and are not played: as the container or the codec stores it; if neither can, as in a
    /// transport stream, the most that encoders of AAC write.
    fileprivate func primingSamples(beginningWith packet: AudioPacket) -> Int64 {
        let padding = Int64(parameters.initialPadding)
        // Matroska's clock is off by up to a millisecond, which does not count as audio.
        let rounding = Int64(sampleRate / 1000)
        // libavformat before 6 writes Matroska in which a delay counts twice: it shifts all times by it as well.
        if Self.exact.contains(codec) { return (saysPriming ? 1 : 2) * padding + rounding }
        return saysPriming ? max(padding, packet.skippedSamples) + rounding : max(padding, 2112)
    }

    /// `CodecDelay` of Matroska, in samples. Older versions of libavformat write it for Opus only.
    var delayInMatroska: Int64 {
        codec == "opus" || cffmpeg_matroska_adds_delay() != 0 ? Int64(parameters.initialPadding) : 0
    }
}
