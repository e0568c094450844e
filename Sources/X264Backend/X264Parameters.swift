internal import Bitstream
internal import CX264
internal import EncoderCore
internal import Logging
internal import VideoTypes

/// Sole owner of one `x264_param_t`, made from a configuration so that every promise of the codec string is kept.
@safe
struct X264Parameters: ~Copyable {
    let pointer: UnsafeMutablePointer<x264_param_t>
    let config: ValidatedEncoderConfig
    /// The codec string, chosen if none was given.
    private(set) var codec = AVCCodecString(profileIdc: 0, constraints: 0, levelIdc: 0)
    /// The user's own options.
    private(set) var options: [OptionSetting<X264Options.Place>] = []

    /// Everything that a configuration means to libx264.
    ///
    /// - Throws: `EncoderConfigError` for options that libx264 refuses and for what exceeds the profile or the level.
    init(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        unsafe pointer = .allocate(capacity: 1)
        // Whatever throws from here on, deinit finds something that it can clean up.
        unsafe x264_param_default(pointer)
        self.config = config
        try Self.checkSize(config)
        try Self.checkColor(config.values.colorSpace)
        try Self.checkBitDepth(config.values.bitDepth)
        options = try X264Options.table.settings(config)
        try applyPreset()
        applyPicture()
        applyTiming()
        applyRateControl()
        try applyOptions()
        try keepLayers()
        codec = try chooseCodec()
        try keepPromises()
    }

    deinit {
        unsafe x264_param_cleanup(pointer)
        unsafe pointer.deallocate()
    }

    /// Cropping in the SPS counts chroma samples (H.264 7.4.2.1.1), so half of one cannot be stored.
    private static func checkSize(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        let multiple = config.values.chroma.sizeMultiple
        guard config.size.width % multiple.width == 0, config.size.height % multiple.height == 0 else {
            throw .unsupported(
                "H.264 in \(config.values.chroma.name) does not support the odd size \(config.size)"
                    + " (use a multiple of \(multiple))"
            )
        }
    }

    private static func checkBitDepth(_ bitDepth: Int) throws(EncoderConfigError) {
        guard [8, 10].contains(bitDepth) else {
            throw .unsupported("libx264 encodes 8 or 10 bits a sample, not \(bitDepth)")
        }
        guard [0, CInt(bitDepth)].contains(cx264_bit_depth()) else {
            throw .unsupported("this libx264 was built for \(cx264_bit_depth()) bits a sample, not \(bitDepth)")
        }
    }

    /// libx264 writes code points of H.264 tables E-3 to E-5 that it does not know as unspecified.
    private static func checkColor(_ color: VideoColorSpace) throws(EncoderConfigError) {
        let codes = [(color.primaries.rawValue, 12), (color.transfer.rawValue, 18), (color.matrix.rawValue, 14)]
        for (code, limit) in codes where code > limit || code == 3 || (code == 0 && limit != 14) {
            throw .unsupported("libx264 does not write the color code point \(code) (use 1, 2 or 4 to \(limit))")
        }
    }

    private func applyPreset() throws(EncoderConfigError) {
        let preset = config.values.preset ?? "medium"
        var tunes = options.filter { $0.place == .tune }.map(\.option.value)
        if config.values.latencyMode == .realtime { tunes.append("zerolatency") }
        if let hint = config.values.contentHint { tunes.append(hint.x264Tune) }
        // The names are checked here because libx264 would print what it thinks of a wrong one.
        try Self.check("preset", preset, isIn: unsafe Self.names(cx264_preset_names()))
        let knownTunes = unsafe Self.names(cx264_tune_names())
        for tune in tunes.flatMap({ $0.split { ",./-+".contains($0) } }) {
            try Self.check("encoder option tune", String(tune), isIn: knownTunes)
        }
        let tune = tunes.isEmpty ? nil : tunes.joined(separator: ",")
        guard unsafe x264_param_default_preset(pointer, preset, tune) == 0 else {
            throw .conflict("libx264 cannot combine the tunes \(tune ?? "")")
        }
        unsafe pointer.pointee.i_log_level = X264_LOG_NONE
    }

    private static func check(_ field: String, _ name: String, isIn names: [String]) throws(EncoderConfigError) {
        guard names.contains(name) else {
            throw .malformed(field: field, value: name, expected: names.joined(separator: ", "))
        }
    }

