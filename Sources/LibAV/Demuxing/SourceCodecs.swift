internal import CFFmpeg

/// The codecs that are decoded but not encoded, and that no parser of ours reads: what renders, cameras, archives and screen
/// recorders write.
///
/// Each is a decoder of libavcodec's that reads nothing but its packets. Those that are not in the list are not used, in any
/// build of FFmpeg: games' formats, text, and wrappers of hardware.
enum SourceCodecs {
    /// libavcodec's names of the codecs.
    static let names: Set<String> = mastering.union(cameras).union(distribution).union(older).union(screens)
        .union(pictures).union(uncompressed)

    private static let mastering: Set<String> = [
        "prores", "dnxhd", "cfhd", "ffv1", "huffyuv", "ffvhuff", "hymt", "utvideo", "magicyuv", "lagarith", "hap",
        "dxv",
        "jpeg2000", "dirac", "snow", "notchlc", "sheervideo", "hq_hqa", "hqx", "pixlet", "speedhq", "cllc", "aic",
        "vble",
        "ylc", "mvha", "m101", "imm4", "imm5", "prosumer", "mvdv", "kgv1", "zerocodec",
    ]
    private static let cameras: Set<String> = [
        "dvvideo", "mjpeg", "mjpegb", "jpegls", "amv", "sp5x", "avrn", "mxpeg", "mimic", "ipu",
    ]
    private static let distribution: Set<String> = [
        "mpeg1video", "mpeg2video", "mpeg4", "msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2", "wmv3", "vc1",
        "h261",
        "h263", "h263i", "h263p", "flv1", "rv10", "rv20", "rv30", "rv40", "svq1", "svq3", "theora", "vp3", "vp4", "vp5",
        "vp6", "vp6f", "vp6a", "vp7", "cavs", "avs2", "avs3", "vvc", "evc",
    ]
    private static let older: Set<String> = [
        "cinepak", "indeo2", "indeo3", "indeo4", "indeo5", "msvideo1", "msrle", "8bps", "qtrle", "rpza", "smc", "cljr",
        "cyuv", "truemotion1", "truemotion2", "asv1", "asv2", "vcr1", "loco", "wnv1", "kmvc", "zlib", "mszh",
        "ulti", "aasc", "flic", "aura", "aura2", "vixl", "escape124", "escape130", "clearvideo", "frwu", "nuv",
    ]
    private static let screens: Set<String> = [
        "tscc", "tscc2", "zmbv", "cscd", "flashsv", "flashsv2", "screenpresso", "rscc", "fraps", "dxtory", "mss1",
        "mss2",
        "mts2", "g2m", "fic", "fmvc", "scpr", "wcmv", "rasc", "mwsc", "mscc", "srgc", "tdsc", "vmnc", "qpeg", "agm",
        "arbc", "lscr", "mv30", "msa1", "mvc1", "mvc2",
    ]
    private static let pictures: Set<String> = [
        "png", "apng", "gif", "bmp", "tiff", "webp", "dpx", "exr", "jpegxl", "qoi", "targa", "sgi", "ppm", "pgm",
        "pgmyuv", "pbm", "pam", "pfm", "sunrast", "pcx", "psd", "phm", "hdr", "vc1image", "wmv3image",
    ]
    private static let uncompressed: Set<String> = [
        "rawvideo", "v210", "v210x", "v308", "v408", "v410", "r210", "r10k", "avrp", "avui", "ayuv", "y41p", "yuv4",
        "012v", "bitpacked", "targa_y216",
    ]

    /// The decoder of a codec.
    ///
    /// - Parameter codec: libavcodec's number.
    /// - Throws: ``DemuxerError/unsupported(_:)`` for a codec that is not in the list, or that this build has no decoder of.
    static func decoder(_ codec: AVCodecID) throws(DemuxerError) -> UnsafePointer<AVCodec> {
        let name = unsafe String(cString: avcodec_get_name(codec))
        guard names.contains(name) else {
            throw .unsupported(
                "its video is \(name), which Sluice does not read (to convert it to Y4M, use ffmpeg -i FILE -f yuv4mpegpipe -)"
            )
        }
        guard let decoder = unsafe avcodec_find_decoder(codec),
            unsafe decoder.pointee.wrapper_name == nil || isLibrary(decoder)
        else {
            throw .unsupported("its video is \(name), for which this libavcodec has no decoder")
        }
        return unsafe decoder
    }

    /// A library that decodes in this process, rather than a device.
    private static func isLibrary(_ decoder: UnsafePointer<AVCodec>) -> Bool {
        unsafe String(cString: decoder.pointee.wrapper_name).hasPrefix("lib")
    }

    /// Whether a packet has no picture: Dirac's has the end of a sequence alone (SMPTE ST 2042-1, 10.5).
    static func isEndOfSequence(_ packet: UnsafePointer<AVPacket>, of codec: String) -> Bool {
        guard codec == "dirac", unsafe packet.pointee.size == 13, let bytes = unsafe packet.pointee.data else {
            return false
        }
        return unsafe bytes[4] == 0x10
    }
}
