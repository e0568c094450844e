public import Ingest
public import Jobs
public import Logging
internal import Media
public import PixelConversion
internal import VideoTypes

/// Compares two sequences of frames, pair by pair in presentation order, with no more in memory than a few frames.
///
/// A comparison is a value; files are opened only when it runs.
public struct Comparison: Sendable {
    /// The first side: the source, as a rule. Frames of the second are converted to its format.
    public var first: ComparedInput
    /// The second side.
    public var second: ComparedInput
    /// How many of the worst frames the report has, 0 or more. The default is 3.
    public var worstCount = 3

    /// A comparison with every default.
    public init(_ first: ComparedInput, _ second: ComparedInput) { (self.first, self.second) = (first, second) }

    /// Runs it to its end, on the calling thread.
    ///
    /// - Parameters:
    ///   - interrupt: Ends it early when it is triggered; the report covers the frames compared so far.
    ///   - logger: Gets notices about conversions and dropped data.
    ///   - onFrame: Learns of every pair's numbers, in order.
    /// - Throws: ``Jobs/JobError`` if a side is invalid, the sizes differ, or one has more frames than the other.
    @available(*, noasync, message: "blocks the calling thread")
    public func run(
        interrupt: Interrupt = Interrupt(),
        logger: Logger = .silent,
        onFrame: (FrameQuality) -> Void = { _ in }
    ) throws(JobError) -> ComparisonReport {
        let inputs = [first.input.origin, second.input.origin, first.description, second.description]
        guard inputs.count(where: { $0 == .standardInput }) <= 1 else {
            throw .usage("only one side of a comparison can be standard input")
        }
        let sides = (first: try first.open(interrupt, logger), second: try second.open(interrupt, logger))
        try checkDescriptions(sides.first, sides.second)
        let pair = try ComparedPair(
            first: sides.first,
            second: sides.second,
            interrupt
        )
        if let notice = pair.notice { logger.warning("\(notice)") }
        var totals = QualityTotals(worstCount: worstCount)
        while let quality = try pair.next() {
            totals.add(quality)
            onFrame(quality)
        }
        return ComparisonReport(pair, totals)
    }

    /// A description of raw frames is refused without raw frames: the caller is wrong about one side.
    private func checkDescriptions(_ left: any ComparedFrames, _ right: any ComparedFrames) throws(JobError) {
        guard left is ComparedMediaFrames, right is ComparedMediaFrames else { return }
        if let size = first.input.size, size != left.layout.size {
            throw .usage("\(Setting.size) \(size) contradicts \(left.name), whose frames are \(left.layout.size)")
        }
        if let format = first.input.pixelFormat, format != left.layout.format {
            let actual = left.layout.format.rawValue
            throw .usage(
                "\(Setting.pixelFormat) \(format.rawValue) contradicts \(left.name), whose frames are \(actual)"
            )
        }
    }
}

/// The numbers of one pair of frames.
public struct FrameQuality: Sendable {
    /// The number of the frame, from 0.
    public let frame: Int
    /// When the first side shows it, in microseconds.
    public let timestamp: Int64
    /// How far the two are from each other.
    public let difference: PictureDifference

    /// The peak signal-to-noise ratio of all samples in decibels; infinite for equal samples.
    public var psnr: Double { difference.decibels(of: difference.meanSquaredError) }
}
