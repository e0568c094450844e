internal import Encoders
internal import Filters
internal import Jobs
internal import Media
internal import VideoTypes

/// The conversion of an input's colors to those of the output, by zscale, through RGB.
struct ColorSteps {
    /// The brightness of white in cd/m² that BT.2408 has.
    private static let usualWhite = 203.0

    /// The filters.
    let text: String
    /// What the pictures are tagged with on their way in.
    let origin: VideoColorSpace
    /// The color of what comes out; unspecified where the input's is not known, or a graph has the say.
    let target: VideoColorSpace
    /// The graph of the job may change colors: what no flag asks for stays as it leaves them.
    let isAfterGraph: Bool
    /// What the user should know of the conversion.
    private(set) var notice: String?

    /// - Parameters:
    ///   - job: The job.
    ///   - source: The color of the input, as far as it is told or tagged.
    ///   - isRangeKnown: Its range is tagged or told, rather than taken to be what such samples have.
    ///   - layout: The pictures of the input.
    ///   - hdr: The input's metadata.
    /// - Returns: `nil` if the output has the input's colors.
    /// - Throws: ``JobError/usage(_:)`` if something is not known, or if light would be clipped.
    init?(
        _ job: EncodeJob,
        from source: VideoColorSpace,
        isRangeKnown: Bool,
        _ layout: PictureLayout,
        _ hdr: HDRMetadata?
    ) throws(JobError) {
        try Self.checkRGB(job, layout.format)
        let isMapped = job.filters.toneMapping != nil
        var wanted = source
        wanted.primaries = job.color.primaries ?? (isMapped ? .bt709 : source.primaries)
        wanted.transfer = job.color.transfer ?? (isMapped || source.transfer == .linear ? .bt709 : source.transfer)
        wanted.matrix = job.color.matrix ?? source.matrix
        wanted.fullRange = job.color.fullRange ?? source.fullRange
        let isAfterGraph = !isMapped && job.filters.graph?.changesColor == true
        guard isMapped || isAfterGraph && job.color.hasLight || Self.differ(job, source, wanted, layout.format) else {
            if job.inputColor.referenceWhite != nil { throw Self.unusedWhite }
            return nil
        }
        let isHDR = [source.transfer, wanted.transfer].map { [.pq, .hlg].contains($0) }
        guard job.inputColor.referenceWhite == nil || isAfterGraph || isHDR[0] != isHDR[1] else {
            throw Self.unusedWhite
        }
        if !isAfterGraph { try Self.checkLight(job, source, wanted) }
        if !isAfterGraph, source.transfer == .pq, wanted.transfer == .hlg { notice = try Self.checkPeak(job, hdr) }
        guard isAfterGraph || layout.format.chroma == nil || source.matrix != .unspecified else {
            throw .usage(
                "the input's matrix is not known, by which its colors are converted: use \(Setting.inputMatrix) (bt709 in most HD, smpte170m in SD)"
            )
        }
        try Self.checkSize(job, layout)
        let (from, to) = try Self.completed(source, wanted, layout, isMapped: isMapped, isRangeKnown: isRangeKnown)
        let planes = [Self.planesBefore(job, layout.format)].compactMap(\.self)
        var changed = to
        if isAfterGraph, job.color.primaries == nil { changed.primaries = .unspecified }
        if isAfterGraph, job.color.transfer == nil { changed.transfer = .unspecified }
        // zscale's quick way of curves takes each color by itself, which HLG's light does not allow, and light of 100 times the
        // white for less.
        let white = job.inputColor.referenceWhite ?? Self.usualWhite
        let isExact = layout.format.isFloat || [from.transfer, to.transfer].contains(.hlg)
        let steps = Self.conversion(
            from,
            changed,
            isExact: isExact,
            white: white,
            peak: isMapped ? Self.peak(hdr) : nil
        )
        text = (planes + steps + ["format=\(Self.planesAfter(job, layout.format))"]).joined(separator: ",")
        origin = from
        target = VideoColorSpace(
            primaries: isAfterGraph ? changed.primaries : wanted.primaries,
            transfer: isAfterGraph ? changed.transfer : wanted.transfer,
            matrix: to.matrix,
            fullRange: to.fullRange
        )
        self.isAfterGraph = isAfterGraph
    }

