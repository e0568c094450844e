internal import Bitstream
internal import CX264
internal import EncoderCore
internal import VideoTypes

// The profile and the level: chosen where they were left open, kept where they were given.
extension X264Parameters {
    /// The codec string that was asked for, or the lowest profile and level that the parameters fit into.
    func chooseCodec() throws(EncoderConfigError) -> AVCCodecString {
        if case .avc(let string) = config.codec { return string }
        let profile = profileInUse
        let needs = requirements(profileIdc: profile.profileIdc)
        guard let level = needs.lowestLevel(atFirstOf: config.ratesForLevel) else { throw needs.refusal(by: .h264) }
        return AVCCodecString(
            profileIdc: profile.profileIdc,
            constraints: profile.constraints | (level.needsConstraintSet3(inProfile: profile.profileIdc) ? 0x10 : 0),
            levelIdc: level.levelIdc(inProfile: profile.profileIdc)
        )
    }

    /// The lowest profile that has every tool in use; the rules are those by which libx264 writes its SPS.
    private var profileInUse: (profileIdc: UInt8, constraints: UInt8) {
        let raw = unsafe pointer.pointee
        if config.isLossless { return (244, 0) }
        switch config.values.chroma {
        case .yuv444: return (244, 0)
        case .yuv422: return (122, 0)
        case .yuv420: break
        }
        if config.values.bitDepth > 8 { return (110, 0) }
        if unsafe raw.analyse.b_transform_8x8 != 0 || raw.i_cqm_preset != X264_CQM_FLAT { return (100, 0) }
        let usesMain = unsafe raw.b_cabac != 0 || raw.i_bframe > 0 || raw.analyse.i_weighted_pred > 0
        return usesMain ? (77, 0x40) : (66, 0xC0)
    }

    func keepPromises() throws(EncoderConfigError) {
        let promise = try X264Promise(codec)
        try keepProfile(promise)
        try refuseOptions(overruledBy: codec.description)
        if config.values.latencyMode == .realtime {
            keepLatency()
            try refuseOptions(overruledBy: "\(Setting.latencyMode) realtime")
        }
        // As the x264 command has it for a raw stream and for a container: what is in band counts in rate control.
        let isAnnexB = config.values.avcFormat == .annexB
        unsafe pointer.pointee.b_annexb = isAnnexB ? 1 : 0
        unsafe pointer.pointee.b_repeat_headers = isAnnexB ? 1 : 0
        unsafe pointer.pointee.i_level_idc = CInt(promise.level.levelIdc)
        if case .quantizer = config.rateControl, !config.isLossless {
            keepQuantizers()
            try refuseOptions(overruledBy: "\(Setting.bitrateMode) quantizer")
        } else if !config.isLossless {
            keepLevelRate(promise)
            keepFrameInBuffer()
            makeTargetChangeable()
        }
        fitReferences(to: promise.level)
        try requirements(profileIdc: promise.profileIdc).check(promise.level, of: codec)
    }

    private func keepProfile(_ promise: X264Promise) throws(EncoderConfigError) {
        try checkSamples(promise)
        guard unsafe x264_param_apply_profile(pointer, promise.tools.rawValue) == 0 else {
            throw .unsupported("libx264 cannot keep the \(promise.tools.rawValue) profile with these options")
        }
        if promise.forbidsBFrames { unsafe pointer.pointee.i_bframe = 0 }
    }

    private func checkSamples(_ promise: X264Promise) throws(EncoderConfigError) {
        let (chroma, bitDepth) = (config.values.chroma, config.values.bitDepth)
        guard promise.richestChroma.chromaFormatIdc >= chroma.chromaFormatIdc else {
            throw .unsupported(
                "chroma \(chroma.name) exceeds \(codec)"
                    + " (use profile_idc \(chroma == .yuv422 ? "122 or 244" : "244"))"
            )
        }
        guard promise.greatestBitDepth >= bitDepth else {
            throw .unsupported("\(bitDepth) bits a sample exceed \(codec) (use profile_idc 110, 122 or 244)")
        }
        guard !config.isLossless || promise.tools == .high444 else {
            throw .unsupported(
                "lossless, which a constant quality below 1 also is, exceeds \(codec): it needs profile_idc 244 (avc1.F400LL)"
            )
        }
    }

    /// One frame in, one out: the settings of the tune zerolatency, which options cannot change.
    func keepLatency() {
        unsafe pointer.pointee.i_bframe = 0
        unsafe pointer.pointee.rc.i_lookahead = 0
        unsafe pointer.pointee.i_sync_lookahead = 0
        unsafe pointer.pointee.b_sliced_threads = 1
        unsafe pointer.pointee.rc.b_mb_tree = 0
    }

