/// A run of frames that is encoded by itself: it begins with a key frame, and nothing in it refers to anything outside.
public struct Segment: Hashable, Sendable, Codable {
    /// Its place among the segments, from 0.
    public let index: Int
    /// The number of its first frame, among those that are wanted.
    public let firstFrame: Int
    /// How many frames it has, 1 or more.
    public let frames: Int
}

/// Where an encode is cut: at fixed distances, whoever encodes and on how many cores, so that the bytes are always the same.
struct Segmentation: Hashable, Sendable {
    /// Frames of every segment but the last, which may have fewer.
    let segmentFrames: Int

    /// A border costs a key frame and what the encoder has learned; a long segment costs memory, and cores at the end.
    private static let usual = 120

    /// - Parameters:
    ///   - segmentFrames: What was asked for. `nil` means the least number of whole key frame intervals that are 120 frames.
    ///   - keyFrameInterval: The longest distance between key frames; `nil` if it is the encoder's.
    init(segmentFrames: Int?, keyFrameInterval: Int?) {
        let interval = keyFrameInterval ?? Self.usual
        self.segmentFrames = segmentFrames ?? (Self.usual + interval - 1) / interval * interval
    }

    /// The segments of so many frames.
    func segments(ofFrames total: Int) -> [Segment] {
        stride(from: 0, to: total, by: segmentFrames).enumerated().map { index, first in
            Segment(index: index, firstFrame: first, frames: min(segmentFrames, total - first))
        }
    }
}
