internal import Encoders
internal import Jobs
internal import Media
internal import VideoTypes

// The values of the coded picture: what the job states, else the codec string, else the input.
extension EncodePlan {
    /// The requested value; else that of the input, as far as the codec string allows it.
    static func pictureFormat(
        _ job: EncodeJob,
        _ request: CodecRequest,
        _ format: PixelFormat
    ) -> (ChromaSubsampling, Int) {
        let own = format.chroma ?? (format.isGray ? .yuv420 : .yuv444)
        var fitting = request.pictureFormat(ofFrames: own, bitDepth: format.bitDepth)
        if case .lowest(let codec) = request, codec != .vp8 {
            // Keeps everything that the codec supports.
            if job.config.lossless { fitting = (own, min(format.bitDepth, 12)) }
            if job.color.matrix == .rgb, !format.isGray { fitting.chroma = own }
            if job.config.alpha == .keep { fitting.bitDepth = 8 }
        }
        return (job.picture.chroma ?? fitting.chroma, job.picture.bitDepth ?? fitting.bitDepth)
    }

    /// Throws if the settings of alpha contradict each other or the format of the frames.
    static func checkAlpha(_ job: EncodeJob, _ format: PixelFormat) throws(EncoderConfigError) {
        let picture = job.picture
        let saysAlpha = job.config.alpha == .keep || picture.background != nil || picture.isPremultiplied
        guard saysAlpha else { return }
        guard format.hasAlpha else {
            throw .conflict(
                "alpha, background and premultiplied need transparency, which \(format.rawValue) does not have"
            )
        }
        guard job.config.alpha == .discard || picture.background == nil else {
            throw .conflict("alpha keep and a background exclude each other")
        }
        guard !picture.isPremultiplied || job.config.alpha == .keep || picture.background != nil else {
            throw .conflict(
                "premultiplied has no effect if alpha is discarded (use \(Setting.background), or \(Setting.alpha) keep)"
            )
        }
    }

    /// The size of the coded picture: scaled, and made even where the codec needs it.
    static func codedSize(
        _ job: EncodeJob,
        _ codec: VideoCodec,
        source: PictureSize,
        chroma: ChromaSubsampling
    ) throws(EncoderConfigError) -> PictureSize {
        let size = job.picture.scale ?? source
        guard !codec.hasOddSizes else { return size }
        let multiple = chroma.sizeMultiple
        let (oddWidth, oddHeight) = (size.width % multiple.width, size.height % multiple.height)
        guard oddWidth + oddHeight > 0 else { return size }
        switch job.picture.oddSize {
        case .refuse:
            throw .unsupported(
                "\(codec.name) in \(chroma.name) does not support the odd size \(size)"
                    + " (\(Setting.oddSize) pad repeats the last column or row, \(Setting.oddSize) crop drops it)"
            )
        case .pad:
            return PictureSize(width: size.width + oddWidth, height: size.height + oddHeight)
        case .crop:
            let cropped = PictureSize(width: size.width - oddWidth, height: size.height - oddHeight)
            guard cropped.isValid else { throw .unsupported("cropping \(size) leaves nothing to encode") }
            return cropped
        }
    }

    /// The specified value; else that of the codec string; else the value for RGB, or `nil`.
    static func colorSpace(
        _ job: EncodeJob,
        _ header: InputHeader?,
        _ format: PixelFormat,
        _ request: CodecRequest
    ) throws(EncoderConfigError) -> VideoColorSpace {
        // Only the tag would change, and so the colors would be wrong.
        if let matrix = job.color.matrix, header?.colorSpace?.matrix == .rgb, format.chroma != nil, matrix != .rgb {
            throw .unsupported(
                "the input is planar RGB, which is not converted to \(matrix) (use \(Setting.chroma) 444 to keep it)"
            )
        }
        // Gray from Y4M is luma, whose owner has converted it already.
        let isConverted = format.isRGB || format.isGray && (header == nil || header?.isConverted == true)
        var color = isConverted ? request.usualColorSpace : request.colorSpace ?? .unspecified
        if let said = header?.colorSpace { color = isConverted ? color.taking(primariesAndTransferOf: said) : said }
        // Of all matrices, only the identity preserves every value.
        if job.config.lossless, isConverted, !format.isGray, request.colorSpace == nil { color.matrix = .rgb }
        color.primaries = job.color.primaries ?? color.primaries
        color.transfer = job.color.transfer ?? color.transfer
        // The usual matrix is that of BT.709, which RGB of wide primaries does not become.
        let isUsual = request.colorSpace == nil && request.codec != .vp8 && color.matrix != .rgb
        if isConverted, isUsual, color.primaries == .bt2020 {
            color.matrix = color.primaries.usualMatrix
        }
        color.matrix = job.color.matrix ?? color.matrix
        let isRGB = isConverted && !format.isGray && color.matrix == .rgb
        // Colors that are not converted are those of screens and files; players of AV1 take no others for RGB (AV1 5.5.2).
        if isRGB, request.colorSpace == nil { color.transfer = job.color.transfer ?? .srgb }
        color.fullRange = job.color.fullRange ?? header?.fullRange ?? (isRGB || color.fullRange)
        return color
    }

    /// The requested display size; else the sample aspect ratio of the input, scaled as the picture is.
    static func pixelAspectRatio(
        _ job: EncodeJob,
        _ header: InputHeader?,
        _ coded: PictureSize
    ) throws(EncoderConfigError) -> PixelAspectRatio? {
        guard let display = job.picture.displaySize else {
            guard let scale = job.picture.scale, let header else { return header?.pixelAspectRatio }
            return header.pixelAspectRatio?.scaled(from: header.size, to: scale)
        }
        let isValid = display.isValid && coded.isValid
        let ratio =
            isValid
            ? PixelAspectRatio(width: display.width * coded.height, height: display.height * coded.width) : nil
        // No display needs such a ratio; decoders take it for damage.
        guard let ratio, ratio.isShown else {
            throw .unsupported("a display size of \(display) stretches \(coded) by more than 256")
        }
        return ratio
    }
}

extension VideoColorSpace {
    /// This color, with another's primaries and transfer where it specifies them.
    fileprivate func taking(primariesAndTransferOf other: VideoColorSpace) -> VideoColorSpace {
        var color = self
        if other.primaries != .unspecified { color.primaries = other.primaries }
        if other.transfer != .unspecified { color.transfer = other.transfer }
        return color
    }
}
