internal import CFFmpeg
internal import VideoTypes

extension PixelFormat {
    /// The name that FFmpeg has for this format.
    var avPixelFormat: AVPixelFormat {
        switch self {
        case .rgba: AV_PIX_FMT_RGBA
        case .bgra: AV_PIX_FMT_BGRA
        case .rgbx: AV_PIX_FMT_RGB0
        case .bgrx: AV_PIX_FMT_BGR0
        case .argb: AV_PIX_FMT_ARGB
        case .rgb24: AV_PIX_FMT_RGB24
        case .bgr24: AV_PIX_FMT_BGR24
        case .gray8: AV_PIX_FMT_GRAY8
        case .i420: AV_PIX_FMT_YUV420P
        case .nv12: AV_PIX_FMT_NV12
        case .i422: AV_PIX_FMT_YUV422P
        case .i444: AV_PIX_FMT_YUV444P
        case .i420p10: AV_PIX_FMT_YUV420P10LE
        case .i422p10: AV_PIX_FMT_YUV422P10LE
        case .i444p10: AV_PIX_FMT_YUV444P10LE
        case .p010: AV_PIX_FMT_P010LE
        case .i420p12: AV_PIX_FMT_YUV420P12LE
        case .i422p12: AV_PIX_FMT_YUV422P12LE
        case .i444p12: AV_PIX_FMT_YUV444P12LE
        case .i420a: AV_PIX_FMT_YUVA420P
        }
    }
}
