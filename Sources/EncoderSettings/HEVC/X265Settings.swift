internal import Bitstream
internal import EncoderCore
internal import VideoTypes

/// A configuration as libx265's own parameters, so that none of libavcodec's defaults are used.
struct X265Settings {
    let config: ValidatedEncoderConfig
    let promise: HEVCPromise?
    /// What rate control keeps to, in thousands of bits; `nil` where it is free.
    private(set) var rate: (bitrate: Int?, buffer: Int?) = (nil, nil)
    private(set) var settings: CodecSettings

    init(_ config: ValidatedEncoderConfig) throws(EncoderConfigError) {
        self.config = config
        settings = CodecSettings(config)
        settings.parameterOption = "x265-params"
        settings.saysColor = false
        if case .hevc(let string) = config.codec {
            let promise = try HEVCPromise(string)
            try promise.check(config.values)
            self.promise = promise
        } else {
            promise = nil
        }
        try checkPicture()
        try applyPreset()
        applyPicture()
        applyStructure()
        try applyRateControl()
        try applyOptions()
        // libx265 does not report why it cannot be opened.
        if let promise {
            let coded = PictureSize(width: (config.size.width + 7) & ~7, height: (config.size.height + 7) & ~7)
            let needs = requirements(coded, decodedPictures: 1, promise.profile, tier: promise.string.tier)
            try needs.check(promise.level, of: promise.string)
        }
    }

    private func checkPicture() throws(EncoderConfigError) {
        let (values, size) = (config.values, config.size)
        let multiple = values.chroma.sizeMultiple
        guard size.width % multiple.width == 0, size.height % multiple.height == 0 else {
            throw .unsupported(
                "HEVC in \(values.chroma.name) does not support the odd size \(size) (use a multiple of \(multiple))"
            )
        }
        // libx265 3.5 takes narrower ones, down to 16, and writes past its own buffers (found with MALLOC_CHECK_).
        guard size.width >= 64, size.height >= 16 else {
            throw .unsupported("libx265 cannot safely encode a picture of \(size) (at least 64x16)")
        }
        guard values.scalabilityMode.temporalLayers == 1 else {
            throw .unsupported(
                "libx265 does not support temporal layers without delay (use \(Setting.scalabilityMode) L1T1)"
            )
        }
        // Table E.3 to E.5 as libx265 3.5 has it; it only reports that it cannot be opened.
        let color = values.colorSpace
        let codes = [(color.primaries.rawValue, 12), (color.transfer.rawValue, 18), (color.matrix.rawValue, 14)]
        for (code, limit) in codes where code > limit {
            throw .unsupported("libx265 does not write the color code point \(code) (at most \(limit))")
        }
    }

    private mutating func applyPreset() throws(EncoderConfigError) {
        let preset = config.values.preset ?? "medium"
        guard X265Options.presets.contains(preset) else {
            let expected = X265Options.presets.joined(separator: ", ")
            throw .malformed(field: "preset", value: preset, expected: expected)
        }
        settings.set("preset", preset)
        let isRealtime = config.values.latencyMode == .realtime
        let asked = config.values.encoderOptions.last { $0.key == "tune" }?.value
        if let asked, !X265Options.tunes.contains(asked) {
            let expected = X265Options.tunes.joined(separator: ", ")
            throw .malformed(field: "encoder option tune", value: asked, expected: expected)
        }
        let hinted = isRealtime ? nil : config.values.contentHint?.x265Tune
        if asked != nil { try config.checkHint(against: ["tune"]) }
        if isRealtime, config.values.contentHint == .detail {
            throw .unsupported(
                "libx265 has no tuning for \(Setting.contentHint) detail in \(Setting.latencyMode) realtime (use text or motion)"
            )
        }
        if config.values.contentHint == .text { settings.setParameter("tskip", 1) }
        if isRealtime, let asked, asked != "zerolatency" {
            throw .conflict(
                "\(Setting.latencyMode) realtime sets the tune zerolatency, and libx265 has only one tune, not \(asked) as well"
            )
        }
        if let tune = isRealtime ? "zerolatency" : asked ?? hinted { settings.set("tune", tune) }
    }

    private mutating func applyPicture() {
        let values = config.values
        // Why it refuses to be opened, it only prints.
        settings.setParameter("log-level", LibraryWords.areRead ? "error" : "none")
        // Its text names the machine's threads; without it, the same input is the same bytes.
        settings.setParameter("info", 0)
        settings.setParameter("annexb", 1)
        settings.setParameter("repeat-headers", 1)
        // An unspecified rate is not written.
        if values.framerate == nil { settings.setParameter("vui-timing-info", 0) }
        settings.setParameter("range", values.colorSpace.fullRange ? "full" : "limited")
        settings.setParameter("colorprim", values.colorSpace.primaries.rawValue)
        settings.setParameter("transfer", values.colorSpace.transfer.rawValue)
        settings.setParameter("colormatrix", values.colorSpace.matrix.rawValue)
        if values.chroma == .yuv420 { settings.setParameter("chromaloc", values.chromaLocation.rawValue) }
        if let shape = values.pixelAspectRatio { settings.setParameter("sar", "\(shape.width):\(shape.height)") }
        if let display = values.masteringDisplay { settings.setParameter("master-display", display) }
        if let light = values.contentLightLevel { settings.setParameter("max-cll", light) }
        if values.masteringDisplay != nil || values.contentLightLevel != nil { settings.setParameter("hdr10", 1) }
        if let threads = values.threads { settings.setParameter("pools", threads) }
        // What libavcodec calls threads is frames at a time, of which each delays by one.
        settings.threads = values.latencyMode == .realtime || values.isSegment ? 1 : 0
    }

