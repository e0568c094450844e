internal import AOMBackend
internal import VideoTypes

extension BackendDescriptor {
    /// libaom, called directly.
    static let aom = BackendDescriptor(
        name: "libaom",
        memory: [.av1: .aom],
        keepsCoresBusy: false,
        quickPreset: "9",
        resolve: { config throws(EncoderConfigError) in try AOMBackend.resolve(config) },
        rules: { AOMBackend.frameRules($0) },
        notice: { AOMBackend.notice($0) },
        makeBackend: { config, logger throws(EncoderError) in try AOMBackend(config, logger: logger) }
    )
}
