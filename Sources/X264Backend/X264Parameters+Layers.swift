internal import CX264
internal import VideoTypes

// What libx264 must be held to for temporal layers.
extension X264Parameters {
    /// Low delay in both latency modes: no B-frames, no lookahead, threads within a frame only. One reference, and room for it
    /// until its whole period is over. No unrequested key frames: they would get the layer of the current position.
    func keepLayers() throws(EncoderConfigError) {
        guard config.hasLayers else { return }
        keepLatency()
        unsafe pointer.pointee.i_scenecut_threshold = 0
        unsafe pointer.pointee.i_keyint_max = X264_KEYINT_MAX_INFINITE
        unsafe pointer.pointee.i_frame_reference = 1
        unsafe pointer.pointee.i_dpb_size = CInt(config.values.scalabilityMode.period)
        try refuseOptions(overruledBy: "\(Setting.scalabilityMode) \(config.values.scalabilityMode)")
    }
}
