internal import CFFmpeg
internal import VideoTypes

/// What becomes of the pictures of a format that libavcodec decodes to.
struct SourceFormat {
    /// What they are from then on.
    let format: PixelFormat
    /// libswscale repacks them first, losing nothing: other orders of bytes, palettes, chroma that is shared by more pixels.
    let isRepacked: Bool
    /// Bits of a sample of transparency beside the planes of ``format``, in a fourth plane, where no format of Sluice's has all
    /// four: YUV of more than 8 bits, and 4:2:2. `nil` for everything else.
    var alphaBits: Int?

    /// - Parameter format: libavutil's number of the format.
    /// - Throws: ``VideoTypes/DecoderError/unsupported(_:)`` if Sluice has no format that keeps everything.
    init(_ format: AVPixelFormat) throws(DecoderError) {
        let name = unsafe av_get_pix_fmt_name(format).map { unsafe String(cString: $0) } ?? "unknown"
        // Full range has names of its own.
        let plain = name.hasPrefix("yuvj") ? "yuv" + name.dropFirst(4) : name
        if let own = PixelFormat.allCases.first(where: { $0.ffmpegName == plain }) {
            (self.format, isRepacked) = (own, false)
        } else if let opaque = Self.opaque(plain) {
            (self.format, isRepacked, alphaBits) = (opaque, false, opaque.bitDepth)
        } else if let swapped = Self.swapped(plain) {
            (self.format, isRepacked) = (swapped, true)
        } else if let nearest = Self.nearest(to: unsafe av_get_pix_fmt(plain)) {
            (self.format, isRepacked) = (nearest, true)
        } else {
            throw .unsupported(
                "the stream's pictures have the format \(name), which no format of Sluice's holds without loss"
            )
        }
    }

    /// The same planes without the last, for the names that begin with `yuva` and that Sluice does not have.
    private static func opaque(_ name: String) -> PixelFormat? {
        guard name.hasPrefix("yuva") else { return nil }
        let rest = "yuv" + name.dropFirst(4)
        return PixelFormat.allCases.first { $0.ffmpegName == rest }
    }

    /// The same words in the other order of bytes.
    private static func swapped(_ name: String) -> PixelFormat? {
        guard name.hasSuffix("be") else { return nil }
        let swapped = String(name.dropLast(2) + "le")
        return PixelFormat.allCases.first { $0.ffmpegName == swapped }
    }

    /// The smallest format that loses nothing.
    private static func nearest(to source: AVPixelFormat) -> PixelFormat? {
        let kept = PixelFormat.allCases.filter { format in
            let target = format.avPixelFormat
            // libswscale makes packed RGB of 10 bits of YUV with half of its chroma.
            guard target != AV_PIX_FMT_NONE, !format.isBitPacked else { return false }
            return cffmpeg_format_loss(target, source) == 0
        }
        // Chroma that libswscale takes out of pairs is not always exact (``Scaler``).
        return kept.filter { !$0.isSemiPlanar || kept.allSatisfy(\.isSemiPlanar) }.min {
            ($0.relativeSize, $0.bitDepth) < ($1.relativeSize, $1.bitDepth)
        }
    }
}

extension PixelFormat {
    /// Three colors in one word.
    fileprivate var isBitPacked: Bool { [.x2rgb10, .x2bgr10].contains(self) }

    /// Bytes of a small picture, with all that is stored of it.
    fileprivate var relativeSize: Int {
        // Of this size no plane has a part of a sample.
        let size = PictureSize(width: 48, height: 2)
        return PictureLayout(format: self, size: size)?.byteCount ?? .max
    }
}
