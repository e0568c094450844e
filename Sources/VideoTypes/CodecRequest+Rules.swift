// What a codec, and a codec string, leave to the other settings: rules of the standards, not of a library.
extension CodecRequest {
    /// Throws if the settings contradict the codec or its string.
    func check(_ values: EncoderConfig) throws(EncoderConfigError) {
        try checkPicture(values)
        try checkColor(values)
        let mode = values.scalabilityMode
        guard mode.isTemporalOnly else {
            throw .unsupported("\(Setting.scalabilityMode) \(mode) is not supported (use L1T1, L1T2 or L1T3)")
        }
        if values.alpha == .keep, ![.vp8, .vp9].contains(codec) {
            throw .unsupported("\(codec.name) does not support alpha (use VP8 or VP9 in WebM)")
        }
        if values.masteringDisplay != nil || values.contentLightLevel != nil, !codec.hasHDRMetadata {
            throw .unsupported("HDR metadata is not supported for \(codec.name) (use HEVC, VP9 or AV1)")
        }
    }

    /// The string sets chroma and depth, or allows a few.
    private func checkPicture(_ values: EncoderConfig) throws(EncoderConfigError) {
        let (chroma, depth) = (values.chroma, values.bitDepth)
        let refusal: String? =
            switch self {
            case .vp8, .lowest(.vp8): chroma == .yuv420 && depth == 8 ? nil : "VP8 is 4:2:0 with 8 bits"
            case .vp9(let string) where string.bitDepth != depth: "\(string) asks for \(string.bitDepth) bits"
            case .vp9(let string) where !string.allows(chroma): "\(string) asks for \(string.chroma.name)"
            case .av1(let string) where string.bitDepth != depth: "\(string) asks for \(string.bitDepth) bits"
            case .av1(let string) where !string.allows(chroma): "\(string) asks for other chroma"
            default: nil
            }
        guard let refusal else { return }
        throw .unsupported("\(refusal), but the picture is \(chroma.name) with \(depth)")
    }

    private func checkColor(_ values: EncoderConfig) throws(EncoderConfigError) {
        let asked: VideoColorSpace? =
            switch self {
            case .vp9(let string): string.format?.color
            case .av1(let string): string.format?.color
            default: nil
            }
        guard let asked, asked != values.colorSpace else { return }
        throw .unsupported("the color of the picture, \(values.colorSpace), differs from that of \(values.codec)")
    }
}

extension VP9CodecString {
    /// The string leaves this chroma: 4:2:2 and 4:4:4 share a profile.
    func allows(_ chroma: ChromaSubsampling) -> Bool {
        if let format { return format.chroma.subsampling == chroma }
        return (profile % 2 == 0) == (chroma == .yuv420)
    }
}

extension AV1CodecString {
    /// The string leaves this chroma (AV1 6.4.1).
    func allows(_ chroma: ChromaSubsampling) -> Bool {
        if let format { return format.chroma == chroma }
        switch profile {
        case 0: return chroma == .yuv420
        case 1: return chroma == .yuv444
        default: return bitDepth == 12 || chroma == .yuv422
        }
    }
}
