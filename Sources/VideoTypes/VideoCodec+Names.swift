extension VideoCodec {
    /// The codec that a usual name means, in upper or lower case: `h264` or `avc`, `hevc` or `h265`, `vp8`, `vp9`, `av1`, the first
    /// four also with a dot (`H.264`).
    ///
    /// - Returns: `nil` for any other text, a codec string for one.
    public init?(name: String) {
        let plain = name.lowercased().filter { $0 != "." }
        guard let codec = VideoCodec(rawValue: Self.otherNames[plain] ?? plain), name.count <= 5 else { return nil }
        self = codec
    }

    private static let otherNames = ["avc": "h264", "h265": "hevc"]
}
