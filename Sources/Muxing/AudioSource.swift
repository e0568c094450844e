package import LibAV

/// The source of a container's audio: requested packet by packet as the video proceeds.
///
/// It keeps its first error, because the receiver of the packets can only report that writing failed.
package protocol AudioSource: AnyObject, Sendable {
    /// The streams, in their order after the video.
    var streams: [AudioStream] { get }
    /// Reading failed.
    var hasFailed: Bool { get }
    /// The next packet, if it has arrived and begins before a time.
    ///
    /// - Parameter time: Microseconds of the output.
    func next(before time: Int64) -> AudioPacket?
    /// The next of the packets that remain after all video has been written; `nil` after the last.
    ///
    /// - Parameter end: Microseconds of the output at which its last frame ends.
    func next(behindVideoEndingAt end: Int64) -> AudioPacket?
}
