internal import Bitstream
internal import CVPX
internal import EncoderCore
internal import VideoTypes

/// One `vpx_codec_control` with a number.
struct VPXControl: Equatable {
    let id: CInt
    let value: CInt
}

/// Everything that a configuration means to libvpx, for the picture or for its transparency.
@safe
struct VPXParameters {
    /// What is encoded.
    enum Plane {
        case picture
        case transparency
    }

    let config: ValidatedEncoderConfig
    let plane: Plane
    let codec: VideoCodec
    let layers: VPXLayers
    let clock: VPXClock
    /// What `cpu-used` is set to; in realtime VP8 it is negative, which means a speed that does not depend on the clock.
    private(set) var speed = 0
    private(set) var settings = unsafe vpx_codec_enc_cfg_t()
    private(set) var controls: [VPXControl] = []
    /// The codec string of VP9, chosen if none was given.
    private(set) var string: VP9CodecString?

    /// - Throws: `EncoderConfigError` for options that libvpx does not have or cannot carry out here, and for what
    ///   exceeds the codec or the level.
    init(_ config: ValidatedEncoderConfig, plane: Plane = .picture) throws(EncoderConfigError) {
        (self.config, self.plane) = (config, plane)
        codec = config.codec.codec
        layers = VPXLayers(config.values.scalabilityMode)
        clock = VPXClock(config.values.framerate)
        try Self.checkPicture(config)
        try unsafe Self.loadDefaults(&settings, codec)
        speed = try chooseSpeed()
        applyPicture()
        applyRateControl()
        applyLayers()
        try applyControls()
        try applyOptions()
        string = try codec == .vp9 ? chooseString() : nil
    }

    private static func loadDefaults(
        _ settings: inout vpx_codec_enc_cfg_t,
        _ codec: VideoCodec
    ) throws(EncoderConfigError) {
        let interface = unsafe codec == .vp8 ? vpx_codec_vp8_cx() : vpx_codec_vp9_cx()
        guard unsafe vpx_codec_enc_config_default(interface, &settings, 0) == VPX_CODEC_OK else {
            throw .unsupported("this build of libvpx has no encoder for \(codec.name)")
        }
    }

    private mutating func applyPicture() {
        let values = config.values
        unsafe settings.g_w = UInt32(values.codedWidth)
        unsafe settings.g_h = UInt32(values.codedHeight)
        unsafe settings.g_timebase = vpx_rational(num: CInt(clock.numerator), den: CInt(clock.denominator))
        unsafe settings.g_threads = UInt32(min(values.threads ?? VPXThreads.count(for: config.size), 64))
        // In one pass, libvpx does not use its lookahead: the bytes are the same, but delayed, and requested key frames get
        // lost in hidden frames.
        unsafe settings.g_lag_in_frames = 0
        // Key frames are ours to place: at exact distances, on layer 0, and in the transparency as in the picture.
        let findsScenes = codec == .vp8 && layers.count == 1 && values.alpha == .discard && !isFixedQuantizer
        unsafe settings.kf_mode = findsScenes ? VPX_KF_AUTO : VPX_KF_DISABLED
        unsafe settings.kf_min_dist = 0
        unsafe settings.kf_max_dist = UInt32(Int32.max)
        guard codec == .vp9 else { return }
        unsafe settings.g_profile = UInt32((values.bitDepth > 8 ? 2 : 0) + (values.chroma == .yuv420 ? 0 : 1))
        unsafe settings.g_bit_depth = vpx_bit_depth(UInt32(values.bitDepth))
        unsafe settings.g_input_bit_depth = UInt32(values.bitDepth)
    }

    private mutating func applyRateControl() {
        unsafe settings.rc_dropframe_thresh = 0
        unsafe settings.rc_resize_allowed = 0
        // With the 25 of libvpx, frames never save what a key frame a second costs, and VP9 stays a tenth above its rate.
        if codec == .vp9 { unsafe settings.rc_undershoot_pct = 50 }
        switch config.rateControl {
        case .variable(let bitrate):
            // In one pass, VP9's VBR misses the rate by a fifth and ignores that of layers. CBR with libvpx's buffer of six
            // seconds keeps it, with less distortion.
            unsafe settings.rc_end_usage = codec == .vp9 ? VPX_CBR : VPX_VBR
            unsafe settings.rc_target_bitrate = kilobits(bitrate)
        case .constant(let bitrate):
            unsafe settings.rc_end_usage = VPX_CBR
            unsafe settings.rc_target_bitrate = kilobits(bitrate)
            unsafe settings.rc_buf_sz = 1000
            unsafe settings.rc_buf_initial_sz = 833
            unsafe settings.rc_buf_optimal_sz = 833
        case .quality:
            // VP8's quality is one that a bit rate may lower; with bits to spare, it is constant.
            unsafe settings.rc_end_usage = codec == .vp8 ? VPX_CQ : VPX_Q
            unsafe settings.rc_target_bitrate = Self.freeBitrate
        case .quantizer(let quantizer):
            // In CBR, VP8 gives some macroblocks a quantizer of their own.
            unsafe settings.rc_end_usage = layers.count > 1 && codec == .vp9 ? VPX_CBR : VPX_VBR
            unsafe settings.rc_target_bitrate = Self.freeBitrate
            fixQuantizer(quantizer)
        }
    }

