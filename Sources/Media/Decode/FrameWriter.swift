internal import Containers
internal import EncoderCore
internal import Ingest
internal import Jobs
internal import VideoTypes

/// Writes decoded frames, one after the other.
struct FrameWriter: ~Copyable {
    private var sink: ByteSink
    private let job: DecodeJob
    private let info: MediaInfo
    private let notices: Notices
    /// What messages call a frame that is a picture of its own.
    private let file: (Int) -> String?
    private var scaling: FrameScaling?
    /// What all frames have to be alike in.
    private var first: PictureLayout?
    private var tags: PictureTags?
    private var hasWarned = false
    /// Frames that were written.
    private(set) var frames = 0
    private var firstTimestamp: Int64 = 0

    init(
        _ sink: consuming ByteSink,
        _ job: DecodeJob,
        _ info: MediaInfo,
        _ notices: Notices,
        file: @escaping (Int) -> String?
    ) {
        self.sink = sink
        self.file = file
        (self.job, self.info, self.notices) = (job, info, notices)
        if let size = job.size { scaling = FrameScaling(to: size, format: job.pixelFormat) }
    }

    /// What has been written.
    var summary: DecodeReceipt.Output {
        DecodeReceipt.Output(
            name: job.output.exactName,
            format: job.format.rawValue,
            pixelFormat: first?.format.rawValue,
            width: first?.size.width,
            height: first?.size.height,
            frames: frames,
            bytes: sink.byteCount
        )
    }

    mutating func write(_ decoded: consuming DecodedFrame) throws(JobError) {
        if first == nil { try begin(decoded) }
        if job.format == .y4m { try checkTags(PictureTags(decoded)) }
        if var scaling = scaling.take() {
            let frame = try scaling.scale(decoded)
            self.scaling = consume scaling
            try write(frame)
        } else {
            try write(decoded.takeFrame())
        }
        frames += 1
    }

    /// Throws if a frame's tags are not those in the header.
    private mutating func checkTags(_ own: PictureTags) throws(JobError) {
        let before = tags ?? own
        tags = before
        guard let (_, words) = own.change(since: before, in: PictureTags.ofY4M) else { return }
        let reason =
            "frame \(frames) has \(words): a Y4M header has one value for all frames (use \(Setting.format) raw)"
        throw .input(.unsupported(name: info.name, reason: reason))
    }

    private mutating func write(_ frame: consuming VideoFrame) throws(JobError) {
        let layout = frame.layout
        if first == nil {
            first = layout
            if job.format == .framehash { try write(FrameHashText.header(layout)) }
        }
        guard layout == first || job.format == .framehash else {
            if let first, first.size != layout.size, let name = file(frames) {
                let advice = Self.advice(layout, first)
                throw .input(.otherSize(name: name, layout.size, before: first.size, advice: advice))
            }
            let was = first.map { "\($0.size) \($0.format.rawValue)" } ?? ""
            let name = file(frames)
            let words = "is \(layout.size) \(layout.format.rawValue), but earlier frames are \(was)"
            let reason = "\(name == nil ? "frame \(frames)" : "it") \(words) (\(Self.advice(layout, first)))"
            throw .input(.unsupported(name: name ?? info.name, reason: reason))
        }
        switch job.format {
        case .raw: break
        case .y4m:
            checkTime(frame.timestamp)
            try write(Y4MText.frame)
        case .framehash: return try write(FrameHashText.line(frame, number: frames))
        }
        try asJobError { () throws(SinkError) in
            try frame.withBytes { bytes throws(SinkError) in try sink.write(bytes.extracting(first: layout.byteCount)) }
        }
    }

    /// How frames of two layouts become one.
    private static func advice(_ layout: PictureLayout, _ first: PictureLayout?) -> String {
        let size = "\(Setting.size) to make all frames one size"
        guard let first, layout.format != first.format else { return "use \(size)" }
        let common = first.format.common(with: layout.format)
        let format = "\(Setting.pixelFormat) \(common.rawValue) to convert all frames to one format"
        return layout.size == first.size ? "use \(format)" : "use \(size), and \(format)"
    }

