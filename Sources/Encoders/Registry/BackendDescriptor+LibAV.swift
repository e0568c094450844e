internal import EncoderSettings
internal import LibAV
internal import VideoTypes

extension BackendDescriptor {
    /// Every encoder that is reached through libavcodec.
    static let libavcodec: [BackendDescriptor] = LibAVEncoderDescription.all.map(BackendDescriptor.init(_:))

    /// The fastest of those that have presets.
    private static let quickPresets = ["libx265": "ultrafast", "libsvtav1": "12", "librav1e": "10"]

    private init(_ encoder: LibAVEncoderDescription) {
        self.init(
            name: encoder.name,
            codecs: [encoder.codec],
            isHardware: encoder.isHardware,
            frames: FrameCapabilities(
                keyFrames: encoder.takesForcedKeyFrames,
                quantizers: encoder.takesFrameQuantizers
            ),
            keepsCoresBusy: encoder.name != "librav1e",
            quickPreset: Self.quickPresets[encoder.name],
            inputFormats: { encoder.inputFormats($0) },
            resolve: { config throws(EncoderConfigError) in try LibAVEncoder.resolve(config, encoder: encoder) },
            rules: { LibAVEncoder.frameRules($0, encoder: encoder) },
            notice: encoder.notice,
            tryOut: { config in encoder.isHardware ? LibAVEncoder.tryOut(config, encoder: encoder) : nil },
            makeBackend: { config, logger throws(EncoderError) in
                try LibAVEncoder(config, encoder: encoder, logger: logger)
            }
        )
    }
}
