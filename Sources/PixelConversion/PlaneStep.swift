internal import VideoTypes

/// The conversion of one YUV plane of a source.
struct PlaneStep: Hashable, Sendable {
    /// The places of its target planes, in the order Y, Cb, Cr, alpha: two for interleaved chroma that is separated, none if it is dropped.
    var targets: [Int]
    /// Which of each pair of samples it becomes where the target's are in pairs, for each of ``targets``.
    var targetComponents = [0, 0]
    var halvesColumns = false
    var halvesRows = false
    /// How samples become others; `nil` where bytes stay bytes and are as they was.
    var resampling: Resampling?

    /// The layout of samples, and the conversion of their values.
    struct Resampling: Hashable, Sendable {
        var source: Samples
        var target: Samples
        var scale: SampleScale
    }

    /// How the samples of a plane are laid out.
    struct Samples: Hashable, Sendable {
        /// Bytes of a sample.
        var bytes: Int
        /// 2 if only every second sample is meant, else 1.
        var step = 1
        /// How far to shift the bits of a sample down.
        var shift = 0
        /// The largest value.
        var most: Int

        init(of format: PixelFormat, paired: Bool = false) {
            precondition(format.bytesPerSample <= 2, "samples are whole numbers of their own")
            bytes = format.bytesPerSample
            step = paired ? 2 : 1
            shift = format.lowZeroBits
            most = (1 << format.bitDepth) - 1
        }
    }
}

extension PlaneStep {
    /// What the kernel's sum is divided by, which is four times the mean of columns and twice that of rows.
    private var gathered: Int { (halvesColumns ? 4 : 1) * (halvesRows ? 2 : 1) }

    /// The steps from one YUV format to another with no more chroma.
    static func all(from source: PixelFormat, to target: PixelFormat, fullRange: Bool) -> [PlaneStep] {
        let steps = colors(from: source, to: target)
        let keepsBytes = source == target || (source.bitDepth == 8 && target.bitDepth == 8 && !pairs(source, target))
        let colors = keepsBytes ? steps : steps.map { $0.resampling(from: source, to: target, fullRange: fullRange) }
        guard source.hasAlpha else { return colors }
        return colors + [PlaneStep(targets: target.hasAlpha ? [3] : [])]
    }

    /// Luma becomes gray; other planes are dropped.
    static func luma(of source: PixelFormat, to target: PixelFormat, fullRange: Bool) -> [PlaneStep] {
        var luma = PlaneStep(targets: [0])
        if source.bitDepth != target.bitDepth || source.lowZeroBits != target.lowZeroBits || !fullRange {
            luma.resampling = Resampling(
                source: Samples(of: source),
                target: Samples(of: target),
                scale: .luma(from: source.bitDepth, fullRange: fullRange, to: target.bitDepth)
            )
        }
        let planes = source.isGray ? 1 : (source.isSemiPlanar ? 2 : 3) + (source.hasAlpha ? 1 : 0)
        return [luma] + Array(repeating: PlaneStep(targets: []), count: planes - 1)
    }

    private static func pairs(_ source: PixelFormat, _ target: PixelFormat) -> Bool {
        source.isSemiPlanar || target.isSemiPlanar
    }

    private static func colors(from source: PixelFormat, to target: PixelFormat) -> [PlaneStep] {
        if source == target, source.isSemiPlanar { return [PlaneStep(targets: [0]), PlaneStep(targets: [1])] }
        // The source's kinds of chroma, in the order in which they are in memory: 0 is the blue-difference one.
        let kinds = source.swapsChroma ? [1, 0] : [0, 1]
        let targets = kinds.map { target.isSemiPlanar ? 1 : 1 + $0 }
        let components = kinds.map { !target.isSemiPlanar ? 0 : target.swapsChroma ? 1 - $0 : $0 }
        let chroma =
            source.isSemiPlanar
            ? [PlaneStep(targets: targets, targetComponents: components)]
            : [0, 1].map { PlaneStep(targets: [targets[$0]], targetComponents: [components[$0]]) }
        return [PlaneStep(targets: [0])] + chroma.map { $0.halving(from: source, to: target) }
    }

    private func halving(from source: PixelFormat, to target: PixelFormat) -> PlaneStep {
        var step = self
        step.halvesColumns = source.chroma == .yuv444 && target.chroma != .yuv444
        step.halvesRows = source.chroma != .yuv420 && target.chroma == .yuv420
        return step
    }

    private func resampling(from source: PixelFormat, to target: PixelFormat, fullRange: Bool) -> PlaneStep {
        var step = self
        step.resampling = Resampling(
            source: Samples(of: source, paired: targets.count == 2),
            target: Samples(of: target, paired: target.isSemiPlanar && targets != [0]),
            scale: .depth(
                from: source.bitDepth,
                to: target.bitDepth,
                fullRange: fullRange,
                isChroma: targets != [0],
                count: gathered
            )
        )
        return step
    }
}
