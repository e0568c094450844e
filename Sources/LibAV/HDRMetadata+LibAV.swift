internal import CFFmpeg
internal import VideoTypes

extension MasteringDisplay {
    init?(_ metadata: AVMasteringDisplayMetadata) {
        guard metadata.has_primaries != 0, metadata.has_luminance != 0 else { return nil }
        func units(_ value: AVRational, _ unit: Int64) -> Int {
            value.den > 0 ? Int(av_rescale(Int64(value.num), unit, Int64(value.den))) : 0
        }
        func point(_ point: (AVRational, AVRational)) -> Chromaticity {
            Chromaticity(x: units(point.0, 50000), y: units(point.1, 50000))
        }
        let primaries = metadata.display_primaries
        self.init(
            red: point(primaries.0),
            green: point(primaries.1),
            blue: point(primaries.2),
            white: point(metadata.white_point),
            maxLuminance: units(metadata.max_luminance, 10000),
            minLuminance: units(metadata.min_luminance, 10000)
        )
        // Impossible values of a stream are not passed on.
        guard isInRange else { return nil }
    }
}

extension ContentLightLevel {
    init(_ metadata: AVContentLightMetadata) {
        self.init(maxCLL: Int(min(metadata.MaxCLL, 65535)), maxFALL: Int(min(metadata.MaxFALL, 65535)))
    }
}
