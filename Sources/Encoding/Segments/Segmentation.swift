/// A range of frames that is encoded by itself: it begins with a key frame, and its frames refer to no others.
public struct Segment: Hashable, Sendable, Codable {
    /// Its place among the segments, from 0.
    public let index: Int
    /// The number of its first frame, among those that are wanted.
    public let firstFrame: Int
    /// How many frames it has, 1 or more.
    public let frames: Int

    package init(index: Int, firstFrame: Int, frames: Int) {
        (self.index, self.firstFrame, self.frames) = (index, firstFrame, frames)
    }
}

/// Where an encode is divided: at fixed distances, on any machine and any number of cores, so that the bytes are always the
/// same.
package struct Segmentation: Hashable, Sendable {
    /// Frames of every segment but the last, which has half of it to one and a half: a rest that is shorter belongs to the
    /// segment before it, for a key frame and a beginning cost most where little follows.
    package let segmentFrames: Int

    /// A border costs a key frame and what the encoder has learned; a long segment costs memory, and cores at the end.
    private static let usual = 120

    /// - Parameters:
    ///   - segmentFrames: The requested number. `nil` means the least number of whole key frame intervals that are 120 frames.
    ///   - keyFrameInterval: The longest distance between key frames; `nil` if it is the encoder's.
    package init(segmentFrames: Int?, keyFrameInterval: Int?) {
        let interval = keyFrameInterval ?? Self.usual
        self.segmentFrames = segmentFrames ?? (Self.usual + interval - 1) / interval * interval
    }

    /// Frames of the shortest last segment after others.
    var shortestRest: Int { (segmentFrames + 1) / 2 }
    /// Frames of the longest last segment.
    var longest: Int { segmentFrames + shortestRest - 1 }

    /// The number of segments for a number of frames, 1 or more.
    package func count(ofFrames total: Int) -> Int {
        let (whole, rest) = total.quotientAndRemainder(dividingBy: segmentFrames)
        return max(1, rest >= shortestRest ? whole + 1 : whole)
    }

    /// The segments for a number of frames, 1 or more.
    package func segments(ofFrames total: Int) -> [Segment] {
        let last = count(ofFrames: total) - 1
        return (0...last).map { index in
            let first = index * segmentFrames
            return Segment(index: index, firstFrame: first, frames: index == last ? total - first : segmentFrames)
        }
    }
}
