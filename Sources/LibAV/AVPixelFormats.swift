internal import CFFmpeg
internal import VideoTypes

extension PixelFormat {
    /// FFmpeg's format of this name.
    var avPixelFormat: AVPixelFormat { unsafe av_get_pix_fmt(ffmpegName) }
}
