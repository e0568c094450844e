internal import Bitstream
internal import CVPX
internal import VideoTypes

// What libvpx is set to where the configuration leaves it open.
extension VPXParameters {
    /// The preset as a number, or the best for the latency mode.
    func chooseSpeed() throws(EncoderConfigError) -> Int {
        let allowed = Self.presets(codec, isRealtime: isRealtime)
        guard let preset = config.values.preset else { return signed(defaultSpeed) }
        guard let speed = Int(preset), "\(speed)" == preset, allowed.contains(speed) else {
            throw .malformed(
                field: "preset",
                value: preset,
                expected: "cpu-used of libvpx, a number in \(allowed.lowerBound)...\(allowed.upperBound)"
            )
        }
        return signed(speed)
    }

    /// In realtime, VP9's layers go faster: below 8, each change of scene starts the rate control of each layer at the worst
    /// quantizer, from where it takes seconds to return.
    private var defaultSpeed: Int {
        guard isRealtime else { return 3 }
        return codec == .vp8 ? 6 : layers.count > 1 ? 8 : 7
    }

    /// The speeds that differ from each other in a latency mode.
    static func presets(_ codec: VideoCodec, isRealtime: Bool) -> ClosedRange<Int> {
        switch (codec, isRealtime) {
        case (.vp8, true): 1...16
        case (_, true): 0...9
        case (_, false): 0...5
        }
    }

    /// What `cpu-used` may be.
    var speeds: ClosedRange<Int> {
        let presets = Self.presets(codec, isRealtime: isRealtime)
        return signed(1) < 0 ? -presets.upperBound ... -presets.lowerBound : presets
    }

    /// In realtime, VP8 takes a positive speed as a share of the clock's time, and the bytes would depend on the machine.
    private func signed(_ speed: Int) -> Int { codec == .vp8 && isRealtime ? -speed : speed }

    mutating func applyControls() throws(EncoderConfigError) {
        if case .quality(let quality) = config.rateControl { setQuality(try Self.level(quality)) }
        try applyHint()
        if codec == .vp8 {
            set(VP8E_SET_ENABLEAUTOALTREF, 0)
            set(VP8E_SET_STATIC_THRESHOLD, isRealtime ? 1 : 0)
        } else {
            try applyVP9Controls()
        }
    }

    /// The tuning of libvpx for the kind of pictures.
    private mutating func applyHint() throws(EncoderConfigError) {
        guard let hint = config.values.contentHint else { return }
        try config.checkHint(against: ["tune-content", "screen-content-mode"])
        if codec == .vp8 {
            try config.refuseHint([.detail], encoder: "libvpx for VP8")
            return set(VP8E_SET_SCREEN_CONTENT_MODE, hint == .text ? 1 : 0)
        }
        // libvpx makes something of each in one latency mode only.
        let idle: ContentHint = isRealtime ? .detail : .text
        let mode = config.values.latencyMode
        try config.refuseHint([idle], encoder: "libvpx for VP9 in \(Setting.latencyMode) \(mode.rawValue)")
        let contents: [ContentHint: vp9e_tune_content] = [.text: VP9E_CONTENT_SCREEN, .detail: VP9E_CONTENT_FILM]
        set(VP9E_SET_TUNE_CONTENT, Int((contents[hint] ?? VP9E_CONTENT_DEFAULT).rawValue))
    }

    private mutating func applyVP9Controls() throws(EncoderConfigError) {
        let color = try Self.colorSpace(of: config.values)
        if plane == .picture {
            set(VP9E_SET_COLOR_SPACE, Int(color.rawValue))
            set(VP9E_SET_COLOR_RANGE, config.values.colorSpace.fullRange ? 1 : 0)
        }
        if config.values.lossless { set(VP9E_SET_LOSSLESS, 1) }
        set(VP9E_SET_ROW_MT, 1)
        set(VP9E_SET_TILE_COLUMNS, defaultTileColumns)
        set(VP9E_SET_FRAME_PARALLEL_DECODING, 0)
        set(VP8E_SET_ENABLEAUTOALTREF, 0)
        // Else each change of scene would cost a second of the worst quantizer, and a sixth of the rate would stay unused.
        if bitrate != nil { set(VP9E_SET_DISABLE_OVERSHOOT_MAXQ_CBR, 1) }
        // Cyclic refresh is made for rate control without lookahead.
        set(VP9E_SET_AQ_MODE, isRealtime && bitrate != nil ? 3 : 0)
        if isRealtime, bitrate != nil { set(VP8E_SET_STATIC_THRESHOLD, 1) }
    }

    /// The quantizer of most frames. Those that many others lean on have a lower one: VP9 knows how low, VP8 would take the
    /// lowest that it may.
    private mutating func setQuality(_ level: Int) {
        set(VP8E_SET_CQ_LEVEL, level)
        if codec == .vp8 { set(.minQuantizer, UInt32(level / 2)) }
    }

    /// libvpx's quality is a whole number.
    private static func level(_ quality: Double?) throws(EncoderConfigError) -> Int {
        guard let quality else { return 32 }
        guard let level = Int(exactly: quality) else {
            throw .malformed(field: "constantQuality", value: "\(quality)", expected: "a whole number in 0...63")
        }
        return level
    }
}
