package import EncoderCore
internal import Ingest
package import Jobs
internal import Places

/// Where pictures with times of their own come from: a stream, or a graph of filters.
package protocol TimedPictures: AnyObject, Sendable {
    /// What messages call it.
    var name: String { get }
    /// How many there are, if that is known.
    var frameCount: Int? { get }
    /// By how much a time may be wrong, in microseconds.
    var clockError: Int64 { get }
    /// When the last one ends, in microseconds; `nil` if that is not known. Asked for after the last one.
    var end: Int64? { get }
    /// Bytes of the input that have been read.
    var bytesRead: Int { get }
    /// Bytes of a partial last frame that was accepted and dropped.
    var droppedBytes: Int { get }
    /// Pictures of the input, where not every one becomes one; `nil`, the default, where each does.
    var picturesOfInput: Int? { get }
    /// Reading was interrupted.
    var isInterrupted: Bool { get }
    /// What messages call a picture, counted from 0, if each has a file of its own, or would have; by default none has.
    func file(ofPicture index: Int) -> String?
    /// Where pictures seem to be missing; known after the last.
    var gapNotice: String? { get }
    /// The error that ended the input, where that was accepted; known after the last picture.
    var loss: JobError? { get }
    /// What gives the pictures their times, where it is not the input, such as `--filter`; `nil`, the default, where it is.
    var timing: String? { get }
    /// The next picture; `nil` after the last, and when reading was interrupted.
    func next() throws(JobError) -> DecodedFrame?
}

extension TimedPictures {
    package func file(ofPicture index: Int) -> String? { nil }

    package var timing: String? { nil }
    package var droppedBytes: Int { 0 }
    package var picturesOfInput: Int? { nil }
}

extension DecodedMedia: TimedPictures {
    package func file(ofPicture index: Int) -> String? {
        guard let sequence = info.pictures, index < sequence.names.count else {
            return info.isPictures ? "\(info.name), picture \(index)" : nil
        }
        return sequence.path(index).shown
    }

    package var name: String { info.name }
    package var frameCount: Int? { info.frameCount }
    package var clockError: Int64 { info.clockError }
    package var end: Int64? { info.end }
}
