internal import Jobs
internal import PixelConversion
internal import VideoTypes

/// What a comparison came to.
public struct ComparisonReport: Encodable, Sendable {
    /// One side.
    public struct Side: Encodable, Sendable {
        /// What messages call it.
        public let name: String
        /// Its frames' pixel format.
        public let pixelFormat: String
        /// Their width in samples.
        public let width: Int
        /// Their height.
        public let height: Int
    }

    /// A number for each component, and one for all of them.
    public struct Values: Encodable, Hashable, Sendable {
        /// The components' numbers, in the order of ``ComparisonReport/components``.
        public let byComponent: [Double]
        /// All samples' number; a component weighs as much as it has samples.
        public let all: Double
    }

    /// The numbers of one frame.
    public struct Frame: Encodable, Sendable {
        /// The number of the frame, from 0.
        public let frame: Int
        /// When the first side shows it, in microseconds.
        public let timestamp: Int64
        /// Decibels; infinite for equal samples.
        public let psnr: Values
        /// At most 1; `nil` where a plane is too small for a window.
        public let ssim: Values?

        /// The numbers of a pair of frames.
        public init(_ quality: FrameQuality) {
            let difference = quality.difference
            (frame, timestamp) = (quality.frame, quality.timestamp)
            psnr = Values(
                byComponent: difference.components.map { difference.decibels(of: $0.meanSquaredError) },
                all: quality.psnr
            )
            let similarities = difference.components.compactMap(\.similarity)
            ssim = difference.similarity.map { Values(byComponent: similarities, all: $0) }
        }
    }

    /// The first side.
    public let first: Side
    /// The second side.
    public let second: Side
    /// A message about the conversion of the second side; `nil` without one.
    public let conversion: String?
    /// Pairs of frames.
    public let frames: Int
    /// The components that the numbers are of.
    public let components: [String]
    /// Peak signal-to-noise ratio of all frames as one, from the mean of their squared errors; ffmpeg's `average`.
    public let psnr: Values
    /// The mean of the frames' ratios; infinite if one of them is.
    public let meanPSNR: Values
    /// The lowest of the frames' ratios.
    public let lowestPSNR: Values
    /// The mean of the frames' similarities; `nil` where a plane is too small for a window.
    public let ssim: Values?
    /// The lowest of the frames' similarities.
    public let lowestSSIM: Values?
    /// The frames with the lowest ratio, the worst first.
    public let worst: [Frame]
    /// Every frame, if they were kept.
    public var everyFrame: [Frame]?

    init(_ pair: ComparedPair, _ totals: QualityTotals) {
        (first, second) = (Side(pair.first), Side(pair.second))
        (conversion, frames, components) = (pair.notice, totals.frames, totals.names)
        let count = Double(totals.frames)
        func values(_ number: (QualityTotals.Column) -> Double) -> Values {
            Values(byComponent: totals.components.map(number), all: number(totals.all))
        }
        let peak = (1 << pair.format.bitDepth) - 1
        psnr = values { PictureDifference.decibels(of: $0.errorSum / count, peak: peak) }
        meanPSNR = values { $0.decibelSum / count }
        lowestPSNR = values { $0.lowestDecibels }
        let hasSimilarity = totals.all.similaritySum != nil
        ssim = hasSimilarity ? values { ($0.similaritySum ?? 0) / count } : nil
        lowestSSIM = hasSimilarity ? values { $0.lowestSimilarity } : nil
        worst = totals.worst.map(Frame.init)
    }

    /// The object as one line of JSON, with its line feed. Infinite numbers are the text `inf`.
    public var line: [UInt8] { JSON.line(self) }
}

extension ComparisonReport.Side {
    fileprivate init(_ side: any ComparedFrames) {
        self.init(
            name: side.name,
            pixelFormat: side.layout.format.rawValue,
            width: side.size.width,
            height: side.size.height
        )
    }
}
