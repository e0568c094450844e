internal import CFFmpeg
internal import EncoderSettings
internal import Logging
internal import VideoTypes

/// Sole owner of one device whose encoder takes pictures from its own memory (libavutil's `hwcontext.h`).
///
/// Several parts of one encoder hold on to it, so that a class counts them.
@safe
final class HardwareDevice {
    private let device: UnsafeMutablePointer<AVBufferRef>

    /// Opens the default device, and gives an encoder a pool of its frames.
    init(
        _ kind: DeviceKind,
        for context: UnsafeMutablePointer<AVCodecContext>,
        software: PixelFormat,
        _ name: String,
        _ logger: Logger
    ) throws(EncoderConfigError) {
        var device: UnsafeMutablePointer<AVBufferRef>?
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(logger, to: &messages) { () -> CInt in
            let status = unsafe av_hwdevice_ctx_create(&device, kind.type, nil, nil, 0)
            guard status >= 0 else { return status }
            return unsafe cffmpeg_make_hardware_frames(context, device, kind.pixelFormat, software.avPixelFormat)
        }
        guard status >= 0, let opened = unsafe device else {
            unsafe av_buffer_unref(&device)
            throw .unsupported("\(name) cannot open its device: \(messages.reason ?? "status \(status)")")
        }
        unsafe self.device = opened
    }

    deinit {
        var device: UnsafeMutablePointer<AVBufferRef>? = unsafe device
        unsafe av_buffer_unref(&device)
    }

    /// A copy of a picture in the device's memory.
    func upload(
        _ picture: borrowing Picture,
        for context: UnsafeMutablePointer<AVCodecContext>,
        _ logger: Logger
    ) throws(EncoderError) -> Picture {
        let uploaded = try Picture.forEncoding()
        let (target, source) = unsafe (uploaded.pointer, picture.pointer)
        var messages = LibAVLog.Messages()
        let status = LibAVLog.listening(logger, to: &messages) { () -> CInt in
            var status = unsafe av_hwframe_get_buffer(context.pointee.hw_frames_ctx, target, 0)
            if status >= 0 { status = unsafe av_hwframe_transfer_data(target, source, 0) }
            return status < 0 ? status : unsafe av_frame_copy_props(target, source)
        }
        guard status >= 0 else {
            let reason = messages.reason.map { " (\($0))" } ?? ""
            throw .codec(operation: "av_hwframe_transfer_data\(reason)", status: Int(status))
        }
        return uploaded
    }
}

extension DeviceKind {
    fileprivate var type: AVHWDeviceType { self == .vaapi ? AV_HWDEVICE_TYPE_VAAPI : AV_HWDEVICE_TYPE_QSV }
    fileprivate var pixelFormat: AVPixelFormat { self == .vaapi ? AV_PIX_FMT_VAAPI : AV_PIX_FMT_QSV }
}
