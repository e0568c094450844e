internal import CFFmpeg

/// The versions of the FFmpeg libraries that are loaded.
package enum LibAVVersions {
    /// libavutil, such as `57.28.100`.
    package static var avutil: String { text(avutil_version()) }
    /// libavcodec.
    package static var avcodec: String { text(avcodec_version()) }
    /// libavformat.
    package static var avformat: String { text(avformat_version()) }
    /// libswscale.
    package static var swscale: String { text(swscale_version()) }

    /// `AV_VERSION_INT` the other way round.
    private static func text(_ version: UInt32) -> String {
        "\(version >> 16).\(version >> 8 & 0xFF).\(version & 0xFF)"
    }
}