    /// The steps of zscale, which starts from the tags of the pictures that it gets.
    ///
    /// - Parameters:
    ///   - from: The color of the input.
    ///   - to: That of the output; what is unspecified stays as it is.
    ///   - isExact: Curves are computed rather than looked up.
    ///   - white: Where white is in cd/m².
    ///   - peak: The brightest light of the input in cd/m², if it is mapped to what the output can show.
    private static func conversion(
        _ from: VideoColorSpace,
        _ to: VideoColorSpace,
        isExact: Bool,
        white: Double,
        peak: Double?
    ) -> [String] {
        let common = "m=0:r=1:npl=\(white)" + (isExact ? ":agamma=0" : "")
        let primaries = to.primaries == .unspecified ? "" : "p=\(to.primaries.rawValue):"
        let transfer = to.transfer == .unspecified ? "" : "t=\(to.transfer.rawValue):"
        guard let peak else { return ["zscale=\(primaries)\(transfer)\(common)"] }
        return [
            "zscale=\(primaries)t=8:\(common)", "format=gbrpf32le",
            "tonemap=tonemap=mobius:desat=0:peak=\(peak / white)",
            "zscale=pin=\(to.primaries.rawValue):tin=8:min=0:rin=1:\(primaries)\(transfer)\(common)",
        ]
    }

    /// What ``InputColor/referenceWhite`` is for does not happen.
    static var unusedWhite: JobError {
        .usage(
            "\(Setting.referenceWhite) is where white is in PQ or HLG that is made of other light, or that other light is made of: nothing of the kind is done here (use \(Setting.inputTransfer), \(Setting.colorTransfer))"
        )
    }

    /// Whether a conversion is requested: a tag alone is none.
    private static func differ(
        _ job: EncodeJob,
        _ source: VideoColorSpace,
        _ wanted: VideoColorSpace,
        _ format: PixelFormat
    ) -> Bool {
        let isLight =
            (source.primaries != .unspecified && wanted.primaries != source.primaries)
            || (source.transfer != .unspecified && wanted.transfer != source.transfer)
        guard !format.isRGB else { return isLight }
        let isRange = job.inputColor.inputFullRange != nil && wanted.fullRange != source.fullRange
        let isMatrix = job.inputColor.inputMatrix != nil && wanted.matrix != source.matrix
        return isLight || isRange || isMatrix && format.chroma != nil
    }

    /// zscale takes whole samples of chroma.
    private static func checkSize(_ job: EncodeJob, _ layout: PictureLayout) throws(JobError) {
        guard job.filters.graph == nil, job.filters.fit == nil, let chroma = layout.format.chroma else { return }
        let size = if case .area(let area) = job.filters.crop { area.size } else { layout.size }
        let multiple = chroma.sizeMultiple
        guard size.width % multiple.width != 0 || size.height % multiple.height != 0 else { return }
        let even = PictureSize(
            width: size.width / multiple.width * multiple.width,
            height: size.height / multiple.height * multiple.height
        )
        throw .usage(
            "colors of \(size) with \(chroma.name) chroma are converted in multiples of \(multiple.width)x\(multiple.height): use \(Setting.crop) \(even)+0+0"
        )
    }

    /// RGB has no matrix, and every value of its samples.
    private static func checkRGB(_ job: EncodeJob, _ format: PixelFormat) throws(JobError) {
        guard format.isRGB else { return }
        if let matrix = job.inputColor.inputMatrix, matrix != .rgb {
            throw .usage("\(Setting.inputMatrix) \(matrix) is for YUV, but the input is \(format.rawValue)")
        }
        if job.inputColor.inputFullRange == false {
            throw .usage(
                "\(Setting.inputRange) limited is for YUV and gray, but the input is \(format.rawValue) (use \(Setting.filter) to scale its samples)"
            )
        }
    }

    /// Both colors, with everything that a conversion has to know.
    private static func completed(
        _ source: VideoColorSpace,
        _ wanted: VideoColorSpace,
        _ layout: PictureLayout,
        isMapped: Bool,
        isRangeKnown: Bool
    ) throws(JobError) -> (VideoColorSpace, VideoColorSpace) {
        var (from, to) = (source, wanted)
        guard source.primaries != .unspecified || wanted.primaries == .unspecified else {
            throw .usage(
                "the input's primaries are not known, from which \(wanted.primaries) is made: use \(Setting.inputPrimaries)"
            )
        }
        guard source.transfer != .unspecified || wanted.transfer == .unspecified else {
            throw .usage(
                "the input's transfer is not known, from which \(wanted.transfer) is made: use \(Setting.inputTransfer)"
            )
        }
        // Primaries are converted in linear light; curves alone have no primaries.
        if from.transfer == .unspecified {
            guard from.primaries == to.primaries else {
                throw .usage("primaries are converted in linear light: use \(Setting.inputTransfer)")
            }
            (from.transfer, to.transfer) = (.bt709, .bt709)
        }
        if from.primaries == .unspecified { (from.primaries, to.primaries) = (.bt709, .bt709) }
        from = from.guessingMatrix(for: layout.size)
        if wanted.matrix == .unspecified || wanted.matrix == .rgb || layout.format.isRGB
            || to.primaries != from.primaries
        {
            to.matrix = to.primaries.usualMatrix
        }
        if isMapped { to.matrix = .bt709 }
        if layout.format.isRGB || layout.format.isGray && !isRangeKnown { to.fullRange = false }
        return (from, to)
    }

