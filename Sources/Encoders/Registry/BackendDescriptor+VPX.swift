internal import VPXBackend
internal import VideoTypes

extension BackendDescriptor {
    /// libvpx, called directly.
    static let vpx = BackendDescriptor(
        name: "libvpx",
        memory: [.vp8: .vp8, .vp9: .vp9],
        keepsCoresBusy: false,
        quickPreset: "5",
        resolve: { config throws(EncoderConfigError) in try VPXBackend.resolve(config) },
        rules: { VPXBackend.frameRules($0) },
        makeBackend: { config, logger throws(EncoderError) in try VPXBackend(config, logger: logger) }
    )
}
