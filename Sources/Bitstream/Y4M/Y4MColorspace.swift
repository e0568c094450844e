import VideoTypes

/// What a `C` tag means.
struct Y4MColorspace {
    let format: PixelFormat
    let chromaLocation: ChromaLocation?

    /// 4:2:0 with centered chroma, as FFmpeg takes a missing tag.
    static let `default` = Y4MColorspace(format: .i420, chromaLocation: .center)

    /// The colorspaces that are read, by the tag's text.
    static let all: [String: Y4MColorspace] = [
        "420": .default,
        "420jpeg": .default,
        "420mpeg2": Y4MColorspace(format: .i420, chromaLocation: .left),
        "420paldv": Y4MColorspace(format: .i420, chromaLocation: .topLeft),
        "422": Y4MColorspace(format: .i422, chromaLocation: nil),
        "444": Y4MColorspace(format: .i444, chromaLocation: nil),
        "mono": Y4MColorspace(format: .gray8, chromaLocation: nil),
        // The chroma location of these is not specified.
        "420p10": Y4MColorspace(format: .i420p10, chromaLocation: nil),
        "422p10": Y4MColorspace(format: .i422p10, chromaLocation: nil),
        "444p10": Y4MColorspace(format: .i444p10, chromaLocation: nil),
        "420p12": Y4MColorspace(format: .i420p12, chromaLocation: nil),
        "422p12": Y4MColorspace(format: .i422p12, chromaLocation: nil),
        "444p12": Y4MColorspace(format: .i444p12, chromaLocation: nil),
    ]

    /// What the names of real colorspaces begin with that are not in ``all``: other depths and subsampling, alpha.
    static let unsupportedNames = ["420p", "422p", "444p", "444alpha", "mono", "410", "411", "440"]
}
