internal import VideoTypes

/// Which temporal layer each frame is of, and what must be forgotten before it is coded so that it refers to no frame
/// of a layer above its own. With one reference, the newest that is not forgotten, frames refer as W3C's patterns have
/// it: `0 ← 1`, `0 ← 2`, `2 ← 3`, `0 ← 4` in L1T3.
struct TemporalPattern {
    /// What becomes of one frame.
    struct Place: Equatable {
        /// It is a key frame, with which the pattern begins again.
        let isKey: Bool
        /// Its layer.
        let layer: Int
        /// This frame and all after it are to be forgotten first.
        let forgottenFrom: Int64?
    }

    private let mode: ScalabilityMode
    private let keyFrameInterval: Int
    /// Frames since the last key frame, that one included; `nil` before the first.
    private var sinceKey: Int?
    /// What is not forgotten, in coding order.
    private var known: [(number: Int64, layer: Int)] = []

    /// - Parameters:
    ///   - mode: The layers.
    ///   - keyFrameInterval: The longest distance between key frames; `nil` is libx264's default.
    init(_ mode: ScalabilityMode, keyFrameInterval: Int?) {
        (self.mode, self.keyFrameInterval) = (mode, keyFrameInterval ?? 250)
    }

    /// The place of the next frame.
    ///
    /// - Parameters:
    ///   - number: A number that grows from frame to frame.
    ///   - keyFrame: It is to be a key frame, due or not.
    mutating func next(number: Int64, keyFrame: Bool) -> Place {
        let isKey = keyFrame || sinceKey.map { $0 >= keyFrameInterval } ?? true
        let age = isKey ? 0 : sinceKey ?? 0
        let layer = mode.temporalLayer(ofFrame: age)
        let forgotten = isKey ? known.startIndex : known.firstIndex { $0.layer > layer } ?? known.endIndex
        let forgottenFrom = isKey || forgotten == known.endIndex ? nil : known[forgotten].number
        known.removeSubrange(forgotten...)
        // What is older than a period is out of the decoded picture buffer.
        known = known.suffix(mode.period - 1) + [(number, layer)]
        sinceKey = age + 1
        return Place(isKey: isKey, layer: layer, forgottenFrom: forgottenFrom)
    }
}

extension ScalabilityMode {
    /// Frames after which the pattern of layers begins again: as many must be held, or the base layer's last one is
    /// gone.
    var period: Int { 1 << (temporalLayers - 1) }
}