    /// Every frame gets exactly the quantizer that it is given.
    private func keepQuantizers() {
        unsafe pointer.pointee.rc.i_aq_mode = X264_AQ_NONE
        unsafe pointer.pointee.rc.b_mb_tree = 0
        unsafe pointer.pointee.rc.i_qp_min = 0
        unsafe pointer.pointee.rc.i_qp_max = CInt(51 + config.quantizerOffset)
        unsafe pointer.pointee.rc.i_vbv_max_bitrate = 0
        unsafe pointer.pointee.rc.i_vbv_buffer_size = 0
    }

    /// The level's bit rate and buffer apply as a VBV, unless tighter bounds are set. Without a requested level, the requested
    /// quality or rate has priority.
    private func keepLevelRate(_ promise: X264Promise) {
        guard config.promisesLevel else { return }
        let maxBitrate = CInt(promise.level.maxBitrate(profileIdc: promise.profileIdc) / 1000)
        let buffer = promise.level.maxCPB(profileIdc: promise.profileIdc) / config.values.bufferParts
        let maxBuffer = CInt(buffer / 1000)
        if case .constant = config.rateControl {
            unsafe pointer.pointee.rc.i_vbv_max_bitrate = min(maxBitrate, pointer.pointee.rc.i_vbv_max_bitrate)
        }
        if unsafe pointer.pointee.rc.i_vbv_max_bitrate == 0 { unsafe pointer.pointee.rc.i_vbv_max_bitrate = maxBitrate }
        if unsafe pointer.pointee.rc.i_vbv_buffer_size == 0 { unsafe pointer.pointee.rc.i_vbv_buffer_size = maxBuffer }
    }

    /// If a buffer does not hold a frame at the highest rate, libx264 uses a larger one, even over the level.
    private func keepFrameInBuffer() {
        let (buffer, most) = unsafe (pointer.pointee.rc.i_vbv_buffer_size, pointer.pointee.rc.i_vbv_max_bitrate)
        guard buffer > 0, most > 0 else { return }
        let fitting = Int(buffer) * config.nominalFramerate.numerator / config.nominalFramerate.denominator
        let target = isAverage ? Int(unsafe pointer.pointee.rc.i_bitrate) : 1
        unsafe pointer.pointee.rc.i_vbv_max_bitrate = CInt(max(target, min(Int(most), fitting)))
    }

    /// Takes as many reference frames as the preset wants and the level's DPB holds, as the x264 command does; a number
    /// that was asked for stays, and is refused if it does not fit.
    private func fitReferences(to level: AVCLevel) {
        guard config.promisesLevel else { return }
        let allowed = requirements(profileIdc: 0).decodedFramesAllowed(by: level)
        let asked = Set(options.map(\.name))
        if !asked.contains("ref") {
            let fitting = max(1, min(Int(unsafe pointer.pointee.i_frame_reference), allowed))
            unsafe pointer.pointee.i_frame_reference = CInt(fitting)
        }
        if decodedPictureBuffer > allowed, !asked.contains("b-pyramid") {
            unsafe pointer.pointee.i_bframe_pyramid = X264_B_PYRAMID_NONE
        }
        if decodedPictureBuffer > allowed, !asked.contains("bframes") {
            unsafe pointer.pointee.i_bframe = 0
        }
    }

    func requirements(profileIdc: UInt8) -> AVCLevelNeeds {
        let raw = unsafe pointer.pointee
        let isFree = config.isFreeOfRateControl
        let bitrate = max(unsafe raw.rc.i_vbv_max_bitrate, isAverage ? unsafe raw.rc.i_bitrate : 0)
        return AVCLevelNeeds(
            size: config.size,
            framerate: config.levelFramerate,
            decodedFrames: decodedPictureBuffer,
            bitrate: isFree || bitrate == 0 ? nil : Int(bitrate) * 1000,
            codedPictureBuffer: isFree ? nil : Int(unsafe raw.rc.i_vbv_buffer_size) * 1000,
            profileIdc: profileIdc,
            verticalMotion: unsafe raw.analyse.i_mv_range > 0 ? Int(raw.analyse.i_mv_range) : nil
        )
    }

    private var isAverage: Bool { unsafe pointer.pointee.rc.i_rc_method == X264_RC_ABR }

    /// `max_dec_frame_buffering` as libx264 will write it (`x264_sps_init`); read back from the SPS once it is open.
    private var decodedPictureBuffer: Int {
        let raw = unsafe pointer.pointee
        guard unsafe raw.i_keyint_max != 1 else { return 0 }
        let bFrames = unsafe min(raw.i_bframe, raw.i_keyint_max - 1)
        let hasBFrames = bFrames > 0
        let hasPyramid = unsafe bFrames > 1 && raw.i_bframe_pyramid != X264_B_PYRAMID_NONE
        let reordered = hasPyramid ? 2 : hasBFrames ? 1 : 0
        let frames = unsafe max(raw.i_frame_reference, raw.i_dpb_size)
        return min(16, max(Int(frames), 1 + reordered, hasPyramid ? 4 : 1))
    }
}
