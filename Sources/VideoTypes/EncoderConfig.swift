/// The configuration of an encoder, in the terms of WebCodecs' `VideoEncoderConfig`. It is not checked here, but by
/// ``ValidatedEncoderConfig``.
public struct EncoderConfig: Hashable, Sendable {
    /// A full codec string, which the bitstream will honour, or the lowest profile and level of a codec.
    public var codec: CodecSelection
    /// Width of the coded picture in luma samples, `1...16384`.
    public var codedWidth: Int
    /// Height of the coded picture in luma samples, `1...16384`.
    public var codedHeight: Int
    /// Chroma subsampling of the coded picture. The default is 4:2:0, unless the codec string specifies another.
    public var chroma = ChromaSubsampling.yuv420
    /// Bits of a coded sample: 8, 10 or 12. The default is 8, unless the codec string specifies more.
    public var bitDepth = 8
    /// Frames a second. `nil`, the default, means that only the timestamps tell; rate control then follows them.
    public var framerate: FrameRate?
    /// Frames a second on average, where ``framerate`` is `nil` and the frames' times are known beforehand. Libraries that
    /// count frames (libx265, SVT-AV1, rav1e, hardware) keep a bit rate by it. `nil`, the default, means that it is not known.
    public var averageFramerate: FrameRate?
    /// Frames within any second, at most, where ``framerate`` is `nil`. A level that is left open is chosen by it. `nil`, the
    /// default, means that it is not known: such a level has room for 120 frames a second, as far as there is one.
    public var highestFramerate: FrameRate?
    /// Target bit rate in bits per second. `nil`, the default, leaves the rate to ``constantQuality``.
    public var bitrate: Int?
    /// How the bit rate is kept. The default is variable.
    public var bitrateMode = BitrateMode.variable
    /// The quantizer of every frame in quantizer mode, in the codec libraries' scale: H.264 and HEVC `0...51`, the others
    /// `0...63` (``QuantizerScale``).
    public var quantizer: Int?
    /// The quantizer of every frame in quantizer mode, in the bitstream's scale: VP8 `0...127`, VP9 and AV1 `0...255`; the
    /// nearest that the library can do is used. Excludes ``quantizer``.
    public var quantizerIndex: Int?
    /// Constant quality, lower is better; excludes ``bitrate``. H.264 and HEVC: `0...51`, the rate factor (CRF) of x264 and
    /// x265; the others: `0...63`, the level of libvpx and libaom. `nil` without a bit rate means the encoder's own
    /// default (x264: 23).
    public var constantQuality: Double?
    /// Every decoded picture equals the picture that was given, sample by sample. H.264 (High 4:4:4 Predictive), HEVC, VP9 and AV1
    /// can; excludes a bit rate, a quality and a quantizer. The bit rate is what it is, whatever the level. The default is not.
    public var lossless = false
    /// Whether delay or quality comes first. The default is quality.
    public var latencyMode = LatencyMode.quality
    /// The layers of the stream. The default is one.
    public var scalabilityMode = ScalabilityMode.l1t1
    /// Whether to prefer a hardware encoder. The default has no preference, which means software.
    public var hardwareAcceleration = HardwareAcceleration.noPreference
    /// The encoder, by name, such as `libsvtav1`. `nil`, the default, means the first that does the codec.
    public var encoder: String?
    /// The longest distance between key frames, in frames, 1 or more. `nil`, the default, leaves it to the encoder
    /// (x264: 250).
    public var keyFrameInterval: Int?
    /// The encoder's preset, by name. `nil`, the default, is the encoder's own default (x264: medium).
    public var preset: String?
    /// Options under the encoder's own names, applied in order, after everything else. Frame numbers in them count from the
    /// first frame after a configuration or a flush.
    public var encoderOptions: [EncoderOption] = []
    /// The color of the input frames, written into the bitstream unchanged. The default is BT.709, for VP8 BT.601, or that of
    /// the codec string.
    public var colorSpace = VideoColorSpace.bt709
    /// Where 4:2:0 chroma samples are in the frames that will be given. The default is left.
    public var chromaLocation = ChromaLocation.left
    /// Width to height of one sample. `nil`, the default, stores none in the bitstream, which means square.
    public var pixelAspectRatio: PixelAspectRatio?
    /// Display width of the picture, WebCodecs' `displayWidth`. With ``displayHeight`` it is another form of
    /// ``pixelAspectRatio``, which is set from both when the configuration is validated. `nil`, the default, uses that.
    public var displayWidth: Int?
    /// Display height of the picture, WebCodecs' `displayHeight`; see ``displayWidth``.
    public var displayHeight: Int?
    /// Whether transparency is encoded as well. The default is that it is not.
    public var alpha = AlphaOption.discard
    /// The rotation and flip of the picture for display. It is passed on in ``DecoderConfig``; pixels are not rotated.
    public var orientation = Orientation.upright
    /// The display on which the picture was mastered. `nil`, the default, stores none.
    public var masteringDisplay: MasteringDisplay?
    /// The maximum brightness of pixels and pictures. `nil`, the default, stores none.
    public var contentLightLevel: ContentLightLevel?
    /// What kind of pictures they are, WebCodecs' `contentHint`. `nil`, the default, leaves it open: the encoder's usual tuning.
    public var contentHint: ContentHint?
    /// Encoder threads, `1...128`. `nil`, the default, leaves the number to the encoder.
    public var threads: Int?
    /// The frames are one of several segments that become one stream. By default they are the whole stream. A segment's bytes
    /// do not depend on the machine. Neighboring segments share a decoder's buffer at their border. So libx264 and libx265,
    /// which fill it completely, use half of it; libvpx and libaom do not fill it.
    public var isSegment = false
    /// How chunks of H.264 are framed. The default is Annex B.
    public var avcFormat = AVCFormat.annexB
    /// How chunks of HEVC are framed. The default is Annex B.
    public var hevcFormat = HEVCFormat.annexB

