internal import EncoderCore
internal import Encoders
internal import Filtering
internal import Filters
internal import Jobs
internal import LibAV
internal import Media
internal import VideoTypes

/// A job's filters, once its pictures are known, and the job for what comes out of them.
struct FilteredJob {
    /// What is done with the pictures.
    let plan: FilterPlan
    /// The color of what comes out, where colors are converted.
    private let colors: ColorSteps?
    /// What the user should know of the conversion of colors.
    var notice: String? { colors?.notice }

    /// - Parameters:
    ///   - job: The job.
    ///   - crop: What its crop has found, if that is automatic.
    ///   - source: What is known of the pictures.
    ///   - layout: The pictures.
    ///   - hdr: Their metadata.
    init(
        _ job: EncodeJob,
        crop: PictureArea?,
        _ source: FilterSource,
        _ layout: PictureLayout,
        _ hdr: HDRMetadata?
    ) throws(JobError) {
        var filters = job.filters
        if let crop { filters.crop = .area(crop) }
        let feed = try asJobError { () throws(EncoderConfigError) in
            try FilterFeed(layout, source.color, source.chromaLocation ?? .left)
        }
        let colors = try ColorSteps(job, from: source.color, isRangeKnown: source.hasRange, feed.target, hdr)
        var tagged = source
        if let colors { tagged.color = colors.origin }
        plan = try FilterPlan(filters, tagged, feed, isFullRange: source.color.fullRange, colors: colors?.text)
        self.colors = colors
    }

    /// The job for what comes out of the graph.
    func job(after job: EncodeJob) -> EncodeJob {
        var next = job
        next.input.takeHeader()
        (next.filters, next.inputColor) = (PictureFilters(), InputColor())
        next.filtering = Receipt.Filtering(plan.text, converting: colors.map { ($0.origin, $0.target) })
        guard let colors else { return next }
        let color = colors.target
        next.picture.isPremultiplied = false
        // What is not known of YUV stays unknown; RGB has the usual color then, and what a graph makes has that of its tags.
        let isUsual = colors.isAfterGraph || plan.feed.target.format.isRGB && !plan.feed.isIdentity
        next.color.primaries = isUsual && color.primaries == .unspecified ? nil : color.primaries
        next.color.transfer = isUsual && color.transfer == .unspecified ? nil : color.transfer
        next.color.matrix = job.color.matrix ?? color.matrix
        next.color.fullRange = job.color.fullRange ?? color.fullRange
        // Colors are converted in 16 bits, but coded with as many as the input has, or as HDR needs.
        guard case .lowest(let codec) = next.config.codec, next.picture.bitDepth == nil else { return next }
        let isHDR = [.pq, .hlg].contains(color.transfer)
        if plan.feed.source.format.bitDepth <= 8, !isHDR { next.picture.bitDepth = 8 }
        if plan.feed.source.format.bitDepth <= 10, isHDR, codec.hasDeepDefault { next.picture.bitDepth = 10 }
        return next
    }
}

extension InputDescription {
    /// What the job told of raw frames is not true of what filters make of them.
    fileprivate mutating func takeHeader() {
        (size, pixelFormat, stride, planeRows) = (nil, nil, nil, nil)
        (sampleShift, isBottomUp, frameTimes) = (0, false, nil)
    }
}

extension EncodeJob {
    /// Whether pictures of a color go through filters on their way to the encoder.
    ///
    /// - Parameter color: The color that the input is tagged with; `nil` without tags.
    func hasFilters(_ color: VideoColorSpace?) -> Bool {
        guard filters.isEmpty, inputColor.isEmpty else { return true }
        guard let tagged = color else { return false }
        let primaries = self.color.primaries.map { tagged.primaries != .unspecified && $0 != tagged.primaries } ?? false
        let transfer = self.color.transfer.map { tagged.transfer != .unspecified && $0 != tagged.transfer } ?? false
        return primaries || transfer
    }

    /// Throws if what is asked for besides filters does not go with them.
    func checkFilters() throws(JobError) {
        if filters.toneMapping != nil, config.masteringDisplay != nil || config.contentLightLevel != nil {
            let setting = config.contentLightLevel == nil ? Setting.masteringDisplay : .contentLightLevel
            throw .usage("\(setting) describes HDR, which \(Setting.toneMapping) makes SDR of: leave one of them out")
        }
        guard hasFilters(nil) else { return }
        if let parallel, parallel.workers != .count(1), let name = filters.acrossPictures {
            throw .usage(
                "\(Setting.parallel) needs filters that make each frame of one frame by itself, unlike \(name)"
            )
        }
        if verification?.leastPSNR != nil {
            throw .usage(
                "\(Setting.minPSNR) compares with the source, which filters change (use \(Setting.verification))"
            )
        }
    }
}

extension VideoCodec {
    /// Codes more than 8 bits by default where the input has them.
    fileprivate var hasDeepDefault: Bool { self != .h264 && self != .vp8 }
}
