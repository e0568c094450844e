/// The bytes that a demuxer reads. It keeps the first error, for libavformat's callbacks can return only a number.
///
/// Thread-safety: used by one thread at a time.
package protocol DemuxerInput: AnyObject {
    /// The number of bytes, where any of them can be read at any time; `nil` where they only ever follow each other.
    var length: Int? { get }
    /// Where the next byte is read.
    var position: Int { get }
    /// Moves to a position; only with a ``length``.
    func seek(to position: Int)
    /// Reads bytes.
    ///
    /// - Returns: How many, 0 at the end; `nil` if reading failed.
    func read(into target: inout MutableRawSpan) -> Int?
}
