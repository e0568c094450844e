internal import CFFmpeg
internal import VideoTypes

extension PixelFormat {
    /// FFmpeg's format of this name; `AV_PIX_FMT_NONE` where it has none.
    var avPixelFormat: AVPixelFormat {
        guard let ffmpegName else { return AV_PIX_FMT_NONE }
        return unsafe av_get_pix_fmt(ffmpegName)
    }
}
