internal import CVPX
internal import VideoTypes

// What options must agree with, between each other and with the rest of the configuration.
extension VPXParameters {
    /// Throws if an option sets the same as another setting, or a value that libvpx would change without an error.
    func checkOptions() throws(EncoderConfigError) {
        let keys = config.values.encoderOptions.map(\.key)
        guard config.values.preset == nil || !keys.contains("cpu-used") else {
            throw .conflict("the preset and the encoder option cpu-used exclude each other")
        }
        guard unsafe settings.rc_min_quantizer <= settings.rc_max_quantizer else {
            throw .conflict("encoder option min-q is greater than max-q")
        }
        try checkQuality(keys)
        try checkTiles(keys)
    }

    /// The quality is a quantizer within the bounds.
    private func checkQuality(_ keys: [String]) throws(EncoderConfigError) {
        guard let quality = value(of: VP8E_SET_CQ_LEVEL) else { return }
        let bounds = unsafe Int(settings.rc_min_quantizer)...Int(settings.rc_max_quantizer)
        guard !bounds.contains(quality) else { return }
        throw .conflict(
            "the quality \(quality) is not within the encoder options min-q and max-q,"
                + " \(bounds.lowerBound)...\(bounds.upperBound)"
        )
    }

    /// libvpx would take the nearest number of tiles that the width allows.
    private func checkTiles(_ keys: [String]) throws(EncoderConfigError) {
        let allowed = Self.tileColumns(ofWidth: config.size.width)
        guard keys.contains("tile-columns"), let columns = value(of: VP9E_SET_TILE_COLUMNS) else { return }
        guard !allowed.contains(columns) else { return }
        throw .unsupported(
            "encoder option tile-columns=\(columns) does not fit the width \(config.size.width)"
                + " (use \(allowed.lowerBound)...\(allowed.upperBound))"
        )
    }
}

extension VPXParameters {
    /// What was chosen, for the log.
    var summary: String {
        let threads = unsafe settings.g_threads
        let tiles = value(of: VP9E_SET_TILE_COLUMNS).map { ", tile-columns \($0)" } ?? ""
        return "\(string?.description ?? "vp8"), cpu-used \(speed), threads \(threads)\(tiles)"
    }
}
