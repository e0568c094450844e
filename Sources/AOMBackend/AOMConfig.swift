internal import Bitstream
internal import VideoTypes

// A configuration's settings for libaom.
extension ValidatedEncoderConfig {
    /// The level of constant quality where none was given: about what x264's 23 looks like.
    static let defaultQuality = 30

    var isRealtime: Bool { values.latencyMode == .realtime }

    /// The layers, if more than one.
    var layers: AOMLayers? {
        values.scalabilityMode.temporalLayers > 1 ? AOMLayers(mode: values.scalabilityMode) : nil
    }

    /// Each frame comes out as soon as it is in. Quantizers of frames that wait would hit other frames.
    var hasNoLag: Bool {
        if case .quantizer = rateControl { return true }
        return isRealtime || layers != nil
    }

    /// Key frames are counted here, and libaom makes none of its own, which could fall on any layer.
    var makesOwnKeys: Bool { hasNoLag }

    /// A key frame that libaom does not choose itself begins with a fresh encoder, but in realtime, where asking for it does
    /// no harm.
    func restarts(atKeyFrame isKey: Bool) -> Bool { isKey && !isRealtime }

    /// The quantizer of every frame without its own; `nil` with rate control.
    var fixedQuantizer: Int? {
        if case .quantizer(let quantizer) = rateControl { quantizer } else { nil }
    }

    /// The rate that libaom's VBR is held to from outside; `nil` where it keeps a rate itself, or none.
    var steeredBitrate: Int? {
        guard case .variable(let bitrate) = rateControl, !hasNoLag else { return nil }
        return bitrate
    }

    /// The longest distance between key frames: what was asked for, else in quality mode 250 as libx264 has it, and in
    /// realtime none.
    var longestInterval: Int { values.keyFrameInterval ?? (isRealtime ? Int(Int32.max) : 250) }

    /// How many frames libaom may look ahead, 35 by default. From 19 on, libaom 3.6 loses its position in their statistics if
    /// cuts follow each other after a few frames, and from 34 on also with a key frame at every frame or two, and crashes
    /// (`av1_twopass_postencode_update`). On real video 18 are about as good as 35.
    static let longestLookahead = 18

    /// `cpu-used`: the preset, else 6 in quality mode and 8 in realtime.
    var speed: Int {
        get throws(EncoderConfigError) {
            guard let preset = values.preset else { return isRealtime ? 8 : 6 }
            let allowed = isRealtime ? 5...10 : 0...9
            guard let speed = Int(preset), allowed.contains(speed), preset == "\(speed)" else {
                let expected = "the cpu-used of libaom, \(allowed.lowerBound)...\(allowed.upperBound)"
                throw .malformed(field: "preset", value: preset, expected: expected)
            }
            return speed
        }
    }

    /// The preset that libaom takes the one that was given for, where it has fewer of them than it lets one ask for.
    var presetTaken: (given: Int, taken: Int)? {
        guard !isRealtime, let preset = values.preset.flatMap({ Int($0) }), preset > Self.fastestQuality else {
            return nil
        }
        return (preset, Self.fastestQuality)
    }

    /// Outside of realtime, libaom takes what is above for this.
    private static let fastestQuality = 6

    /// AV1 stores a sample's aspect ratio as the display size of the picture.
    var renderSize: PictureSize? {
        guard let ratio = values.pixelAspectRatio, ratio != .square else { return nil }
        let (width, height) = (size.width, size.height)
        // Wider or lower, whichever is a whole number; else both grow until they are.
        let (wide, rest) = (width * ratio.width).quotientAndRemainder(dividingBy: ratio.height)
        if rest == 0, wide <= 65536 { return PictureSize(width: wide, height: height) }
        let (low, lowRest) = (height * ratio.height).quotientAndRemainder(dividingBy: ratio.width)
        if lowRest == 0, low <= 65536 { return PictureSize(width: width, height: low) }
        // Only the ratio of the display size matters: this is the smallest one that contains the picture.
        let (shown, tall) = (width * ratio.width, height * ratio.height)
        let divisor = greatestCommonDivisor(shown, tall)
        let least = PictureSize(width: shown / divisor, height: tall / divisor)
        guard max(least.width, least.height) <= 65536 else { return nil }
        let growth = max(1, (width + least.width - 1) / least.width, (height + least.height - 1) / least.height)
        let limit = 65536 / max(least.width, least.height)
        return PictureSize(width: least.width * min(growth, limit), height: least.height * min(growth, limit))
    }
}

extension ChromaLocation {
    /// `chroma_sample_position` (AV1 6.4.2), which has no word for the middle.
    var av1Position: Int {
        switch self {
        case .left: 1
        case .topLeft: 2
        default: 0
        }
    }
}
