extension CodecRequest {
    /// The chroma and bit depth of the coded picture: those of the codec string and, where it leaves a choice, those of the
    /// frames. Without a string: 4:2:0, with 10 bits if the frames have more than 8 and the codec's decoders commonly support
    /// it, else 8.
    ///
    /// - Parameters:
    ///   - chroma: The chroma of the frames; 4:4:4 for RGB.
    ///   - bitDepth: Bits of the frames' samples.
    public func pictureFormat(
        ofFrames chroma: ChromaSubsampling,
        bitDepth: Int
    ) -> (chroma: ChromaSubsampling, bitDepth: Int) {
        switch self {
        case .avc(let string): (min(chroma, string.richestChroma), string.bitDepth(ofFrames: bitDepth))
        case .hevc(let string): (min(chroma, string.richestChroma), string.bitDepth(ofFrames: bitDepth))
        case .vp9(let string): (string.chroma(ofFrames: chroma), string.bitDepth)
        case .av1(let string): (string.chroma(ofFrames: chroma), string.bitDepth)
        case .vp8, .lowest(.vp8), .lowest(.h264): (.yuv420, 8)
        case .lowest: (.yuv420, bitDepth > 8 ? 10 : 8)
        }
    }

    /// The color of pictures without a specified one: that of the codec string; else BT.709, or BT.601 for VP8, which has no
    /// other.
    public var usualColorSpace: VideoColorSpace { colorSpace ?? (codec == .vp8 ? .bt601 : .bt709) }

    /// The color of the codec string, if it has one.
    public var colorSpace: VideoColorSpace? {
        switch self {
        case .vp9(let string): string.format?.color
        case .av1(let string): string.format?.color
        case .avc, .hevc, .vp8, .lowest: nil
        }
    }
}

extension ChromaSubsampling: Comparable {
    /// Less chroma comes first.
    public static func < (a: ChromaSubsampling, b: ChromaSubsampling) -> Bool { a.chromaFormatIdc < b.chromaFormatIdc }
}

extension AVCCodecString {
    /// The richest chroma that the profile has (H.264 table A-1).
    public var richestChroma: ChromaSubsampling {
        switch profileIdc {
        case 122: .yuv422
        case 244: .yuv444
        default: .yuv420
        }
    }

    /// High 10 means 10; the profiles above it leave a choice.
    fileprivate func bitDepth(ofFrames own: Int) -> Int {
        switch profileIdc {
        case 110: 10
        case 122, 244: own > 8 ? 10 : 8
        default: 8
        }
    }
}

extension HEVCCodecString {
    /// A general constraint flag by its place after `general_tier_flag`'s byte and the compatibility flags: 0 is
    /// `general_progressive_source_flag` (H.265 7.3.3).
    private func hasConstraint(_ place: Int) -> Bool { constraints[place / 8] & (0x80 >> UInt8(place % 8)) != 0 }

    /// The format range extensions profiles differ by flags (H.265 table A.2).
    private var hasFormatFlags: Bool { profileIdc >= 4 }

    /// The richest chroma that the profile has.
    public var richestChroma: ChromaSubsampling {
        guard hasFormatFlags else { return .yuv420 }
        if hasConstraint(8) { return .yuv420 }
        return hasConstraint(7) ? .yuv422 : .yuv444
    }

    /// Main 10 means 10; the profiles above it have a limit.
    fileprivate func bitDepth(ofFrames own: Int) -> Int {
        guard hasFormatFlags else { return profileIdc == 2 ? 10 : 8 }
        let highest = hasConstraint(6) ? 8 : hasConstraint(5) ? 10 : 12
        return own > 10 ? highest : own > 8 ? min(10, highest) : 8
    }
}

extension VP9CodecString {
    fileprivate func chroma(ofFrames own: ChromaSubsampling) -> ChromaSubsampling {
        if let format { return format.chroma.subsampling }
        return allows(own) ? own : chroma
    }
}

extension AV1CodecString {
    fileprivate func chroma(ofFrames own: ChromaSubsampling) -> ChromaSubsampling {
        if let format { return format.chroma }
        return allows(own) ? own : chroma
    }
}
