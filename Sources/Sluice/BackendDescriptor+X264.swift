internal import EncoderCore
internal import VideoTypes
internal import X264Backend

extension BackendDescriptor {
    /// libx264, called directly.
    static let x264 = BackendDescriptor(
        name: "libx264",
        codecs: [.h264],
        resolve: { config throws(EncoderConfigError) in try X264Backend.resolve(config) },
        makeSetup: { config, logger in
            let preparation = FramePreparation(config)
            return EncoderSetup(
                config: config,
                needsGrowingTimestamps: X264Backend.followsTimestamps(config),
                prepare: { frame throws(EncoderError) in try preparation.prepare(frame) },
                makeBackend: { () throws(EncoderError) in try X264Backend(config, logger: logger) }
            )
        },
        richestChroma: { request in
            guard case .avc(let string) = request else { return .yuv420 }
            return X264Backend.richestChroma(of: string)
        }
    )
}
