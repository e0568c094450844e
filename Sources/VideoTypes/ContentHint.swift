/// What kind of pictures are encoded, as the W3C's MediaStreamTrack Content Hints and WebCodecs' `contentHint` name them.
///
/// | | `text` | `detail` | `motion` |
/// |---|---|---|---|
/// | libaom | `tune-content=screen`: palettes, intra block copy | `tune-content=film` | `tune-content=default` |
/// | SVT-AV1 | `scm=1`: screen content tools | not done | `scm=0` |
/// | VP9, quality | not done | `tune-content=film` | `tune-content=default` |
/// | VP9, realtime | `tune-content=screen` | not done | `tune-content=default` |
/// | VP8 | `screen-content-mode=1` | not done | `screen-content-mode=0` |
/// | H.264 by libx264 | tune `animation`: H.264 has no tools for screens | tune `stillimage` | tune `film` |
/// | HEVC by libx265 | tune `animation` and `tskip` | tune `grain` | as without a hint |
/// | rav1e, hardware | not done | not done | as without a hint |
///
/// What is not done is refused: ``EncoderConfigError/unsupported(_:)``.
public enum ContentHint: String, CaseIterable, Hashable, Sendable {
    /// Text and line art: a screen, slides, a terminal. Edges stay sharp.
    case text
    /// Pictures whose details matter more than their motion.
    case detail
    /// Camera video, films and games: motion matters.
    case motion
}
