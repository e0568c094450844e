/// The memory that pictures take that are decoded ahead, several at a time: a pure value.
///
/// It follows from the largest picture so far, so that it is known once the first has been decoded.
package struct AheadMemory: Hashable, Sendable {
    /// Bytes of a frame.
    private(set) var frame: Int
    /// Bytes that a decoder keeps besides.
    private(set) var kept: Int
    /// Bytes of a file.
    private(set) var file: Int
    /// Lanes, at most.
    let mostLanes: Int

    /// The limit where none is set, unless one picture needs more.
    static let usualBytes = 1 << 30

    /// The larger of each.
    mutating func grow(_ other: AheadMemory) {
        (frame, kept, file) = (max(frame, other.frame), max(kept, other.kept), max(file, other.file))
    }

    /// The frame that is used, those that wait, and the file that is read next.
    private var fixed: Int { frame + FrameOutlet.waitingBytes(ofFrames: frame) + file }
    /// A file, and its copy while the decoder gets it, or else what becomes of it.
    private var lane: Int { max(1, file + kept + max(file, frame)) }

    /// Bytes that so many lanes take.
    package func bytes(lanes: Int) -> Int { fixed + lanes * lane }

    /// Bytes without which no picture can be decoded.
    package var least: Int { bytes(lanes: 1) }

    /// Bytes of as many lanes as fit; of one, if not even that does.
    package func bytes(within limit: Int) -> Int { bytes(lanes: lanes(within: limit)) }

    /// How many lanes fit; at least one.
    func lanes(within limit: Int) -> Int { max(1, min(mostLanes, (limit - fixed) / lane)) }
}