    private func applyPicture() {
        let values = config.values
        unsafe pointer.pointee.i_width = CInt(config.size.width)
        unsafe pointer.pointee.i_height = CInt(config.size.height)
        unsafe pointer.pointee.i_csp = values.chroma.x264ColorSpace
        unsafe pointer.pointee.i_bitdepth = CInt(values.bitDepth)
        unsafe pointer.pointee.vui.i_sar_width = CInt(values.pixelAspectRatio?.width ?? 0)
        unsafe pointer.pointee.vui.i_sar_height = CInt(values.pixelAspectRatio?.height ?? 0)
        unsafe pointer.pointee.vui.b_fullrange = values.colorSpace.fullRange ? 1 : 0
        unsafe pointer.pointee.vui.i_colorprim = CInt(values.colorSpace.primaries.rawValue)
        unsafe pointer.pointee.vui.i_transfer = CInt(values.colorSpace.transfer.rawValue)
        unsafe pointer.pointee.vui.i_colmatrix = CInt(values.colorSpace.matrix.rawValue)
        let isLocated = values.chroma == .yuv420
        unsafe pointer.pointee.vui.i_chroma_loc = isLocated ? CInt(values.chromaLocation.rawValue) : 0
        unsafe pointer.pointee.i_threads = CInt(values.threads ?? 0)
        // Without it, macroblock trees differ from processor to processor, and with AVX-512 from run to run: libx264 164 reads
        // uninitialized memory there. The cost is not measurable.
        unsafe pointer.pointee.b_cpu_independent = 1
    }

    /// With a frame rate, libx264 counts frames, so that fractions are exact; without one it follows timestamps in
    /// microseconds. Following timestamps costs a frame of delay, which realtime and temporal layers do not have.
    private func applyTiming() {
        let counts = config.countsFrames
        let rate = config.nominalFramerate
        unsafe pointer.pointee.b_vfr_input = counts ? 0 : 1
        unsafe pointer.pointee.i_fps_num = UInt32(rate.numerator)
        unsafe pointer.pointee.i_fps_den = UInt32(rate.denominator)
        unsafe pointer.pointee.i_timebase_num = counts ? UInt32(rate.denominator) : 1
        unsafe pointer.pointee.i_timebase_den = counts ? UInt32(rate.numerator) : 1_000_000
        if let interval = config.values.keyFrameInterval {
            unsafe pointer.pointee.i_keyint_max = CInt(interval)
        }
    }

    private func applyRateControl() {
        guard !config.values.lossless else {
            unsafe pointer.pointee.rc.i_rc_method = X264_RC_CQP
            unsafe pointer.pointee.rc.i_qp_constant = 0
            return
        }
        switch config.rateControl {
        case .quality(let factor):
            unsafe pointer.pointee.rc.i_rc_method = X264_RC_CRF
            if let factor { unsafe pointer.pointee.rc.f_rf_constant = Float(factor) }
        case .variable(let bitrate):
            keepAverage(bitrate)
        case .constant(let bitrate):
            keepAverage(bitrate)
            unsafe pointer.pointee.rc.i_vbv_max_bitrate = Self.kilobits(bitrate / 10 * constantHeadroom)
            let buffer = Self.kilobits(bitrate / config.values.bufferParts)
            unsafe pointer.pointee.rc.i_vbv_buffer_size = max(buffer, frame(at: Self.kilobits(bitrate)))
        case .quantizer(let quantizer):
            // In CQP mode libx264 clamps a frame's own quantizer; in CRF mode without adaptive quantization and
            // macroblock tree it takes it as it is.
            unsafe pointer.pointee.rc.i_rc_method = X264_RC_CRF
            // A rate factor below 1 would mean lossless, which quantizer 0 does not.
            unsafe pointer.pointee.rc.f_rf_constant = Float(max(1, quantizer))
        }
    }

    /// libx264's own tolerance leaves ten seconds of video up to 12 % off the target; a tenth of it, 4 %. A constant
    /// rate in realtime is kept by the buffer alone, and is on target as it is.
    private func keepAverage(_ bitrate: Int) {
        unsafe pointer.pointee.rc.i_rc_method = X264_RC_ABR
        unsafe pointer.pointee.rc.i_bitrate = Self.kilobits(bitrate)
        if config.values.bitrateMode == .constant, config.values.latencyMode == .realtime { return }
        unsafe pointer.pointee.rc.f_rate_tolerance = 0.1
    }