    /// Each key frame is an IDR picture, which needs no earlier pictures.
    private mutating func applyStructure() {
        settings.set("forced-idr", 1)
        settings.setParameter("open-gop", 0)
        if promise?.isStillPicture == true {
            for (key, value) in X265Options.stillPicture { settings.setParameter(key, value) }
        }
        if let interval = config.values.keyFrameInterval { settings.setParameter("keyint", interval) }
        // libx265 takes no level where the quantizer is fixed; the level is written afterwards in any case, and what the opened
        // encoder needs is held against it.
        if case .quantizer = config.rateControl { return fitReferences() }
        guard config.promisesLevel, let promise else { return }
        settings.setParameter("level-idc", promise.level.name)
        settings.setParameter("high-tier", promise.string.tier == .high ? 1 : 0)
    }
}

// Rate control, and the user's own options.
extension X265Settings {
    /// Takes as many reference pictures as the preset wants and the level holds beside the one that is coded; a number that was
    /// asked for stays, and is refused if it does not fit.
    private mutating func fitReferences() {
        guard config.promisesLevel, let promise, !promise.isStillPicture else { return }
        let isAsked = config.values.encoderOptions.contains { X265Options.spelling.name($0.key) == "ref" }
        let coded = X265Options.codedSize(config)
        let most = max(1, promise.level.maxDecodedPictures(lumaSamples: coded.width * coded.height) - 1)
        let wanted = X265Options.references(ofPreset: config.values.preset ?? "medium")
        if !isAsked, wanted > most { settings.setParameter("ref", most) }
    }

    private mutating func applyRateControl() throws(EncoderConfigError) {
        switch config.rateControl {
        case .quality(let factor):
            if let factor { settings.setParameter("crf", factor) }
            keepLevel()
        case .variable(let bitrate):
            try needFramerate()
            keepAverage(bitrate)
            keepLevel()
        case .constant(let bitrate):
            try needFramerate()
            try needEvenFrames()
            keepAverage(bitrate)
            // As with libx264: what lookahead saves on one scene can be spent on the next.
            let headroom = config.values.latencyMode == .realtime ? 10 : 12
            let buffer = Self.kilobits(bitrate / config.values.bufferParts)
            keepLevel(bitrate: Self.kilobits(bitrate / 10 * headroom), buffer: buffer)
        case .quantizer where config.values.lossless:
            settings.setParameter("lossless", 1)
        case .quantizer(let quantizer):
            settings.setParameter("qp", quantizer)
            for (key, value) in X265Options.constantQuantizer { settings.setParameter(key, value) }
        }
    }

    /// libx265 counts frames.
    private func needFramerate() throws(EncoderConfigError) {
        guard config.values.framerate == nil, config.values.averageFramerate == nil else { return }
        // The encoder is opened again when the rate turns out to be another one.
        guard config.values.latencyMode == .quality else { return }
        throw .unsupported("libx265 ignores timestamps: a bitrate needs a framerate")
    }

    /// At a constant rate, what comes within a second has the bits of a second.
    private func needEvenFrames() throws(EncoderConfigError) {
        guard config.burst > 1.1, let highest = config.values.highestFramerate,
            let average = config.values.averageFramerate
        else { return }
        throw .unsupported(
            "libx265 counts frames to keep a constant bit rate, but up to \(highest) come in a second, \(average) on"
                + " average (use \(Setting.bitrateMode) variable, or libx264, libvpx or libaom, which use the times)"
        )
    }

    private mutating func keepAverage(_ bitrate: Int) {
        rate.bitrate = Self.kilobits(bitrate)
        settings.setParameter("bitrate", Self.kilobits(bitrate))
    }

    /// Keeps within a buffer: a given one, or the level's where a level was promised, whichever is tighter.
    private mutating func keepLevel(bitrate: Int? = nil, buffer: Int? = nil) {
        var limits = (bitrate: bitrate, buffer: buffer)
        if config.promisesLevel, let promise {
            let factor = promise.profile.bitrateFactor
            let whole = promise.level.maxBitrate(promise.string.tier, factor: factor) / 1000
            let bitrate = Int(Double(whole) / config.burst)
            let most = promise.level.maxCPB(promise.string.tier, factor: factor)
            let buffer = most / config.values.bufferParts / 1000
            limits = (min(limits.bitrate ?? bitrate, bitrate), min(limits.buffer ?? buffer, buffer))
        }
        guard let bitrate = limits.bitrate, let buffer = limits.buffer else { return }
        (rate.bitrate, rate.buffer) = (max(rate.bitrate ?? 0, bitrate), buffer)
        settings.setParameter("vbv-maxrate", bitrate)
        settings.setParameter("vbv-bufsize", buffer)
    }

    private mutating func applyOptions() throws(EncoderConfigError) {
        let own = Set(settings.parameters.map { X265Options.spelling.name($0.key) })
        for setting in try X265Options.table.settings(config) where setting.option.key != "tune" {
            let option = setting.option
            guard !own.contains(setting.name) else {
                throw .unsupported("encoder option \(option.text) contradicts other settings, which set it")
            }
            if option.value.contains("\0") || option.value.isEmpty {
                throw .malformed(field: "encoder option \(option.key)", value: option.value, expected: "a value")
            }
            settings.parameters.append(option)
        }
    }

    /// libx265 counts in thousands.
    private static func kilobits(_ bits: Int) -> Int { (bits + 500) / 1000 }
}
