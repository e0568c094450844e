internal import Encoders
internal import Filters
internal import Jobs
internal import Media
internal import VideoTypes

/// The conversion of an input's colors to those of the output, by zscale, through RGB.
struct ColorSteps {
    /// The filters.
    let text: String
    /// The color of what comes out.
    let target: VideoColorSpace

    /// - Parameters:
    ///   - job: The job.
    ///   - source: The color of the input, as far as it is told or tagged.
    ///   - layout: The pictures of the input.
    ///   - chromaLocation: Where their chroma is.
    ///   - hdr: The input's metadata.
    /// - Returns: `nil` if the output has the input's colors.
    /// - Throws: ``JobError/usage(_:)`` if something is not known, or if light would be clipped.
    init?(
        _ job: EncodeJob,
        from source: VideoColorSpace,
        _ layout: PictureLayout,
        _ chromaLocation: ChromaLocation?,
        _ hdr: HDRMetadata?
    ) throws(JobError) {
        let isMapped = job.filters.toneMapping != nil
        var wanted = source
        wanted.primaries = job.color.primaries ?? (isMapped ? .bt709 : source.primaries)
        wanted.transfer = job.color.transfer ?? (isMapped || source.transfer == .linear ? .bt709 : source.transfer)
        wanted.matrix = job.color.matrix ?? source.matrix
        wanted.fullRange = job.color.fullRange ?? source.fullRange
        guard isMapped || Self.differ(job, source, wanted, layout.format) else { return nil }
        try Self.checkLight(job, source, wanted)
        let (from, to) = try Self.completed(source, wanted, layout, isMapped: isMapped)
        let white = job.inputColor.referenceWhite
        let start = Self.start(from, layout.format, chromaLocation)
        let end = "p=\(to.primaries.rawValue):t=\(to.transfer.rawValue):m=0:r=1:npl=\(white)"
        let planes = Self.planes(job, layout.format, to)
        let plain = layout.format.isGray ? ["format=\(layout.format.bitDepth > 8 ? "gbrp16le" : "gbrp")"] : []
        let steps: [String]
        if isMapped {
            let peak = Self.peak(hdr) / white
            steps = [
                "zscale=\(start):p=\(to.primaries.rawValue):t=8:m=0:r=1:npl=\(white)", "format=gbrpf32le",
                "tonemap=tonemap=mobius:desat=0:peak=\(peak)",
                "zscale=pin=\(to.primaries.rawValue):tin=8:min=0:rin=1:\(end)",
            ]
        } else {
            steps = ["zscale=\(start):\(end)"]
        }
        text = (plain + steps + ["format=\(planes)"]).joined(separator: ",")
        target = VideoColorSpace(
            primaries: wanted.primaries,
            transfer: wanted.transfer,
            matrix: to.matrix,
            fullRange: to.fullRange
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
        guard format.chroma != nil else { return isLight }
        return isLight || (job.inputColor.inputMatrix != nil && wanted.matrix != source.matrix)
            || (job.inputColor.inputFullRange != nil && wanted.fullRange != source.fullRange)
    }

    /// Both colors, with everything that a conversion has to know.
    private static func completed(
        _ source: VideoColorSpace,
        _ wanted: VideoColorSpace,
        _ layout: PictureLayout,
        isMapped: Bool
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
            || to.primaries != source.primaries
        {
            to.matrix = to.primaries.usualMatrix
        }
        if isMapped { to.matrix = .bt709 }
        if layout.format.isRGB { to.fullRange = false }
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
        guard !isHDR || [.pq, .hlg, .linear].contains(to.transfer) else {
            throw .usage(
                "\(Setting.colorTransfer) \(to.transfer) would cut off the light of \(from.transfer): use \(Setting.toneMapping) sdr, or, if only the tag is wrong, \(Setting.inputTransfer) \(to.transfer)"
            )
        }
    }

    /// What zscale is told of the input.
    private static func start(_ from: VideoColorSpace, _ format: PixelFormat, _ location: ChromaLocation?) -> String {
        let light = "pin=\(from.primaries.rawValue):tin=\(from.transfer.rawValue)"
        guard format.chroma != nil, from.matrix != .rgb else { return "\(light):min=0:rin=1" }
        let siting = location.map { ":cin=\($0.rawValue)" } ?? ""
        return "\(light):min=\(from.matrix.rawValue):rin=\(from.fullRange ? 1 : 0)\(siting)"
    }

    /// Planes of red, green and blue, deep enough for what becomes of them.
    private static func planes(_ job: EncodeJob, _ source: PixelFormat, _ to: VideoColorSpace) -> String {
        source.hasAlpha && (job.config.alpha == .keep || job.picture.background != nil) ? "gbrap" : "gbrp16le"
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
    fileprivate var usualMatrix: MatrixCoefficients {
        switch self {
        case .bt2020: .bt2020NCL
        case .smpte170m, .bt470bg: .smpte170m
        default: .bt709
        }
    }
}
