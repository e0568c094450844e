public import VideoTypes

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How far one picture is from another: squared errors and structural similarity, component by component.
///
/// Similarity (SSIM) is that of Wang, Bovik, Sheikh and Simoncelli (IEEE Transactions on Image Processing 13, 2004) in
/// windows of 8 by 8 samples, four apart. These are the numbers of ffmpeg's `psnr` and `ssim` filters. A sample of more
/// than its depth counts as the largest value.
public struct PictureDifference: Hashable, Sendable {
    /// What is known of one component.
    public struct Component: Hashable, Sendable {
        /// `Y`, `U`, `V`, `R`, `G`, `B` or `A`.
        public let name: String
        /// The sum of the squared differences.
        public let squaredError: UInt64
        /// Samples that were compared.
        public let samples: Int
        /// The mean similarity of the windows, 1 for equal samples; `nil` if no window fits: less than 8 samples in either
        /// direction.
        public let similarity: Double?

        /// The mean squared error.
        public var meanSquaredError: Double { Double(squaredError) / Double(samples) }
    }

    /// The components, in the order of the format's name.
    public let components: [Component]
    /// The largest value of a sample.
    public let peak: Int

    /// Compares two frames of the same format and size; anything else is a mistake, and traps. So are packed YUV, samples of
    /// more than 12 bits, and RGB that is not of 8-bit samples side by side, which have to be converted before.
    ///
    /// - Parameters:
    ///   - first: A frame.
    ///   - second: Another one.
    ///   - alpha: Whether transparency is compared, where the format has it. The default is that it is.
    public init(_ first: borrowing VideoFrame, _ second: borrowing VideoFrame, alpha: Bool = true) {
        let (layout, other) = (first.layout, second.layout)
        precondition(layout.format == other.format && layout.size == other.size, "frames of one kind are compared")
        let places = SamplePlace.all(of: layout.format, alpha: alpha)
        peak = (1 << layout.format.bitDepth) - 1
        components = first.withBytes { bytes in
            second.withBytes { otherBytes in
                places.map { place in
                    Component(
                        comparing: place,
                        in: bytes,
                        layout.planes[place.plane],
                        with: otherBytes,
                        other.planes[place.plane]
                    )
                }
            }
        }
    }

    /// The mean squared error of all samples: in 4:2:0, luma weighs four times as much as either chroma.
    public var meanSquaredError: Double {
        let error = components.reduce(0) { $0 + Double($1.squaredError) }
        return error / Double(components.reduce(0) { $0 + $1.samples })
    }

    /// The mean similarity, every component weighed by its samples; `nil` if one has none.
    public var similarity: Double? {
        var sum = 0.0
        for component in components {
            guard let similarity = component.similarity else { return nil }
            sum += similarity * Double(component.samples)
        }
        return sum / Double(components.reduce(0) { $0 + $1.samples })
    }

    /// The peak signal-to-noise ratio in decibels of a mean squared error; infinite if that is 0.
    public func decibels(of meanSquaredError: Double) -> Double {
        Self.decibels(of: meanSquaredError, peak: peak)
    }

    /// The same for samples of any largest value.
    public static func decibels(of meanSquaredError: Double, peak: Int) -> Double {
        10 * log10(Double(peak * peak) / meanSquaredError)
    }
}
