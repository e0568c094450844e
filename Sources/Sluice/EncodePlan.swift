internal import Bitstream
internal import LibAV
internal import PixelConversion

/// What a job comes to, once it is known what its input is: decided without reading a frame or opening a codec.
struct EncodePlan: Sendable {
    /// How a frame stands in the input.
    let source: PictureLayout
    /// How a picture stands for the encoder.
    let target: PictureLayout
    /// The configuration, its codec string resolved.
    let config: ValidatedEncoderConfig
    let backend: BackendDescriptor
    let conversion: PictureConversion
    let framerate: FrameRate

    init(_ job: EncodeJob, header: Y4MHeader?) throws(JobError) {
        let source = try Self.source(job, header)
        let framerate = try Self.framerate(job, header)
        var values = job.config
        do throws(EncoderConfigError) {
            values.chroma = try Self.chroma(job, source.format)
            let size = try Self.codedSize(job, source: source.size, chroma: values.chroma)
            (values.codedWidth, values.codedHeight) = (size.width, size.height)
            values.framerate = framerate
            values.colorSpace = Self.colorSpace(job, header, source.format)
            values.chromaLocation = job.color.chromaLocation ?? header?.chromaLocation ?? .left
            values.pixelAspectRatio = try Self.pixelAspectRatio(job, header, size)
            values.avcFormat = job.output.format.avcFormat
            let validated = try ValidatedEncoderConfig(values)
            backend = try BackendRegistry.backend(for: validated.codec.codec)
            config = try backend.resolve(validated)
            try Self.checkFrameOptions(job, config)
            target = try Self.target(values, source.format, size)
            conversion = try Self.conversion(job, from: source, to: target, values, header)
        } catch {
            throw .config(error)
        }
        (self.source, self.framerate) = (source, framerate)
    }

    private static func source(_ job: EncodeJob, _ header: Y4MHeader?) throws(JobError) -> PictureLayout {
        let (size, format) = if let header { try described(job, by: header) } else { try described(job) }
        guard size.isValid else { throw .usage("invalid size \(size) (each side must be in 1...\(PictureSize.limit))") }
        guard let layout = PictureLayout(format: format, size: size, stride: job.input.stride) else {
            let row = PictureLayout(format: format, size: size)?.planes[0].rowBytes ?? 0
            throw .usage("--stride \(job.input.stride ?? 0) is shorter than a row of \(row) bytes, or far too long")
        }
        return layout
    }

    private static func described(_ job: EncodeJob) throws(JobError) -> (PictureSize, PixelFormat) {
        guard let size = job.input.size else { throw .usage("raw input needs its size: --size WIDTHxHEIGHT") }
        guard let format = job.input.pixelFormat else {
            throw .usage("raw input needs its pixel format: --pixel-format rgba, for instance")
        }
        return (size, format)
    }

    private static func described(
        _ job: EncodeJob,
        by header: Y4MHeader
    ) throws(JobError) -> (PictureSize, PixelFormat) {
        if let size = job.input.size, size != header.size {
            throw .usage("--size \(size) contradicts the Y4M header, which says \(header.size)")
        }
        if let format = job.input.pixelFormat, format != header.format {
            throw .usage(
                "--pixel-format \(format.rawValue) contradicts the Y4M header, which says \(header.format.rawValue)"
            )
        }
        guard job.input.stride == nil else { throw .usage("--stride is for raw input; Y4M rows have no gaps") }
        return (header.size, header.format)
    }

    private static func framerate(_ job: EncodeJob, _ header: Y4MHeader?) throws(JobError) -> FrameRate {
        guard let rate = job.input.framerate ?? header?.frameRate else {
            throw .usage(
                "\(header == nil ? "raw input" : "this Y4M input") needs its frame rate: --framerate 30, for instance"
            )
        }
        return rate
    }

    /// What was asked for; else what the input has, as far as the codec string asks for it.
    private static func chroma(
        _ job: EncodeJob,
        _ format: PixelFormat
    ) throws(EncoderConfigError) -> ChromaSubsampling {
        if let chroma = job.picture.chroma { return chroma }
        var probe = job.config
        (probe.codedWidth, probe.codedHeight) = (16, 16)
        let request = try ValidatedEncoderConfig(probe).codec
        let room = try BackendRegistry.backend(for: request.codec).richestChroma(request)
        let own = format.chroma ?? (format == .gray8 ? .yuv420 : .yuv444)
        return own.chromaFormatIdc < room.chromaFormatIdc ? own : room
    }

