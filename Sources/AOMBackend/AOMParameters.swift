internal import Bitstream
internal import CAOM
internal import EncoderCore
internal import VideoTypes

/// Everything that a configuration means to libaom.
@safe
struct AOMParameters {
    let config: ValidatedEncoderConfig
    /// The codec string, chosen if none was given.
    let codec: AV1CodecString
    let clock: AOMClock
    /// What libaom is configured with.
    private(set) var settings: aom_codec_enc_cfg_t
    private let tiles: AOMTiles
    private var options: [OptionSetting<AOMOptions.Place>] = []

    /// - Throws: `EncoderConfigError` for what libaom cannot do, and for what exceeds the level.
    init(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        self.config = config
        let tiles = try AOMTiles(config)
        self.tiles = tiles
        let needs = AV1LevelNeeds(config, tiles: tiles)
        codec = try Self.chooseCodec(config, needs)
        clock = AOMClock(config.values.countedFramerate)
        try Self.checkFormat(codec, config)
        if config.promisesLevel { try needs.check(codec) }
        let usage = config.isRealtime ? AOM_USAGE_REALTIME : AOM_USAGE_GOOD_QUALITY
        var settings = unsafe aom_codec_enc_cfg_t()
        guard unsafe aom_codec_enc_config_default(aom_codec_av1_cx(), &settings, UInt32(usage)) == AOM_CODEC_OK else {
            throw .unsupported("this libaom cannot encode with usage \(usage)")
        }
        unsafe self.settings = settings
        try config.checkHint(against: ["tune-content"])
        applyPicture()
        applyTiming()
        try applyRateControl()
        try applyMembers()
    }

    private mutating func applyPicture() {
        unsafe settings.g_profile = UInt32(codec.profile)
        unsafe settings.g_w = UInt32(config.size.width)
        unsafe settings.g_h = UInt32(config.size.height)
        unsafe settings.g_bit_depth = aom_bit_depth_t(rawValue: UInt32(codec.bitDepth))
        unsafe settings.g_input_bit_depth = UInt32(codec.bitDepth)
        unsafe settings.monochrome = isMonochrome ? 1 : 0
        unsafe settings.g_threads = UInt32(AOMTiles.threads(config))
    }

    var isMonochrome: Bool { codec.format?.isMonochrome ?? false }

    private mutating func applyTiming() {
        let rate = config.values.countedFramerate
        let counts = clock == .frames
        unsafe settings.g_timebase.num = CInt(counts ? rate?.denominator ?? 1 : 1)
        unsafe settings.g_timebase.den = CInt(counts ? rate?.numerator ?? 30 : 1_000_000)
        unsafe settings.g_pass = AOM_RC_ONE_PASS
        let lookahead = UInt32(config.hasNoLag ? 0 : ValidatedEncoderConfig.longestLookahead)
        unsafe settings.g_lag_in_frames = min(settings.g_lag_in_frames, lookahead)
        unsafe settings.fwd_kf_enabled = 0
        unsafe settings.kf_min_dist = 0
        unsafe settings.kf_mode = config.makesOwnKeys ? AOM_KF_DISABLED : AOM_KF_AUTO
        if !config.makesOwnKeys { unsafe settings.kf_max_dist = UInt32(config.longestInterval) }
    }

    private mutating func applyRateControl() throws(EncoderConfigError) {
        unsafe settings.rc_dropframe_thresh = 0
        switch config.rateControl {
        case .constant(let bitrate): setConstantRate(bitrate)
        // Without lookahead, libaom's VBR is loose, and with layers it keeps no rate at all.
        case .variable(let bitrate) where config.hasNoLag: setConstantRate(bitrate)
        case .variable(let bitrate):
            unsafe settings.rc_end_usage = AOM_VBR
            unsafe settings.rc_target_bitrate = Self.kilobits(bitrate)
            // What groups of frames may save of their bits, which libaom does not make up for: with its 25, up to a fifth.
            unsafe settings.rc_undershoot_pct = 0
            // Nor what they may spend too much.
            unsafe settings.rc_overshoot_pct = 0
        case .quality(let quality):
            if let quality, quality != quality.rounded() {
                throw .malformed(field: "constantQuality", value: "\(quality)", expected: "a whole number for AV1")
            }
            unsafe settings.rc_end_usage = AOM_Q
        case .quantizer(let quantizer):
            unsafe settings.rc_end_usage = AOM_Q
            unsafe settings.rc_min_quantizer = UInt32(quantizer)
            unsafe settings.rc_max_quantizer = UInt32(quantizer)
        }
    }

