internal import CFFmpeg
internal import VideoTypes

extension Picture {
    /// The color that the bitstream stores; libavcodec's numbers are those of H.273.
    var colorSpace: VideoColorSpace {
        unsafe VideoColorSpace(
            primaries: ColorPrimaries(rawValue: UInt8(truncatingIfNeeded: pointer.pointee.color_primaries.rawValue)),
            transfer: TransferCharacteristics(rawValue: UInt8(truncatingIfNeeded: pointer.pointee.color_trc.rawValue)),
            matrix: MatrixCoefficients(rawValue: UInt8(truncatingIfNeeded: pointer.pointee.colorspace.rawValue)),
            fullRange: isFullRange
        )
    }

    private var isFullRange: Bool {
        let format = AVPixelFormat(rawValue: .init(unsafe pointer.pointee.format))
        let named = [
            AV_PIX_FMT_YUVJ411P, AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ444P,
        ].contains(format)
        return unsafe pointer.pointee.color_range == AVCOL_RANGE_JPEG || named
    }

    /// Where 4:2:0 chroma is; `nil` where the bitstream does not specify it. libavcodec counts from 1.
    var chromaLocation: ChromaLocation? {
        let location = unsafe pointer.pointee.chroma_location.rawValue
        return location > 0 ? ChromaLocation(rawValue: UInt8(truncatingIfNeeded: location - 1)) : nil
    }

    /// Width to height of one sample; square if the bitstream does not store it.
    var pixelAspectRatio: PixelAspectRatio? {
        let ratio = unsafe pointer.pointee.sample_aspect_ratio
        guard ratio.num > 0, ratio.den > 0 else { return nil }
        return PixelAspectRatio(width: Int(ratio.num), height: Int(ratio.den))
    }
}