    private static func codedSize(
        _ job: EncodeJob,
        source: PictureSize,
        chroma: ChromaSubsampling
    ) throws(EncoderConfigError) -> PictureSize {
        let size = job.picture.scale ?? source
        let multiple = chroma.sizeMultiple
        let (oddWidth, oddHeight) = (size.width % multiple.width, size.height % multiple.height)
        guard oddWidth + oddHeight > 0 else { return size }
        switch job.picture.oddSize {
        case .refuse:
            throw .unsupported(
                "H.264 in \(chroma.name) cannot say the odd size \(size)"
                    + " (--odd-size pad repeats the last column or row, --odd-size crop leaves it out)"
            )
        case .pad:
            return PictureSize(width: size.width + oddWidth, height: size.height + oddHeight)
        case .crop:
            let cropped = PictureSize(width: size.width - oddWidth, height: size.height - oddHeight)
            guard cropped.isValid else { throw .unsupported("nothing of \(size) is left to encode when it is cropped") }
            return cropped
        }
    }

    private static func colorSpace(_ job: EncodeJob, _ header: Y4MHeader?, _ format: PixelFormat) -> VideoColorSpace {
        // Gray from Y4M is luma, whose owner has converted it already.
        let isConverted = format.chroma == nil && header == nil
        var color = isConverted ? VideoColorSpace.bt709 : .unspecified
        color.primaries = job.color.primaries ?? color.primaries
        color.transfer = job.color.transfer ?? color.transfer
        color.matrix = job.color.matrix ?? color.matrix
        color.fullRange = job.color.fullRange ?? header?.fullRange ?? false
        return color
    }

    private static func pixelAspectRatio(
        _ job: EncodeJob,
        _ header: Y4MHeader?,
        _ coded: PictureSize
    ) throws(EncoderConfigError) -> PixelAspectRatio? {
        guard let display = job.picture.displaySize else { return header?.pixelAspectRatio }
        let isValid = display.isValid && coded.isValid
        let ratio =
            isValid
            ? PixelAspectRatio(width: display.width * coded.height, height: display.height * coded.width) : nil
        // Nothing is shown that stretched; decoders take such a ratio for damage.
        guard let ratio, max(ratio.width / ratio.height, ratio.height / ratio.width) < 256 else {
            throw .unsupported("a display size of \(display) stretches \(coded) by more than 256")
        }
        return ratio
    }

    private static func target(
        _ values: EncoderConfig,
        _ source: PixelFormat,
        _ size: PictureSize
    ) throws(EncoderConfigError) -> PictureLayout {
        let keeps = source == .nv12 && values.chroma == .yuv420
        let format = keeps ? .nv12 : PixelFormat.planar(values.chroma)
        guard let layout = PictureLayout(format: format, size: size) else {
            throw .unsupported("a picture of \(size) overflows")
        }
        return layout
    }

    private static func conversion(
        _ job: EncodeJob,
        from source: PictureLayout,
        to target: PictureLayout,
        _ values: EncoderConfig,
        _ header: Y4MHeader?
    ) throws(EncoderConfigError) -> PictureConversion {
        if source == target { return .none }
        // Luma from Y4M is copied as it is, which is what conversion to full range does with gray.
        var color = values.colorSpace
        if header?.isLuma == true { color.fullRange = true }
        let hasLessChroma = source.format.chroma.map { $0.chromaFormatIdc < values.chroma.chromaFormatIdc } ?? false
        if let scale = job.picture.scale ?? (hasLessChroma ? source.size : nil), scale != source.size || hasLessChroma {
            return .whole(try scaling(source, to: scale, target, color, values.chromaLocation))
        }
        return .strips(
            try StripConverter(source: source, target: target, color: color, chromaLocation: values.chromaLocation)
        )
    }

    /// Another size, or more chroma than the input has, is libswscale's; ours is what follows, if anything does: gray,
    /// whose range libswscale does not convert, and odd sizes.
    private static func scaling(
        _ source: PictureLayout,
        to size: PictureSize,
        _ target: PictureLayout,
        _ color: VideoColorSpace,
        _ location: ChromaLocation
    ) throws(EncoderConfigError) -> ScalingConverter {
        let format = source.format == .gray8 ? .gray8 : target.format
        guard let scaled = PictureLayout(format: format, size: size) else {
            throw .unsupported("a picture of \(size) overflows")
        }
        let isRGB = source.format.chroma == nil && source.format != .gray8
        if isRGB, LumaCoefficients(color.matrix) == nil {
            throw .unsupported("RGB cannot be converted with the matrix \(color.matrix)")
        }
        let scaler = try Scaler(
            source: source,
            sourceIsFullRange: isRGB || color.fullRange,
            target: scaled,
            color: color,
            chromaLocation: location
        )
        guard scaled != target else { return ScalingConverter(scaler) }
        let fit = try StripConverter(source: scaled, target: target, color: color, chromaLocation: location)
        return ScalingConverter(scaler, then: fit)
    }

    private static func checkFrameOptions(
        _ job: EncodeJob,
        _ config: ValidatedEncoderConfig
    ) throws(EncoderConfigError) {
        let withQuantizer = job.frameOptions.filter { $0.value.quantizer != nil }.keys.min()
        guard let frame = withQuantizer else { return }
        guard case .quantizer = config.rateControl else {
            throw .conflict("the quantizer of frame \(frame) needs bitrateMode quantizer, whose rate control is off")
        }
    }
}