    /// A rate within a buffer of a second. A first key frame may take most of it. From there, libaom aims at a low fullness, so
    /// that bits that were saved are spent soon. It drops no frames and codes none twice: if a scene changes at a low rate, it
    /// overruns the buffer for a while.
    private mutating func setConstantRate(_ bitrate: Int) {
        unsafe settings.rc_end_usage = AOM_CBR
        unsafe settings.rc_target_bitrate = Self.kilobits(bitrate)
        // Milliseconds.
        unsafe settings.rc_buf_sz = 1000
        unsafe settings.rc_buf_initial_sz = 900
        unsafe settings.rc_buf_optimal_sz = 500
        unsafe settings.rc_undershoot_pct = 100
        unsafe settings.rc_overshoot_pct = 100
    }

    /// libaom counts in thousands.
    private static func kilobits(_ bits: Int) -> UInt32 { UInt32(max(1, (bits + 500) / 1000)) }

    /// The options that are members of the configuration; the others are applied in ``open()``.
    private mutating func applyMembers() throws(EncoderConfigError) {
        options = try AOMOptions.table.settings(config)
        for option in options {
            if case .member(let path) = option.place { unsafe settings[keyPath: path] = UInt32(option.number ?? 0) }
        }
        guard unsafe settings.rc_min_quantizer <= settings.rc_max_quantizer else {
            throw .conflict("encoder option min-q is above max-q")
        }
        try checkQuality()
    }

    /// The quality is a quantizer within the bounds.
    private func checkQuality() throws(EncoderConfigError) {
        guard case .quality(let quality?) = config.rateControl else { return }
        let level = Int(quality)
        let bounds = unsafe Int(settings.rc_min_quantizer)...Int(settings.rc_max_quantizer)
        guard !bounds.contains(level) else { return }
        throw .conflict(
            "the quality \(level) is not within the encoder options min-q and max-q,"
                + " \(bounds.lowerBound)...\(bounds.upperBound)"
        )
    }

    /// libaom may crash where threads or memory are refused to it.
    private func requireRoom() throws(EncoderConfigError) {
        let pixels = config.size.width * config.size.height
        try CodecRoom.require(for: "libaom", workers: AOMTiles.threads(config), others: 4, bytes: 100 * pixels)
    }

    /// An encoder with all of it applied.
    func open() throws(EncoderError) -> AOMCodec {
        do throws(EncoderConfigError) { try requireRoom() } catch { throw .config(error) }
        let codec = try unsafe AOMCodec(settings, isDeep: codec.bitDepth > 8)
        for control in try controls(tiles) { try codec.set(control) }
        if let size = config.renderSize { try codec.setRenderSize(size) }
        for setting in options {
            let option = setting.option
            guard case .option = setting.place, let reason = codec.setOption(option) else { continue }
            let field = "encoder option \(option.key)"
            throw .config(.malformed(field: field, value: option.value, expected: "what libaom takes: \(reason)"))
        }
        if let layers = config.layers { try codec.setLayers(layerParameters(layers)) }
        return codec
    }

    /// What the layers are told at the start, or for a frame's own quantizer.
    func layerParameters(_ layers: AOMLayers, quantizer: Int? = nil) -> aom_svc_params_t {
        let least = unsafe Int(settings.rc_min_quantizer)
        let most = unsafe Int(settings.rc_max_quantizer)
        let bitrate = unsafe Int(settings.rc_target_bitrate) * 1000
        return layers.parameters(bitrate: bitrate, quantizers: quantizer.map { $0...$0 } ?? least...most)
    }

    /// Seconds of what libaom counts as time.
    func seconds(_ length: Int) -> Double {
        let unit = unsafe settings.g_timebase
        return Double(length) * Double(unit.num) / Double(unit.den)
    }

    /// libaom's configuration for another rate.
    func settings(bitrate: Int) -> aom_codec_enc_cfg_t {
        var settings = unsafe settings
        unsafe settings.rc_target_bitrate = Self.kilobits(bitrate)
        return unsafe settings
    }

    /// What libaom is configured with for a frame of this quantizer.
    func settings(quantizer: Int) -> aom_codec_enc_cfg_t {
        var settings = unsafe settings
        unsafe settings.rc_min_quantizer = UInt32(quantizer)
        unsafe settings.rc_max_quantizer = UInt32(quantizer)
        return unsafe settings
    }
}
