extension PixelFormat {
    /// The format of a name: its own, or FFmpeg's, with or without the `le` at its end.
    ///
    /// - Parameter name: Such as `i422p10`, `yuv422p10le` or `yuv422p10`.
    /// - Returns: `nil` for other names.
    public init?(name: String) {
        let found = Self.allCases.first { $0.rawValue == name || $0.ffmpegName == name || $0.ffmpegName == name + "le" }
        guard let found else { return nil }
        self = found
    }

    /// Names that a mistyped one may mean, the nearest first: the formats' own.
    ///
    /// - Parameter name: A name that no format has.
    package static func names(near name: String) -> [String] {
        let own = allCases.map(\.rawValue)
        let others = allCases.compactMap(\.ffmpegName).filter { !own.contains($0) }
        return (own + others).nearest(to: name).reduce(into: []) { names, near in
            guard let format = Self(name: near)?.rawValue, !names.contains(format) else { return }
            names.append(format)
        }
    }
}
