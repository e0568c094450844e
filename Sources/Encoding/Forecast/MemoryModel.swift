internal import Encoders
internal import Media
internal import VideoTypes

/// How much memory an encode takes: what the libraries take once, and pictures that they keep.
///
/// The numbers were measured (80 frames of 320x180, 1280x720 and 1920x1080 each, 1, 2 and 16 threads, presets from the fastest
/// to the second slowest, 8 and 10 bits; x264 164, x265 3.5, libvpx 1.12, libaom 3.6, SVT-AV1 1.4, rav1e 0.5), and are about a
/// fifth above what was seen.
struct MemoryModel {
    /// What an encoder keeps.
    private struct Needs {
        /// Bytes without any picture.
        var base = 80 << 20
        /// Pictures that are kept, by the default preset.
        var pictures: Double
        /// Pictures that are kept if every input frame immediately gives one output frame.
        var realtimePictures: Double
        /// Pictures that each thread adds.
        var perThread: Double
    }

    /// Bytes.
    let bytes: Int
    /// Bytes that each thread but the first adds, if the job does not specify their number.
    let bytesPerThread: Int
    /// Threads that have something to do.
    let usefulThreads: Int

    private static let encoders: [String: Needs] = [
        "libx264": Needs(pictures: 160, realtimePictures: 40, perThread: 9),
        "libx265": Needs(base: 105 << 20, pictures: 170, realtimePictures: 65, perThread: 6),
        "vp8": Needs(pictures: 40, realtimePictures: 40, perThread: 1),
        "vp9": Needs(pictures: 72, realtimePictures: 60, perThread: 6),
        "libaom": Needs(base: 95 << 20, pictures: 165, realtimePictures: 50, perThread: 6),
        "libsvtav1": Needs(base: 150 << 20, pictures: 280, realtimePictures: 280, perThread: 4),
        "librav1e": Needs(pictures: 580, realtimePictures: 580, perThread: 6),
    ]
    private static let hardware = Needs(pictures: 60, realtimePictures: 40, perThread: 0)

    /// The model of a job whose picture is known.
    init(_ job: EncodeJob, _ plan: EncodePlan, _ spread: EncoderSpread) {
        let size = plan.config.size
        self.init(job, plan.backend.name, plan.config.codec.codec, size, plan.target.byteCount, decoded: 0, spread)
    }

    /// The model of a job whose picture is not known: full HD unless a stream specifies its size.
    init(_ job: EncodeJob, coded size: PictureSize? = nil, _ spread: EncoderSpread) {
        let source = Self.likelySource(job, size)
        let codec = Self.likelyCodec(job)
        let encoder = Self.likelyBackend(job)?.name ?? ""
        let pictureBytes = Self.likelyPictureBytes(job, coded: size)
        let decoded = Self.bytes(job, source)
        self.init(job, encoder, codec, job.picture.scale ?? source, pictureBytes, decoded: decoded, spread)
    }

    private static func likelySource(_ job: EncodeJob, _ size: PictureSize?) -> PictureSize {
        size ?? job.input.size ?? PictureSize(width: 1920, height: 1080)
    }

    private static func likelyCodec(_ job: EncodeJob) -> VideoCodec {
        (try? CodecRequest(job.config.codec).codec) ?? .h264
    }

    /// The encoder that will be used, unless a later check refuses it.
    static func likelyBackend(_ job: EncodeJob) -> BackendDescriptor? {
        let candidates = BackendRegistry.encoders(of: likelyCodec(job))
        guard let name = job.config.encoder else { return candidates.first { !$0.isHardware } }
        return candidates.first { $0.name == name }
    }

    private static func bytes(_ job: EncodeJob, _ size: PictureSize) -> Int {
        size.width * size.height * 3 / 2 * ((job.picture.bitDepth ?? 8) > 8 ? 2 : 1)
    }

    /// A picture as it is encoded, and half of it more: chroma and depth may be more than they are taken to be.
    static func likelyPictureBytes(_ job: EncodeJob, coded size: PictureSize?) -> Int {
        bytes(job, job.picture.scale ?? likelySource(job, size)) * 3 / 2
    }

    private init(
        _ job: EncodeJob,
        _ encoder: String,
        _ codec: VideoCodec,
        _ size: PictureSize,
        _ pictureBytes: Int,
        decoded: Int,
        _ spread: EncoderSpread
    ) {
        let needs = Self.encoders[encoder] ?? Self.encoders[codec.rawValue] ?? Self.hardware
        let kept =
            job.config.latencyMode == .realtime
            ? needs.realtimePictures : needs.pictures * Self.effort(job.config.preset, encoder)
        let pictures = kept + Double(job.config.threads ?? 1) * needs.perThread
        let encoderBytes = Int(min(pictures * Double(pictureBytes), 1e15))
        // A decoder keeps references, and pictures for each of its threads.
        let decoder = Int(Double(decoded) * 48)
        if spread.threadsPerEncoder != nil {
            let each = encoderBytes + spread.waitingBytes / 2 * 3
            bytes = needs.base + decoder + each * spread.encoders
            bytesPerThread = spread.threads == nil ? each / (job.config.threads ?? 1) : 0
        } else {
            // What waits between the stages, with the part of a mapped input that is resident with it.
            let waiting = min(job.bounds.maxBytes ?? 32 << 20, 18 * pictureBytes)
            bytes = needs.base + encoderBytes + decoder + waiting / 2 * 3
            bytesPerThread = job.config.threads == nil ? Int(min(needs.perThread * Double(pictureBytes), 1e15)) : 0
        }
        usefulThreads = Self.usefulThreads(codec, size)
    }

    /// Slow presets look further ahead and refer to more, fast ones less.
    private static func effort(_ preset: String?, _ encoder: String) -> Double {
        switch preset {
        case "ultrafast": encoder == "libx264" ? 0.3 : 0.7
        case "superfast": 0.8
        case "slow": 1.25
        case "slower": 1.7
        case "veryslow", "placebo": 2.1
        default: 1
        }
    }

    /// VP9 and AV1 work on columns of at least 256 samples, H.264 and HEVC on rows of several frames.
    private static func usefulThreads(_ codec: VideoCodec, _ size: PictureSize) -> Int {
        switch codec {
        case .h264, .hevc: max(1, min(16, size.height / 48))
        case .vp8: max(1, min(8, size.height / 240))
        case .vp9, .av1: max(1, min(16, size.width / 256))
        }
    }
}
