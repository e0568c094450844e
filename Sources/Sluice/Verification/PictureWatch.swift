internal import VideoTypes

/// Holds decoded pictures against those that were encoded, one after the other.
///
/// At rates at which coding has hardly a bit for a block, encoders repeat parts of other pictures, also over a change of scene.
/// Then only the first picture, which has none before it to repeat, is held against its own source; each block of the others
/// has to be one that the sources had there, up to some pictures later.
///
/// Rate control spreads bits unevenly, so that at up to twice such a rate the same holds for single pictures: those that begin
/// another scene.
struct PictureWatch {
    /// Bits of a frame that are headers rather than picture.
    private static let headerBits = 320.0
    /// Bits a luma sample below which parts of other pictures are repeated, as libx264 and libx265 were seen to do.
    private static let leastBits = 0.1
    /// Pictures that may be shown before one that they repeat: as many as the standards let be reordered.
    private static let lookahead = 16

    private let isStarved: Bool
    /// Single pictures may have had too few bits.
    private let isScarce: Bool
    private var lastSource: PlaneMeans?
    private var order = PictureOrderWatch()
    private var range: PlaneMeansRange?
    private var waiting: [(frame: Int, decoded: PlaneMeans)] = []

    /// - Parameters:
    ///   - bytes: Bytes of the whole output.
    ///   - frames: Frames in it.
    ///   - size: Their size.
    init(bytes: Int, frames: Int, size: PictureSize) {
        let bits = Double(bytes) * 8 / Double(max(1, frames)) - Self.headerBits
        let least = Self.leastBits * Double(size.width * size.height)
        (isStarved, isScarce) = (bits < least, bits < 2 * least)
    }

    /// Takes the next picture; throws if it, or one before, is another one.
    mutating func add(source: PlaneMeans, decoded: PlaneMeans, frame: Int) throws(VerificationFailure) {
        defer { lastSource = source }
        if isScarce { range = range?.including(source) ?? PlaneMeansRange(source) }
        while let first = waiting.first, frame - first.frame >= Self.lookahead { try checkFirst() }
        guard frame > 0, isStarved || mayLack(source, decoded) else {
            try source.check(decoded, frame: frame)
            return try order.add(source: source, decoded: decoded, frame: frame)
        }
        order = PictureOrderWatch()
        waiting.append((frame, decoded))
    }

    /// Whether a picture is another one than its source, and may be for want of bits.
    private func mayLack(_ source: PlaneMeans, _ decoded: PlaneMeans) -> Bool {
        guard isScarce, let lastSource else { return false }
        return Self.isAnother(decoded, than: source) && Self.isAnother(lastSource, than: source)
    }

    private static func isAnother(_ picture: PlaneMeans, than source: PlaneMeans) -> Bool {
        do throws(VerificationFailure) { try source.check(picture, frame: 0) } catch { return true }
        return false
    }

    /// Nothing follows: throws if one of the last pictures is another one.
    mutating func finish() throws(VerificationFailure) {
        while !waiting.isEmpty { try checkFirst() }
    }

    private mutating func checkFirst() throws(VerificationFailure) {
        let (frame, decoded) = waiting.removeFirst()
        try range?.check(decoded, frame: frame)
    }
}

/// The least and the largest mean of each block in several pictures.
struct PlaneMeansRange {
    private var low: PlaneMeans
    private var high: PlaneMeans

    init(_ picture: PlaneMeans) { (low, high) = (picture, picture) }

    func including(_ picture: PlaneMeans) -> PlaneMeansRange {
        var range = self
        range.low.combine(picture) { own, other in own.replacing(with: other, where: other .< own) }
        range.high.combine(picture) { own, other in own.replacing(with: other, where: other .> own) }
        return range
    }

    /// Throws if a picture's blocks are none that the others had.
    func check(_ decoded: PlaneMeans, frame: Int) throws(VerificationFailure) {
        var nearest = decoded
        nearest.combine(low) { own, other in own.replacing(with: other, where: other .> own) }
        nearest.combine(high) { own, other in own.replacing(with: other, where: other .< own) }
        try nearest.check(decoded, frame: frame, slack: 3)
    }
}
