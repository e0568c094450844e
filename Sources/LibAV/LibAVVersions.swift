internal import CFFmpeg

/// The versions of the FFmpeg libraries that are loaded.
public enum LibAVVersions {
    /// libavutil, such as `57.28.100`.
    public static var avutil: String { text(avutil_version()) }
    /// libavcodec.
    public static var avcodec: String { text(avcodec_version()) }
    /// libavformat.
    public static var avformat: String { text(avformat_version()) }
    /// libswscale.
    public static var swscale: String { text(swscale_version()) }

    /// `AV_VERSION_INT` the other way round.
    private static func text(_ version: UInt32) -> String {
        "\(version >> 16).\(version >> 8 & 0xFF).\(version & 0xFF)"
    }
}
