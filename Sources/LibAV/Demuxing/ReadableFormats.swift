internal import Bitstream
internal import CFFmpeg

/// The formats that libavformat may read here: those that hold their own bytes.
///
/// A format is in the list if it can hold a codec that Sluice reads, or pictures that a later version may read, and if its
/// demuxer reads only the one input that it is given. Demuxers that open other files are not in the list (lists, manifests and
/// indexes, `mlv`, numbered images), nor are devices, generated sources and scripts, in any build of FFmpeg. Files of only
/// audio are read for their audio, and not as pictures.
enum ReadableFormats {
    /// libavformat's names; of a demuxer with several, the first.
    private static let names: Set<String> = [
        // Containers.
        "mov", "matroska", "avi", "flv", "live_flv", "kux", "mpegts", "mpeg", "asf", "asf_o", "ogg", "nut", "mxf",
        "gxf",
        "rm", "wtv", "ty", "dhav", "nsv", "nuv", "pva", "pmp", "ifv", "lxf", "swf", "dv", "ivf",
        // Streams.
        "h264", "hevc", "vvc", "obu", "av1", "mpegvideo", "m4v", "h261", "h263", "vc1", "vc1test", "dirac", "dnxhd",
        "mjpeg", "mjpeg_2000", "mpjpeg", "cavsvideo", "avs2", "avs3", "evc", "sdr2", "ipu",
        // Frames, and single pictures that hold all of themselves.
        "yuv4mpegpipe", "gif", "apng", "jpegxl_anim", "png_pipe", "jpeg_pipe", "jpegls_pipe", "jpegxl_pipe", "j2k_pipe",
        "bmp_pipe", "tiff_pipe", "webp_pipe", "dpx_pipe", "exr_pipe", "psd_pipe", "qoi_pipe", "sgi_pipe", "pam_pipe",
        "pbm_pipe", "pgm_pipe", "pgmyuv_pipe", "ppm_pipe", "pfm_pipe", "hdr_pipe", "gif_pipe", "ico",
    ]

    /// Those that hold only audio.
    private static let audioNames: Set<String> = [
        "wav", "w64", "aiff", "au", "caf", "flac", "mp3", "aac", "ac3", "eac3", "dts", "truehd", "mlp", "tta", "wv",
        "ape", "amr", "tak",
    ]

    /// What `AVFormatContext.format_whitelist` takes.
    static let list = names.union(audioNames).sorted().joined(separator: ",")

    /// Throws if an input begins like a format that is not in the list. Its bytes stay readable.
    ///
    /// - Parameters:
    ///   - io: The input, at its beginning.
    ///   - withAudio: Formats that hold only audio are taken as well.
    /// - Returns: The first of libavformat's names of the format.
    static func check(_ io: DemuxerIO, withAudio: Bool) throws(DemuxerError) -> String {
        var format: UnsafePointer<AVInputFormat>?
        let status = unsafe av_probe_input_buffer2(io.pointer, &format, nil, nil, 0, 0)
        if io.hasFailed { throw .readFailed }
        guard status >= 0, let format = unsafe format else {
            guard status == cffmpeg_error_out_of_memory else {
                throw .unsupported("libavformat does not support this format")
            }
            throw .outOfMemory("av_probe_input_buffer2")
        }
        let name = unsafe String(cString: format.pointee.name)
        let first = name.prefix { $0 != "," }
        if let referring = ReferringFormat(demuxer: String(first)) { throw .refersToOthers(referring) }
        guard names.contains(String(first)) || (withAudio && audioNames.contains(String(first))) else {
            throw .unsupported(
                "its format is \(first) (\(unsafe String(cString: format.pointee.long_name))), which Sluice does not read"
            )
        }
        return String(first)
    }
}