    private mutating func write(_ bytes: [UInt8]) throws(JobError) {
        try asJobError { () throws(SinkError) in try sink.write(bytes) }
    }

    /// What comes before the first frame.
    private mutating func begin(_ decoded: borrowing DecodedFrame) throws(JobError) {
        firstTimestamp = decoded.frame.timestamp
        if decoded.orientation != .upright {
            let turn = "\(decoded.orientation.rotation.rawValue)°\(decoded.orientation.flip ? " and mirrored" : "")"
            notices.add("\(info.name): the picture has a rotation of \(turn), which is not applied")
        }
        if info.hasAlpha && !job.keepsAlpha || decoded.dropsAlpha {
            notices.add("\(info.name): the pictures' transparency is dropped")
        }
        guard job.format == .y4m else { return }
        let format = job.pixelFormat ?? decoded.frame.format
        guard Y4MText.has(format), decoded.colorSpace.matrix != .rgb else {
            let isRGB = decoded.colorSpace.matrix == .rgb
            let advice = isRGB ? "use \(Setting.format) raw" : Y4MText.formatNames
            let reason = "Y4M cannot store \(isRGB ? "RGB" : format.rawValue) (\(advice))"
            throw .input(.unsupported(name: info.name, reason: reason))
        }
        if let words = decoded.colorSpace.unusual {
            notices.add("\(info.name): \(words) are lost: Y4M cannot store them")
        }
        try info.requireRate()
        guard let rate = info.framerate else {
            throw .input(.unsupported(name: info.name, reason: "it has no frame rate, which Y4M needs"))
        }
        try write(header(decoded, format, rate))
    }

    private func header(_ decoded: borrowing DecodedFrame, _ format: PixelFormat, _ rate: FrameRate) -> [UInt8] {
        var text = Y4MText(format: format, size: job.size ?? decoded.frame.size, framerate: rate)
        let aspect = info.containerAspect ?? decoded.pixelAspectRatio
        text.pixelAspectRatio = job.size.map { aspect.scaled(from: decoded.frame.size, to: $0) } ?? aspect
        text.fullRange = decoded.colorSpace.fullRange
        text.chromaLocation = decoded.chromaLocation
        if decoded.isInterlaced { text.fields = decoded.isTopFieldFirst ? .topFirst : .bottomFirst }
        return text.header
    }

    /// Y4M counts frames; other times are lost.
    private mutating func checkTime(_ timestamp: Int64) {
        guard !hasWarned, let rate = info.framerate, let expected = rate.timestamp(ofFrame: frames) else { return }
        let half = Int64(500_000 / rate.approximate) + 1
        guard abs(timestamp - firstTimestamp - expected) > half else { return }
        hasWarned = true
        notices.add(
            "\(info.name): the times of the frames are lost from frame \(frames) on: Y4M has only a constant rate"
        )
    }

    /// Gives the output its name, for as long as `publication` is not withdrawn.
    consuming func publish(suffix: String, in publication: Publication) throws(JobError) {
        do throws(SinkError) { try sink.publish(suffix: suffix, in: publication) } catch { throw .output(error) }
    }

    /// Gives the output its name.
    consuming func publish(suffix: String) throws(JobError) {
        do throws(SinkError) { try sink.publish(suffix: suffix) } catch { throw .output(error) }
    }
}

extension PixelFormat {
    /// A format that pictures of this one and of another can be decoded to: RGB of 8 bits for gray and RGB, with alpha if either has
    /// it; this one, or the one that is not gray, for YUV.
    fileprivate func common(with other: PixelFormat) -> PixelFormat {
        guard !isYUV, !other.isYUV else { return isYUV ? self : other }
        return hasAlpha || other.hasAlpha ? .rgba : .rgb24
    }

    private var isYUV: Bool { chroma != nil }
}
