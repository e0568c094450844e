public import VideoTypes

/// One thing that a machine may or may not be able to do: a codec, by an encoder, in a format, in a mode.
public struct ProbeCase: Hashable, Sendable {
    /// The codec.
    public var codec: VideoCodec
    /// The encoder's name.
    public var encoder: String
    /// Chroma of the coded picture.
    public var chroma: ChromaSubsampling
    /// Bits of a coded sample.
    public var bitDepth: Int
    /// How the rate is kept.
    public var bitrateMode: BitrateMode
    /// The layers.
    public var scalabilityMode: ScalabilityMode

    /// The format of the frames that are encoded.
    public var pixelFormat: PixelFormat { .planar(chroma, bitDepth: bitDepth) }

    /// Large enough for hardware, which has a least size, and small enough to be quick.
    package static let size = PictureSize(width: 192, height: 128)

    /// The configuration that is tried.
    package var config: EncoderConfig {
        var config = EncoderConfig(codec: .lowest(codec), width: Self.size.width, height: Self.size.height)
        config.encoder = encoder
        (config.chroma, config.bitDepth) = (chroma, bitDepth)
        (config.bitrateMode, config.scalabilityMode) = (bitrateMode, scalabilityMode)
        config.framerate = .thirty
        config.threads = 1
        config.preset = BackendRegistry.all.first { $0.name == encoder }?.quickPreset
        if bitrateMode == .quantizer { config.quantizer = 24 } else { config.bitrate = 600_000 }
        return config
    }
}

extension ProbeCase: CustomStringConvertible {
    /// Every part, with slashes between them.
    public var description: String {
        [codec.rawValue, encoder, pixelFormat.rawValue, bitrateMode.rawValue, scalabilityMode.description]
            .joined(separator: "/")
    }
}

extension ProbeCase {
    /// Every case of the encoders that this build knows, in the order of codecs and encoders.
    ///
    /// - Parameters:
    ///   - codecs: The codecs; the default is all.
    ///   - encoder: The only encoder to test; `nil`, the default, means all.
    public static func matrix(codecs: [VideoCodec] = VideoCodec.allCases, encoder: String? = nil) -> [ProbeCase] {
        codecs.flatMap { codec in
            BackendRegistry.encoders(of: codec).filter { encoder == nil || $0.name == encoder }
                .flatMap { cases(of: codec, by: $0) }
        }
    }

    private static func cases(of codec: VideoCodec, by backend: BackendDescriptor) -> [ProbeCase] {
        var cases: [ProbeCase] = []
        for (chroma, depth) in formats(of: codec) {
            for bitrateMode in BitrateMode.allCases {
                for scalabilityMode in [ScalabilityMode.l1t1, .l1t2, .l1t3] {
                    cases.append(
                        ProbeCase(
                            codec: codec,
                            encoder: backend.name,
                            chroma: chroma,
                            bitDepth: depth,
                            bitrateMode: bitrateMode,
                            scalabilityMode: scalabilityMode
                        )
                    )
                }
            }
        }
        return cases
    }

    private static func formats(of codec: VideoCodec) -> [(ChromaSubsampling, Int)] {
        // VP8 has only one format.
        if codec == .vp8 { return [(.yuv420, 8)] }
        let depths = codec == .h264 ? [8, 10] : [8, 10, 12]
        return ChromaSubsampling.allCases.flatMap { chroma in depths.map { (chroma, $0) } }
    }
}
