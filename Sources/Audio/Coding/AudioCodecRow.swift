internal import CFFmpeg
internal import Containers
internal import LibAV

/// What a stream's samples are like: which encoder of samples and which depth keeps them.
struct AudioSampleKind {
    let format: AVSampleFormat
    let isFloat: Bool
    let bits: Int
    /// Decoded from a codec that loses more than what more than 16 bits would keep.
    let isLossy: Bool

    init(_ source: AudioStream, _ format: AVSampleFormat) {
        let packed = av_get_packed_sample_fmt(format)
        isFloat = packed == AV_SAMPLE_FMT_FLT || packed == AV_SAMPLE_FMT_DBL
        bits = 8 * Int(av_get_bytes_per_sample(format))
        self.format = format
        isLossy = cffmpeg_is_lossy(source.parameters.codec) != 0
    }
}

/// A codec that audio is encoded in.
struct AudioCodecRow {
    /// libavcodec's name of the encoder for samples of a kind.
    let encoder: (AudioSampleKind) -> String
    /// Bits a second of a channel, as usual; `nil` for a codec without a rate.
    var bitrate: Int?

    /// The row of a codec; `nil` for a copy.
    init?(_ codec: AudioOptions.Codec) {
        switch codec {
        case .copy: return nil
        case .aac: self = Self(bitrate: 80_000) { _ in "aac" }
        case .opus: self = Self(bitrate: 64_000) { _ in "libopus" }
        case .flac: self = Self(bitrate: nil) { _ in "flac" }
        case .pcm:
            self = Self(bitrate: nil) { samples in
                if samples.isLossy || samples.bits <= 16 { return "pcm_s16le" }
                return samples.isFloat ? "pcm_f32le" : "pcm_s24le"
            }
        }
    }

    private init(bitrate: Int?, _ encoder: @escaping (AudioSampleKind) -> String) {
        (self.bitrate, self.encoder) = (bitrate, encoder)
    }
}
