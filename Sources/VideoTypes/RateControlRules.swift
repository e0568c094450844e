// The meaning of the settings of rate control, and which of them exclude each other.
extension EncoderConfig {
    func rateControl(for codec: VideoCodec) throws(EncoderConfigError) -> ValidatedEncoderConfig.RateControl {
        if lossless { return try losslessControl(for: codec) }
        if bitrateMode == .quantizer { return .quantizer(try fixedQuantizer(for: codec)) }
        guard quantizer == nil, quantizerIndex == nil else {
            throw .conflict("a quantizer needs \(Setting.bitrateMode) quantizer, not \(bitrateMode.rawValue)")
        }
        if let quality = constantQuality { return .quality(try checked(quality, for: codec)) }
        switch (bitrate, bitrateMode) {
        case (let bitrate?, .constant): return .constant(bitrate: bitrate)
        case (let bitrate?, _): return .variable(bitrate: bitrate)
        case (nil, .constant): throw .conflict("\(Setting.bitrateMode) constant needs a bitrate")
        case (nil, _): return .quality(nil)
        }
    }

    /// A quantizer of 0 is what lossless is to VP9 and AV1; H.264 and HEVC have a tool for it.
    private func losslessControl(for codec: VideoCodec) throws(EncoderConfigError) -> ValidatedEncoderConfig.RateControl
    {
        guard codec != .vp8 else {
            throw .unsupported("VP8 has no lossless mode (use H.264, HEVC, VP9 or AV1)")
        }
        guard bitrate == nil, constantQuality == nil, quantizer == nil, quantizerIndex == nil else {
            throw .conflict("lossless excludes a bitrate, \(Setting.constantQuality) and a quantizer")
        }
        guard bitrateMode == .variable else {
            throw .conflict("lossless excludes \(Setting.bitrateMode) \(bitrateMode.rawValue)")
        }
        return .quantizer(0)
    }

    private func checked(_ quality: Double, for codec: VideoCodec) throws(EncoderConfigError) -> Double {
        guard bitrate == nil else { throw .conflict("a bitrate and \(Setting.constantQuality) exclude each other") }
        guard bitrateMode == .variable else {
            throw .conflict("\(Setting.constantQuality) and \(Setting.bitrateMode) constant exclude each other")
        }
        let levels = QuantizerScale(codec).levels
        guard quality >= 0, quality <= Double(levels.upperBound) else {
            throw .malformed(
                field: "constantQuality",
                value: "\(quality)",
                expected: "a number in \(levels.lowerBound)...\(levels.upperBound)"
            )
        }
        return quality
    }

    private func fixedQuantizer(for codec: VideoCodec) throws(EncoderConfigError) -> Int {
        guard bitrate == nil, constantQuality == nil else {
            throw .conflict("\(Setting.bitrateMode) quantizer excludes a bitrate and \(Setting.constantQuality)")
        }
        let options = EncodeOptions(quantizer: quantizer, quantizerIndex: quantizerIndex)
        guard let level = try options.quantizerLevel(for: codec) else {
            throw .conflict("\(Setting.bitrateMode) quantizer needs a quantizer")
        }
        return level
    }
}

extension EncodeOptions {
    /// The quantizer that the options ask for, in the codec libraries' scale; `nil` if they ask for none.
    ///
    /// - Throws: ``EncoderConfigError`` if it is out of range, specified in both scales, or in one that the codec does not
    ///   have.
    public func quantizerLevel(for codec: VideoCodec) throws(EncoderConfigError) -> Int? {
        let scale = QuantizerScale(codec)
        guard let index = quantizerIndex else {
            try ValidatedEncoderConfig.check("quantizer", quantizer, in: scale.levels)
            return quantizer
        }
        guard quantizer == nil else { throw .conflict("quantizer and qindex exclude each other") }
        guard let range = scale.indexRange else {
            throw .unsupported("\(codec.name) has no qindex (its quantizer is 0...51)")
        }
        try ValidatedEncoderConfig.check("quantizerIndex", index, in: range)
        return scale.level(nearestTo: index)
    }
}
