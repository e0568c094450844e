internal import AOMBackend
internal import LibAV
internal import VPXBackend
internal import X264Backend

/// What this build of Sluice is, and what it is linked with.
public enum SluiceVersion {
    /// The version of Sluice.
    public static let current = "0.1.0"

    /// The libraries that are loaded, by name.
    public static var libraries: [String: String] {
        [
            "libx264": X264Backend.libraryVersion,
            "libvpx": VPXBackend.libraryVersion,
            "libaom": AOMBackend.libraryVersion,
            "libavcodec": LibAVVersions.avcodec,
            "libavformat": LibAVVersions.avformat,
            "libavutil": LibAVVersions.avutil,
            "libswscale": LibAVVersions.swscale,
        ]
    }
}