    /// Has every frame from here on coded with this quantizer. Whether that changes anything.
    @discardableResult
    mutating func fixQuantizer(_ quantizer: Int) -> Bool {
        let quantizer = UInt32(quantizer)
        guard unsafe settings.rc_min_quantizer != quantizer || settings.rc_max_quantizer != quantizer else {
            return false
        }
        unsafe settings.rc_min_quantizer = quantizer
        unsafe settings.rc_max_quantizer = quantizer
        return true
    }

    private mutating func applyLayers() {
        guard layers.count > 1 else { return }
        let total = Int(unsafe settings.rc_target_bitrate)
        let rates = layers.cumulativeShares.map { UInt32(max(1, total * $0 / 100)) }
        unsafe cvpx_set_layers(&settings, CInt(layers.count), rates)
        guard codec == .vp9 else { return }
        // Layers have a share of the buffer each, and a longer one would have them start slowly.
        unsafe settings.rc_buf_sz = 1000
        unsafe settings.rc_buf_initial_sz = 600
        unsafe settings.rc_buf_optimal_sz = 600
        // VP9's frames must not depend on the probabilities of frames that may be gone.
        unsafe settings.g_error_resilient = vpx_codec_er_flags_t(VPX_ERROR_RESILIENT_DEFAULT)
    }

    private mutating func applyOptions() throws(EncoderConfigError) {
        for setting in try VPXOptions.table(for: codec, speeds: speeds).settings(config) {
            let value = setting.number ?? 0
            switch setting.place {
            case .field(let field): set(field, UInt32(value))
            case .control(let id): set(id, value)
            case .speed: speed = value
            }
        }
        set(VP8E_SET_CPUUSED, speed)
        try checkOptions()
    }

    mutating func set(_ field: VPXOptions.Field, _ value: UInt32) {
        switch field {
        case .minQuantizer: unsafe settings.rc_min_quantizer = value
        case .maxQuantizer: unsafe settings.rc_max_quantizer = value
        case .undershoot: unsafe settings.rc_undershoot_pct = value
        case .overshoot: unsafe settings.rc_overshoot_pct = value
        case .buffer: unsafe settings.rc_buf_sz = value
        case .bufferInitial: unsafe settings.rc_buf_initial_sz = value
        case .bufferOptimal: unsafe settings.rc_buf_optimal_sz = value
        case .errorResilience: unsafe settings.g_error_resilient = value
        case .minSection: unsafe settings.rc_2pass_vbr_minsection_pct = value
        case .maxSection: unsafe settings.rc_2pass_vbr_maxsection_pct = value
        }
    }

    /// Replaces an earlier value of the same control.
    mutating func set(_ control: vp8e_enc_control_id, _ value: Int) {
        let id = CInt(control.rawValue)
        controls.removeAll { $0.id == id }
        controls.append(VPXControl(id: id, value: CInt(value)))
    }

    /// The value of a control that was set.
    func value(of control: vp8e_enc_control_id) -> Int? {
        controls.first { $0.id == CInt(control.rawValue) }.map { Int($0.value) }
    }

    /// libvpx counts in thousands. Where transparency is kept, a fifth of the bit rate is its own.
    private func kilobits(_ bits: Int) -> UInt32 {
        let fifths = config.values.alpha == .discard ? 5 : plane == .picture ? 4 : 1
        return UInt32(max(1, (bits * fifths / 5 + 500) / 1000))
    }

    /// More than any picture needs: with a quantizer or a quality, the rate must not limit anything.
    private static let freeBitrate: UInt32 = 1_000_000
}

extension VPXParameters {
    /// The quantizer is fixed, so that the bit rate is what it is.
    var isFixedQuantizer: Bool {
        if case .quantizer = config.rateControl { true } else { false }
    }

    /// The bit rate that rate control keeps; `nil` where it keeps none.
    var bitrate: Int? { config.rateControl.bitrate }

    var isRealtime: Bool { config.values.latencyMode == .realtime }

    /// The deadline of one frame, which chooses between realtime and good quality: good quality must be given longer than
    /// the frame lasts.
    func deadline(for ticks: VPXTimes.Ticks) -> UInt {
        isRealtime ? 1 : max(UInt(VPX_DL_GOOD_QUALITY), clock.microseconds(ticks.duration) &+ 1)
    }
}
