package import Bitstream
internal import Containers
package import Encoders
package import Ingest
package import Jobs
internal import LibAV
package import Media
internal import PixelConversion
package import VideoTypes

/// The resolved settings of a job whose input is known, decided without reading a frame or opening a codec.
package struct EncodePlan: Sendable {
    /// How a frame is laid out in the input.
    package let source: PictureLayout
    /// How a picture is laid out for the encoder.
    package internal(set) var target: PictureLayout
    /// The encoder, and the configuration as it carries it out.
    package let choice: BackendChoice
    package internal(set) var conversion: PictureConversion
    /// The rate of the output; `nil` where frames come at any time.
    package let framerate: FrameRate?
    /// The rate of the input's frames; `nil` where they come at any time.
    let sourceRate: FrameRate?
    /// When frames without times of their own are shown, before any are dropped or repeated; `nil` for those of a stream.
    let schedule: FrameSchedule?
    /// Frames are dropped and repeated to keep ``framerate``.
    let framerateIsConverted: Bool

    /// The output counts microseconds, because frames are not at the times of the rate. By default it counts frames if there is
    /// a rate.
    var countsMicroseconds = false

    /// What the user should know of how things were chosen.
    package var notices: [String]

    package init(_ job: EncodeJob, header: Y4MHeader?) throws(JobError) {
        try self.init(job, described: header.map(InputHeader.init(_:)))
    }

    /// Resolves a job.
    ///
    /// - Parameters:
    ///   - job: The job.
    ///   - header: The header of the input; `nil` without one.
    ///   - earlier: The plan that the same run made before: hardware that was tried for it is not opened again. The default
    ///     is `nil`.
    package init(_ job: EncodeJob, described header: InputHeader?, after earlier: Self? = nil) throws(JobError) {
        let source = try job.input.layout(header)
        let sourceRate = try Self.framerate(job, header)
        let schedule = Self.schedule(job, header, sourceRate)
        let framerate = job.output.constantFramerate ?? sourceRate
        do throws(EncoderConfigError) {
            let values = try Self.values(job, header, source, framerate, schedule)
            choice = try BackendChoice(for: ValidatedEncoderConfig(values), after: earlier?.choice)
            let config = choice.config
            try LosslessRules.check(job, source.format, values, isLuma: header?.isLuma == true)
            try DepthRules.check(job, source.format, values)
            try OutputRules.check(job, config, framerate)
            try TimeRules.check(job, config, schedule)
            try TimeRules.check(framerate, job.output)
            try Self.checkFrameOptions(job, choice)
            target = try Self.target(choice, source.format)
            conversion = try Self.conversion(job, from: source, to: target, values, header)
            notices = [
                choice.notice, choice.backend.notice(config), Self.interlace(header),
                Self.lostMetadata(header, config, job.output),
                OutputRules.lostTimes(job, framerate), DepthRules.notice(job, source.format, values),
                LosslessRules.notice(job, source.format),
                Self.lostChroma(config.codec, source.format),
                OutputRules.lostColor(job, config.codec.codec, header?.colorSpace),
            ].compactMap { $0 }
        } catch {
            throw .config(error)
        }
        (self.source, self.framerate) = (source, framerate)
        (self.sourceRate, self.schedule) = (sourceRate, schedule)
        framerateIsConverted = job.output.constantFramerate != nil
    }

    /// The job's configuration with the values of the input.
    private static func values(
        _ job: EncodeJob,
        _ header: InputHeader?,
        _ source: PictureLayout,
        _ framerate: FrameRate?,
        _ schedule: FrameSchedule?
    ) throws(EncoderConfigError) -> EncoderConfig {
        var values = job.config
        let request = try CodecRequest(values.codec)
        try job.output.format.check(request.codec)
        try checkAlpha(job, source.format)
        (values.chroma, values.bitDepth) = pictureFormat(job, request, source.format)
        let size = try codedSize(job, request.codec, source: source.size, chroma: values.chroma)
        (values.codedWidth, values.codedHeight) = (size.width, size.height)
        values.framerate = framerate
        if framerate == nil {
            let listed = schedule.flatMap(rates)
            values.averageFramerate = listed?.average ?? header?.averageFramerate
            values.highestFramerate = listed?.highest ?? header?.highestFramerate
        }
        values.colorSpace = try colorSpace(job, header, source.format, request)
        values.chromaLocation = job.color.chromaLocation ?? header?.chromaLocation ?? .left
        values.pixelAspectRatio = try pixelAspectRatio(job, header, size)
        values.orientation = orientation(job, header)
        if let header { takeMetadata(header, into: &values, request.codec, job.output.format) }
        values.avcFormat = job.output.format.avcFormat
        values.hevcFormat = job.output.format.hevcFormat
        return values
    }

    /// The value of the job, else of the configuration, else of the input.
    private static func orientation(_ job: EncodeJob, _ header: InputHeader?) -> Orientation {
        let configured = job.config.orientation
        let given = configured == .upright ? header?.orientation ?? configured : configured
        return Orientation(rotation: job.picture.rotation ?? given.rotation, flip: job.picture.flip ?? given.flip)
    }

    /// Values that no option sets, from the input.
    private static func takeMetadata(
        _ header: InputHeader,
        into values: inout EncoderConfig,
        _ codec: VideoCodec,
        _ format: OutputFormat
    ) {
        // Without it a picture is as bright, only less well adapted to a screen. A value from an option is refused instead.
        guard OutputRules.canSayHDR(codec, format) else { return }
        values.masteringDisplay = values.masteringDisplay ?? header.hdr?.masteringDisplay
        values.contentLightLevel = values.contentLightLevel ?? header.hdr?.contentLightLevel
    }

    private static func interlace(_ header: InputHeader?) -> String? {
        guard let header, header.isInterlaced else { return nil }
        return
            "\(header.name) is interlaced: its fields are encoded as one picture (use \(Setting.deinterlaces) to make them one)"
    }

    private static func lostChroma(_ codec: CodecRequest, _ source: PixelFormat) -> String? {
        guard codec.isMonochrome, !source.isGray else { return nil }
        return "the chroma of \(source.rawValue) frames is dropped: the codec string is monochrome"
    }

    private static func lostMetadata(
        _ header: InputHeader?,
        _ config: ValidatedEncoderConfig,
        _ output: OutputDescription
    ) -> String? {
        guard let header, header.hdr != nil, !OutputRules.canSayHDR(config.codec.codec, output.format) else {
            return nil
        }
        let place = "\(config.codec.codec.name) in \(output.format.name)"
        return "\(header.name) has HDR metadata, which is dropped: \(place) cannot store it"
    }

    /// The encoder's input format: that of the picture, if the encoder supports it.
    private static func target(
        _ choice: BackendChoice,
        _ source: PixelFormat
    ) throws(EncoderConfigError) -> PictureLayout {
        let formats = choice.backend.inputFormats(choice.config)
        let format = formats.contains(source) ? source : formats.first ?? choice.config.values.pictureFormat
        guard let layout = PictureLayout(format: format, size: choice.config.size) else {
            throw .unsupported("a picture of \(choice.config.size) overflows")
        }
        return layout
    }

    private static func conversion(
        _ job: EncodeJob,
        from source: PictureLayout,
        to target: PictureLayout,
        _ values: EncoderConfig,
        _ header: InputHeader?
    ) throws(EncoderConfigError) -> PictureConversion {
        // Luma from Y4M is copied as it is, which is what conversion to full range does with gray.
        var color = values.colorSpace
        if header?.isLuma == true { color.fullRange = true }
        let steps = ConversionSteps(
            color: color,
            chromaLocation: values.chromaLocation,
            alpha: AlphaTreatment(job.picture, values.alpha, isStraight: header?.isStraight == true)
        )
        return try steps.conversion(from: source, scaledTo: job.picture.scale, to: target)
    }

    /// The conversion to ``target`` for frames that differ from the first.
    ///
    /// - Returns: `nil` unless frames are scaled to a requested size, and so may have any size.
    package func conversion(
        _ job: EncodeJob,
        fromFramesOf layout: PictureLayout,
        _ header: InputHeader?
    ) throws(JobError) -> PictureConversion? {
        let isOfSize = header?.isPictures == true && layout.size == source.size
        guard job.picture.scale != nil || isOfSize else { return nil }
        do throws(EncoderConfigError) {
            try LosslessRules.check(job, layout.format, config.values, isLuma: header?.isLuma == true)
            return try Self.conversion(job, from: layout, to: target, config.values, header)
        } catch {
            throw .config(error)
        }
    }

    /// The picture as a decoder gives it, where an encoder may take it with its chroma in pairs, and the way there.
    static func verifiedPicture(
        _ job: EncodeJob,
        _ header: InputHeader?,
        _ plan: EncodePlan
    ) throws(EncoderConfigError) -> (PictureLayout, PictureConversion) {
        guard case .semiPlanar = plan.target.format.components else { return (plan.target, plan.conversion) }
        let values = plan.config.values
        guard let planes = PictureLayout(format: values.pictureFormat, size: plan.target.size) else {
            throw .unsupported("a picture of \(plan.target.size) overflows")
        }
        return (planes, try conversion(job, from: plan.source, to: planes, values, header))
    }

    /// All requests of the options are possible, or the encode does not begin.
    private static func checkFrameOptions(_ job: EncodeJob, _ choice: BackendChoice) throws(EncoderConfigError) {
        for (frame, options) in job.frameOptions.sorted(by: { $0.key < $1.key }) {
            if try options.quantizerLevel(for: choice.config.codec.codec) != nil {
                try checkQuantizer(ofFrame: frame, choice)
            }
            guard !options.keyFrame || choice.backend.frames.keyFrames else {
                throw .unsupported(
                    "\(choice.backend.name) does not make key frames on demand, which frame \(frame) requests"
                )
            }
        }
    }

    private static func checkQuantizer(ofFrame frame: Int, _ choice: BackendChoice) throws(EncoderConfigError) {
        guard case .quantizer = choice.config.rateControl else {
            throw .conflict("the quantizer of frame \(frame) needs \(Setting.bitrateMode) quantizer")
        }
        guard !choice.config.values.lossless else {
            throw .conflict("lossless excludes the quantizer of frame \(frame)")
        }
        guard choice.backend.frames.quantizers else {
            throw .unsupported(
                "\(choice.backend.name) uses one quantizer for all frames, but frame \(frame) has its own"
            )
        }
    }
}

extension EncodePlan {
    /// The configuration, its codec string resolved.
    package var config: ValidatedEncoderConfig { choice.config }
    package var backend: BackendDescriptor { choice.backend }

    /// What a container stores about the stream.
    func container(of job: EncodeJob) -> ContainerDescription {
        var description = ContainerDescription(config)
        (description.fragment, description.indexAtEnd) = (job.output.fragment, job.output.indexAtEnd)
        description.countsMicroseconds = countsMicroseconds
        if let ticks = job.input.frameTimes?.ticksPerSecond { description.ticksPerSecond = ticks }
        return description
    }
}