    /// Tenths of the target at which the buffer is filled in constant mode. With none to spare, what lookahead saves
    /// on one scene could never be spent on the next, and the whole would miss the target; a constant HRD allows none.
    private var constantHeadroom: Int {
        let hasHRD = options.contains { $0.name == "nal-hrd" }
        return config.values.latencyMode == .realtime || hasHRD ? 10 : 12
    }

    private func applyOptions() throws(EncoderConfigError) {
        guard config.values.keyFrameInterval == nil || !options.contains(where: { $0.name == "keyint" }) else {
            throw .conflict("the key frame interval and the encoder option keyint say the same thing twice")
        }
        var seen: [String: String] = [:]
        for setting in options where setting.place == .parameter {
            let key = setting.option.key
            // One of two values would be ignored.
            if let other = seen.updateValue(key, forKey: setting.name) {
                throw .conflict("encoder options \(other) and \(key) are one option, given twice")
            }
            try apply(setting.option)
        }
    }

    private func apply(_ option: EncoderOption) throws(EncoderConfigError) {
        switch unsafe x264_param_parse(pointer, option.key, option.value) {
        case 0: return
        case X264_PARAM_BAD_NAME: throw X264Options.table.unknown(option)
        default:
            throw .malformed(
                field: "encoder option \(option.key)",
                value: option.value,
                expected: "a value that libx264 takes for it"
            )
        }
    }

    /// An option that was given and then overruled by a promise would be an option ignored: it is refused instead.
    func refuseOptions(overruledBy promise: String) throws(EncoderConfigError) {
        for setting in options.sorted(by: { $0.option.key < $1.option.key }) where wouldChange(setting) {
            throw .unsupported("encoder option \(setting.option.text) contradicts \(promise)")
        }
    }

    private func wouldChange(_ setting: OptionSetting<X264Options.Place>) -> Bool {
        // Options whose value is a string of their own are never overruled, and their pointers differ each time.
        guard setting.place == .parameter, setting.name != FrameZones.option else { return false }
        var again = unsafe pointer.pointee
        unsafe x264_param_parse(&again, setting.option.key, setting.option.value)
        return unsafe withUnsafeBytes(of: &again) { after in
            let before = unsafe UnsafeRawBufferPointer(start: pointer, count: MemoryLayout<x264_param_t>.size)
            return unsafe !after.elementsEqual(before)
        }
    }

    /// What a frame takes at a bit rate: a buffer that does not hold it is enlarged by libx264, even over the level.
    func frame(at kilobits: CInt) -> CInt {
        CInt(clamping: Int((Double(kilobits) / config.nominalFramerate.approximate).rounded(.up)))
    }

    /// libx264 counts in thousands.
    private static func kilobits(_ bits: Int) -> CInt { CInt((bits + 500) / 1000) }

    private static func names(_ list: UnsafePointer<UnsafePointer<CChar>?>) -> [String] {
        var names: [String] = []
        while let name = unsafe list[names.count] { unsafe names.append(String(cString: name)) }
        return names
    }
}

extension ContentHint {
    /// The tune of libx264 that is nearest: H.264 has no tools for screens.
    fileprivate var x264Tune: String {
        switch self {
        case .text: "animation"
        case .detail: "stillimage"
        case .motion: "film"
        }
    }
}

extension ValidatedEncoderConfig {
    /// libx264 takes a rate factor below 1 for lossless; with more than 8 bits, one below zero only.
    var isLossless: Bool {
        if values.lossless { return true }
        return if values.bitDepth == 8, case .quality(let factor?) = rateControl { factor < 1 } else { false }
    }

    /// `QpBdOffsetY` (H.264 7.4.2.1.1): libx264's quantizers begin with 0, the bitstream's this much below.
    var quantizerOffset: Int { 6 * (values.bitDepth - 8) }

    /// There are temporal layers above the base layer.
    var hasLayers: Bool { values.scalabilityMode.temporalLayers > 1 }

    /// One frame in, one out. Temporal layers need it: libx264 forgets references between two frames, not ahead.
    var isLowDelay: Bool { values.latencyMode == .realtime || hasLayers }

    /// The quantizer is fixed, so that the bit rate is what it is.
    var isFreeOfRateControl: Bool {
        if case .quantizer = rateControl { true } else { isLossless }
    }

    /// libx264 is told frame numbers instead of microseconds.
    var countsFrames: Bool { values.framerate != nil || isLowDelay }
}
