internal import Containers

/// libavformat's settings for a format.
struct ContainerKind {
    /// libavformat's name of the muxer.
    let muxer: String
    /// The muxer's options.
    var options: [(key: String, value: String)] = []
    /// Codecs are named as in codec strings: `avc1`.
    var hasSampleEntry = false
    /// No packet is held back for ordering or for fragments.
    var writesAtOnce = false
    /// The most, in ticks, by which readers take a frame to be shown after it is decoded.
    var longestDelay = Int64.max
    /// The index is written behind the chunks, and is to be moved.
    var movesIndex = false
    /// What finds chunks in the output.
    let locator: any PayloadLocator

    /// A format of the ones that are containers.
    ///
    /// - Parameters:
    ///   - format: A container.
    ///   - inFragments: ISO media are written fragment by fragment, and no written bytes are changed.
    ///   - isIndexFirst: The index is to be in front of the chunks.
    init(_ format: OutputFormat, inFragments: Bool, isIndexFirst: Bool) {
        guard let container = format.container else { preconditionFailure("\(format.name) is not a container") }
        muxer = container.muxer
        switch container.layout {
        case .isoBoxes:
            locator = MediaDataLocator()
            hasSampleEntry = true
            // FFmpeg takes a composition offset of 2^28 ticks for damage (mov_read_ctts).
            if inFragments { options = Self.fragments } else { (writesAtOnce, longestDelay) = (true, 1 << 28) }
            movesIndex = isIndexFirst && !inFragments
        case .matroska:
            locator = MatroskaLocator()
            options = Self.clusters + (isIndexFirst ? [("cues_to_front", "1")] : [])
        }
    }

    /// A fragment begins at each key frame and after a second or 4 MiB, which bounds what is held back. `moov` waits for the
    /// first of them, so that its edit list can store how much later than decoding the presentation begins.
    private static let fragments = [
        ("movflags", "frag_keyframe+empty_moov+delay_moov+default_base_moof"),
        ("frag_duration", "1000000"),
        ("frag_size", "\(4 << 20)"),
    ]

    /// A cluster is held back until it is complete; it ends after a second or 4 MiB.
    private static let clusters = [("cluster_time_limit", "1000"), ("cluster_size_limit", "\(4 << 20)")]
}
