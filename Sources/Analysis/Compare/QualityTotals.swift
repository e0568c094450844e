internal import PixelConversion

/// The totals of many frames. Only the worst frames are kept.
struct QualityTotals {
    /// The totals of one column of numbers.
    struct Column {
        var errorSum = 0.0
        var decibelSum = 0.0
        var lowestDecibels = Double.infinity
        /// `nil` where no window fits.
        var similaritySum: Double? = 0
        var lowestSimilarity = 1.0

        mutating func add(error: Double, decibels: Double, similarity: Double?) {
            errorSum += error
            decibelSum += decibels
            lowestDecibels = min(lowestDecibels, decibels)
            similaritySum = if let similarity, let sum = similaritySum { sum + similarity } else { nil }
            lowestSimilarity = min(lowestSimilarity, similarity ?? 1)
        }
    }

    private let worstCount: Int
    private(set) var frames = 0
    private(set) var names: [String] = []
    private(set) var components: [Column] = []
    private(set) var all = Column()
    /// The frames with the lowest PSNR, of equal ones the earlier, the worst first.
    private(set) var worst: [FrameQuality] = []

    init(worstCount: Int) { self.worstCount = worstCount }

    mutating func add(_ quality: FrameQuality) {
        let difference = quality.difference
        if frames == 0 {
            names = difference.components.map(\.name)
            components = names.map { _ in Column() }
        }
        frames += 1
        for (index, component) in difference.components.enumerated() {
            let error = component.meanSquaredError
            components[index].add(
                error: error,
                decibels: difference.decibels(of: error),
                similarity: component.similarity
            )
        }
        all.add(error: difference.meanSquaredError, decibels: quality.psnr, similarity: difference.similarity)
        let place = worst.firstIndex { $0.psnr > quality.psnr } ?? worst.count
        worst.insert(quality, at: place)
        if worst.count > worstCount { worst.removeLast() }
    }
}
