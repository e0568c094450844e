internal import Jobs
internal import VideoTypes

/// Holds decoded pictures against those that were encoded, one after the other.
///
/// At rates at which coding has hardly a bit for a block, encoders repeat parts of other pictures, also over a change of scene.
/// Then only the first picture, which has none before it to repeat, is held against its own source; each block of the others
/// has to be one that the sources had there, up to some pictures later.
///
/// Rate control distributes bits unevenly. So at up to twice such a rate, the same applies to pictures that begin another
/// scene; and, at any rate of the whole output, to every picture that has almost no bits itself.
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
    /// Bytes below which a picture has hardly a bit for a block.
    private let leastBytes: Double
    /// The output has no chroma.
    private let isMonochrome: Bool
    private var lastSource: PlaneMeans?
    private var order = PictureOrderWatch()
    private var range: PlaneMeansRange?
    private var waiting: [(frame: Int, decoded: PlaneMeans)] = []

    /// - Parameters:
    ///   - written: The whole output.
    ///   - config: What was encoded.
    init(_ written: OutputFiles.Summary, _ config: ValidatedEncoderConfig) {
        let least = Self.leastBits * Double(config.size.width * config.size.height)
        let average = Double(written.bytes) * 8 / Double(max(1, written.chunks)) - Self.headerBits
        leastBytes = (least + Self.headerBits) / 8
        (isStarved, isScarce) = (average < least, average < 2 * least)
        isMonochrome = config.codec.isMonochrome
    }

    /// Takes the next picture; throws if it, or one before, is another one.
    ///
    /// - Parameters:
    ///   - source: What was encoded.
    ///   - decoded: What it was decoded to.
    ///   - frame: Its number.
    ///   - bytes: The bytes of its chunk.
    mutating func add(
        source: PlaneMeans,
        decoded: PlaneMeans,
        frame: Int,
        bytes: Int
    ) throws(VerificationFailure) {
        let (source, decoded) = isMonochrome ? (source.luminance, decoded.luminance) : (source, decoded)
        defer { lastSource = source }
        range = range?.including(source) ?? PlaneMeansRange(source)
        while let first = waiting.first, frame - first.frame >= Self.lookahead { try checkFirst() }
        guard frame > 0, isStarved || mayLack(source, decoded, bytes) else {
            try source.check(decoded, frame: frame)
            return try order.add(source: source, decoded: decoded, frame: frame)
        }
        order = PictureOrderWatch()
        waiting.append((frame, decoded))
    }

    /// Whether a picture differs from its source, which a lack of bits may explain.
    private func mayLack(_ source: PlaneMeans, _ decoded: PlaneMeans, _ bytes: Int) -> Bool {
        let isPoor = Double(bytes) < leastBytes
        guard isScarce || isPoor, let lastSource, Self.isAnother(decoded, than: source) else { return false }
        return isPoor || Self.isAnother(lastSource, than: source)
    }

    private static func isAnother(_ picture: PlaneMeans, than source: PlaneMeans) -> Bool {
        do throws(VerificationFailure) { try source.check(picture, frame: 0) } catch { return true }
        return false
    }

    /// Ends the stream: throws if one of the last pictures differs.
    mutating func finish() throws(VerificationFailure) {
        while !waiting.isEmpty { try checkFirst() }
    }

    private mutating func checkFirst() throws(VerificationFailure) {
        let (frame, decoded) = waiting.removeFirst()
        try range?.check(decoded, frame: frame)
    }
}
