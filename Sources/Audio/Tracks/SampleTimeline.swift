/// Where decoded samples are in the output, counted in samples of the source.
///
/// Clocks of containers are off by up to a millisecond or two, which samples that follow each other do not follow.
struct SampleTimeline {
    /// Samples that follow each other in the output.
    struct Run: Equatable {
        /// The first of them within the samples that were added last; `nil` for silence.
        let first: Int64?
        let count: Int64
    }

    /// How far the output is complete.
    private(set) var fed: Int64 = 0
    private let tolerance: Int64
    private var origin: Int64 = 0
    /// Where the next samples are if nothing is missing.
    private var expected: Int64?
    /// Where the samples that were added last begin and end in the output, and how many of them are past.
    private var place: Range<Int64> = 0..<0
    private var taken: Int64 = 0
    /// Silence at once, at most.
    private static let longestSilence: Int64 = 4096

    /// A timeline before its beginning.
    ///
    /// - Parameter rate: Samples a second.
    init(rate: Int) { tolerance = Int64(max(1, rate / 400)) }

    /// The output begins at a time of the source.
    mutating func begin(at time: Int64) { origin = time }

    /// Whether samples that were added are not past.
    var hasSamples: Bool { taken < Int64(place.count) }

    /// Where the samples that were added last end in the output.
    var end: Int64 { place.upperBound }

    /// Takes samples that are next in the source.
    ///
    /// - Parameters:
    ///   - time: When the first of them is, in the source; `nil` if that is not known.
    ///   - count: How many.
    mutating func add(at time: Int64?, count: Int64) {
        let next = expected ?? -origin
        var start = time.map { $0 - origin } ?? next
        if let expected, (start - expected).magnitude <= tolerance { start = expected }
        (place, taken) = (start..<(start + count), 0)
        expected = place.upperBound
        // What is before the beginning, or was there before, is not heard again.
        if start < fed { taken = min(count, fed - start) }
    }

    /// The next samples of the output.
    ///
    /// - Parameter limit: Where the output may be complete, at most.
    /// - Returns: `nil` if there are none before the limit.
    mutating func next(until limit: Int64) -> Run? {
        guard hasSamples, fed < limit else { return nil }
        let start = place.lowerBound + taken
        guard start <= fed else {
            let count = min(start - fed, limit - fed, Self.longestSilence)
            fed += count
            return Run(first: nil, count: count)
        }
        let count = min(place.upperBound - start, limit - fed)
        let run = Run(first: taken, count: count)
        (taken, fed) = (taken + count, fed + count)
        return run
    }
}