    /// Throws if high dynamic range would be cut off, or is not there.
    private static func checkLight(_ job: EncodeJob, _ from: VideoColorSpace, _ to: VideoColorSpace) throws(JobError) {
        let isHDR = [.pq, .hlg].contains(from.transfer)
        guard job.filters.toneMapping == nil else {
            guard isHDR else {
                throw .usage(
                    "\(Setting.toneMapping) needs PQ or HLG, but the input has \(from.transfer) (\(Setting.inputTransfer) specifies another)"
                )
            }
            guard ![.pq, .hlg].contains(to.transfer) else {
                throw .usage("\(Setting.toneMapping) and \(Setting.colorTransfer) \(to.transfer) exclude each other")
            }
            return
        }
        // Linear light of 1 is that of the reference white.
        let isWide =
            [.pq, .hlg].contains(to.transfer)
            || to.transfer == .linear && (job.inputColor.referenceWhite ?? usualWhite) >= 10000
        guard !isHDR || isWide else {
            throw .usage(
                "\(Setting.colorTransfer) \(to.transfer) would cut off the light of \(from.transfer): use \(Setting.toneMapping) sdr, or, if only the tag is wrong, \(Setting.inputTransfer) \(to.transfer)"
            )
        }
    }

    /// HLG ends at 1000 cd/m², and PQ at 10,000.
    ///
    /// - Returns: What the user should know where the input's metadata does not tell its light.
    private static func checkPeak(_ job: EncodeJob, _ hdr: HDRMetadata?) throws(JobError) -> String? {
        let light = job.config.contentLightLevel ?? hdr?.contentLightLevel
        let display = job.config.masteringDisplay ?? hdr?.masteringDisplay
        let told =
            light.map { Double($0.maxCLL) }.flatMap { $0 > 0 ? $0 : nil }
            ?? display.map { Double($0.maxLuminance) / 10000 }
        guard let told else {
            return "HLG ends at 1000 cd/m²: brighter light of the PQ input is cut off, of which it has no metadata"
        }
        guard told <= 1000 else {
            throw .usage(
                "\(Setting.colorTransfer) hlg would cut off light above 1000 cd/m², and the peak in the input's metadata is \(Int(told)): use pq, or \(Setting.toneMapping) sdr"
            )
        }
        return nil
    }

    /// What zscale gets is RGB where the input is: a filter may have made YUV of it on the way. Colors that are multiplied by
    /// their alpha are divided by it first, if it is used, because a transfer is not linear.
    private static func planesBefore(_ job: EncodeJob, _ source: PixelFormat) -> String? {
        if source.isGray { return "format=\(source.bitDepth > 8 ? "gbrp16le" : "gbrp")" }
        guard source.isRGB else { return nil }
        // zscale takes alpha of another depth for one of limited range.
        let deep = "format=gbrap16le|gbrapf32le"
        if usesAlpha(job, source) { return job.picture.isPremultiplied ? "\(deep),unpremultiply=inplace=1" : deep }
        let isFiltered = job.filters.graph != nil || job.filters.deinterlaces || job.filters.denoises
        return isFiltered ? "format=gbrp|gbrap|gbrp16le|gbrap16le|gbrpf32le|gbrapf32le" : nil
    }

    /// Red, green and blue, deep enough for what becomes of them.
    private static func planesAfter(_ job: EncodeJob, _ source: PixelFormat) -> String {
        guard usesAlpha(job, source) else { return "gbrp16le" }
        return "rgba64le"
    }

    private static func usesAlpha(_ job: EncodeJob, _ source: PixelFormat) -> Bool {
        source.hasAlpha && (job.config.alpha == .keep || job.picture.background != nil)
    }

    /// The brightest light of the input in cd/m²: what its metadata tells, else that of most masters.
    private static func peak(_ hdr: HDRMetadata?) -> Double {
        let light = hdr?.contentLightLevel.map { Double($0.maxCLL) } ?? 0
        let display = hdr?.masteringDisplay.map { Double($0.maxLuminance) / 10000 } ?? 0
        let known = light > 0 ? light : display
        return known > 0 ? min(10000, max(204, known)) : 1000
    }
}

extension ColorPrimaries {
    /// The matrix that YUV of these primaries usually has.
    var usualMatrix: MatrixCoefficients {
        switch self {
        case .bt2020: .bt2020NCL
        case .smpte170m, .bt470bg: .smpte170m
        default: .bt709
        }
    }
}

extension ColorOptions {
    /// The output's primaries or transfer are asked for.
    fileprivate var hasLight: Bool { primaries != nil || transfer != nil }
}
