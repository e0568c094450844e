internal import LibAV
internal import X264Backend

/// What this build of Sluice is, and what it is linked with.
public enum SluiceVersion {
    /// The version of Sluice.
    public static let current = "0.1.0"

    /// The libraries that are loaded, by name.
    public static var libraries: [String: String] {
        [
            "libx264": X264Backend.libraryVersion,
            "libavutil": LibAVVersions.avutil,
            "libswscale": LibAVVersions.swscale,
        ]
    }
}
