package import Jobs
package import LibAV
internal import Media
internal import Muxing
internal import Threading

/// All audio of an output: that of its input, and that of files.
///
/// Thread-safety: all methods may be called from any thread.
package final class OutputAudio: AudioSource {
    private struct Part {
        let audio: any AudioPart
        /// Its time 0 is that of the input's first frame; that of the input itself has the input's clock.
        let isOfFile: Bool
        /// The number of its first track.
        let first: Int
    }

    package let streams: [AudioStream]
    private let parts: [Part]
    private let intake: AudioIntake?
    private let videoEnd = Monitor<Int64?>(nil)

    /// - Parameters:
    ///   - own: The audio of the input.
    ///   - files: That of files, in their order.
    ///   - intake: Where packets wait that are read with the video.
    init(own: [any AudioPart], files: [any AudioPart], intake: AudioIntake?) {
        var (parts, streams) = ([Part](), [AudioStream]())
        for (audio, isOfFile) in own.map({ ($0, false) }) + files.map({ ($0, true) }) {
            parts.append(Part(audio: audio, isOfFile: isOfFile, first: streams.count))
            streams += audio.streams
        }
        (self.parts, self.streams, self.intake) = (parts, streams, intake)
    }

    /// The output begins at a time of the input, in microseconds.
    ///
    /// - Parameters:
    ///   - time: The time.
    ///   - inputStart: When the input's own first frame is.
    ///   - isCut: It begins with a frame before which others were skipped.
    package func begin(at time: Int64, inputStart: Int64, isCut: Bool) {
        for part in parts {
            part.audio.begin(at: part.isOfFile ? time - inputStart : time, isCut: isCut)
        }
    }

    /// By how many microseconds the output must begin before a time of the input, so that no audio of the input is cut off.
    package func lead(before time: Int64) -> Int64 {
        parts.map { $0.isOfFile ? 0 : $0.audio.lead(before: time) }.max() ?? 0
    }

    /// What was carried so far, track by track.
    package var carried: [Receipt.AudioTrack] { parts.flatMap(\.audio.carried) }

    /// Why it could not be read.
    package var failure: JobError? { parts.lazy.compactMap(\.audio.failure).first }

    /// The error that ended the audio, if that was accepted.
    package var loss: JobError? { parts.lazy.compactMap(\.audio.loss).first }

    package var hasFailed: Bool { failure != nil }

    /// Whether more input has to be read for the audio before a time, in microseconds of the input.
    package func isBehind(_ time: Int64) -> Bool { intake?.isBehind(time) ?? false }

    /// What became of it that the user should know, once everything is written.
    package var notices: [String] {
        guard let end = videoEnd.withLock({ $0 }), failure == nil else { return [] }
        return parts.flatMap { $0.audio.notices(videoEnd: end) }
    }

    package func next(before time: Int64) -> AudioPacket? { next { $0.next(before: time) } }

    package func next(behindVideoEndingAt end: Int64) -> AudioPacket? {
        videoEnd.withLock { $0 = end }
        return next { $0.next(behindVideoEndingAt: end) }
    }

    private func next(_ take: (any AudioPart) -> AudioPacket?) -> AudioPacket? {
        for part in parts {
            guard var packet = take(part.audio) else { continue }
            packet.stream += part.first
            return packet
        }
        return nil
    }
}
