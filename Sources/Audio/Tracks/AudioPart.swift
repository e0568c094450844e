internal import Jobs
internal import Muxing

/// Some tracks of an output's audio, which have one source.
///
/// Thread-safety: all methods may be called from any thread.
protocol AudioPart: AudioSource {
    /// The output begins at a time of the source, in microseconds; if it is cut, with a frame, before which others were skipped.
    func begin(at time: Int64, isCut: Bool)

    /// By how many microseconds the output must begin before a time of the source, so that no audio is cut off: as far as is
    /// known of the first packets, which are read for it.
    func lead(before time: Int64) -> Int64

    /// What was carried so far, track by track.
    var carried: [Receipt.AudioTrack] { get }

    /// Why it could not be read.
    var failure: JobError? { get }

    /// The error that ended the audio, if that was accepted.
    var loss: JobError? { get }

    /// What became of it that the user should know, once everything is written.
    func notices(videoEnd: Int64) -> [String]
}

extension AudioPart {
    package var hasFailed: Bool { failure != nil }
}
