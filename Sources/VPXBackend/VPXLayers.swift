internal import CVPX
internal import VideoTypes

/// The temporal layers of a stream, and what the frames of each may refer to and replace: the patterns of WebRTC's SVC.
struct VPXLayers: Equatable {
    /// 1, 2 or 3.
    let count: Int
    private let mode: ScalabilityMode

    init(_ mode: ScalabilityMode) { (count, self.mode) = (mode.temporalLayers, mode) }

    /// The layer of the frame this many frames after a key frame.
    func layer(ofFrame number: Int) -> Int { mode.temporalLayer(ofFrame: number) }

    /// `VP8_EFLAG_*` of the frame this many frames after a key frame. A key frame, which is number 0, replaces everything.
    func flags(ofFrame number: Int) -> Int {
        guard count > 1, number > 0 else { return 0 }
        switch (layer(ofFrame: number), count) {
        case (0, _): return Self.referToLast | Self.keepGolden
        case (1, 3): return Self.referToLast | Self.keepLast | Self.keepEntropy
        // The second frame of the top layer may refer to layer 1 as well, which the golden buffer holds.
        case (2, 3) where number & 3 == 3: return Int(VP8_EFLAG_NO_REF_ARF) | Self.keepAll
        default: return Self.referToLast | Self.keepAll
        }
    }

    /// Shares of the bit rate of layer 0, layers 0 and 1, and so on, in hundredths; the last is 100.
    var cumulativeShares: [Int] {
        switch count {
        case 2: [60, 100]
        case 3: [50, 70, 100]
        default: [100]
        }
    }

    private static let referToLast = Int(VP8_EFLAG_NO_REF_GF | VP8_EFLAG_NO_REF_ARF)
    private static let keepAlternate = Int(VP8_EFLAG_NO_UPD_ARF)
    private static let keepGolden = Int(VP8_EFLAG_NO_UPD_GF) | keepAlternate
    private static let keepLast = Int(VP8_EFLAG_NO_UPD_LAST) | keepAlternate
    // Probabilities that a dropped frame has changed would be missing from the next one.
    private static let keepEntropy = Int(VP8_EFLAG_NO_UPD_ENTROPY)
    private static let keepAll = keepGolden | keepLast | keepEntropy
}
