internal import EncoderSettings
internal import LibAV
internal import VideoTypes

extension BackendDescriptor {
    /// Every encoder that is reached through libavcodec.
    static let libavcodec: [BackendDescriptor] = LibAVEncoderDescription.all.map(BackendDescriptor.init(_:))

    /// What was measured of an encoder.
    private struct Measured {
        /// The fastest preset.
        let quickPreset: String
        var keepsCoresBusy = true
        let memory: EncoderMemory
    }

    /// One row for each encoder but hardware.
    private static let measured = [
        "libx265": Measured(quickPreset: "ultrafast", memory: .x265),
        "libsvtav1": Measured(quickPreset: "12", memory: .svtAV1),
        "librav1e": Measured(quickPreset: "10", keepsCoresBusy: false, memory: .rav1e),
    ]

    private init(_ encoder: LibAVEncoderDescription) {
        let measured = Self.measured[encoder.name]
        self.init(
            name: encoder.name,
            memory: [encoder.codec: measured?.memory ?? .other(encoder.codec)],
            isHardware: encoder.isHardware,
            frames: FrameCapabilities(
                keyFrames: encoder.takesForcedKeyFrames,
                quantizers: encoder.takesFrameQuantizers
            ),
            keepsCoresBusy: measured?.keepsCoresBusy ?? true,
            quickPreset: measured?.quickPreset,
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