    /// A configuration with default values: chroma, bit depth and color are those of the codec string, if it has them
    /// (`av01.0.08M.10` has 10 bits, and VP8 has BT.601 only).
    public init(codec: CodecSelection, width: Int, height: Int) {
        self.codec = codec
        codedWidth = width
        codedHeight = height
        // What is wrong with the codec is found when the configuration is validated.
        guard let request = try? CodecRequest(codec) else { return }
        (chroma, bitDepth) = request.pictureFormat(ofFrames: chroma, bitDepth: bitDepth)
        colorSpace = request.usualColorSpace
    }

    /// A configuration for a codec string, with every default.
    ///
    /// - Parameters:
    ///   - codec: A full codec string, such as `avc1.640028`, whose profile and level the bitstream will keep.
    ///   - width: Width of the coded picture in luma samples, `1...16384`.
    ///   - height: Height of the coded picture in luma samples, `1...16384`.
    public init(codec: String, width: Int, height: Int) {
        self.init(codec: .exact(codec), width: width, height: height)
    }
}

extension EncoderConfig {
    /// What a decoder's buffer is divided by, so that it holds over the border of two segments: each may fill its part.
    package var bufferParts: Int { isSegment ? 2 : 1 }
}

/// WebCodecs' `VideoEncoderBitrateMode`.
public enum BitrateMode: String, CaseIterable, Hashable, Sendable {
    /// The average is about the target, and a decoder's buffer of one second that is filled at 1.2 times the target never runs
    /// empty (H.264 C.1); in realtime, one that is filled at the target.
    case constant
    /// The average is about the target; complex scenes get more.
    case variable
    /// No rate control: each frame has the quantizer that it is given.
    case quantizer
}

/// WebCodecs' `LatencyMode`.
public enum LatencyMode: String, CaseIterable, Hashable, Sendable {
    /// The best quality for the bit rate, with any delay.
    case quality
    /// Each frame is output as soon as it is input: no B-frames, no lookahead.
    case realtime
}

/// W3C AVC registration, `AvcBitstreamFormat`.
public enum AVCFormat: String, CaseIterable, Hashable, Sendable {
    /// Start codes, with the parameter sets in band before each key frame (H.264 Annex B).
    case annexB = "annexb"
    /// 4-byte lengths, with the parameter sets in the decoder configuration record (ISO/IEC 14496-15).
    case avc
}

/// W3C HEVC registration, `HevcBitstreamFormat`.
public enum HEVCFormat: String, CaseIterable, Hashable, Sendable {
    /// Start codes, with the parameter sets in band before each key frame (H.265 Annex B).
    case annexB = "annexb"
    /// 4-byte lengths, with the parameter sets in the decoder configuration record (ISO/IEC 14496-15).
    case hevc
}

/// WebCodecs' `HardwareAcceleration`.
public enum HardwareAcceleration: String, CaseIterable, Hashable, Sendable {
    /// Whatever is best; here that is software.
    case noPreference = "no-preference"
    /// Hardware if there is any that works, else software.
    case preferHardware = "prefer-hardware"
    /// Software.
    case preferSoftware = "prefer-software"
}

/// WebCodecs' `AlphaOption`.
public enum AlphaOption: String, CaseIterable, Hashable, Sendable {
    /// Transparency is not encoded.
    case discard
    /// Transparency is encoded in addition to the picture.
    case keep
}

/// One option under an encoder's own name.
public struct EncoderOption: Hashable, Sendable {
    /// The encoder's name for it.
    public var key: String
    /// Its value, as text.
    public var value: String

    /// An option.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

/// Width to height of one sample, in lowest terms (H.264 E.2.1 `sar_width`, `sar_height`).
public struct PixelAspectRatio: Hashable, Sendable {
    /// `1...65535`.
    public let width: Int
    /// `1...65535`.
    public let height: Int

    /// A ratio in lowest terms; `nil` if a side is not in `1...65535` then.
    public init?(width: Int, height: Int) {
        guard width > 0, height > 0 else { return nil }
        let divisor = greatestCommonDivisor(width, height)
        guard width / divisor <= 65535, height / divisor <= 65535 else { return nil }
        self.width = width / divisor
        self.height = height / divisor
    }

    private init() { (width, height) = (1, 1) }

    /// 1:1.
    public static let square = PixelAspectRatio()
}
