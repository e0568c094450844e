internal import VideoTypes
internal import X264Backend

extension BackendDescriptor {
    /// libx264, called directly.
    static let x264 = BackendDescriptor(
        name: "libx264",
        memory: [.h264: .x264],
        inputFormats: { $0.values.pictureFormat == .i420 ? [.i420, .nv12] : [$0.values.pictureFormat] },
        resolve: { config throws(EncoderConfigError) in try X264Backend.resolve(config) },
        rules: { X264Backend.frameRules($0) },
        makeBackend: { config, logger throws(EncoderError) in try X264Backend(config, logger: logger) }
    )
}
