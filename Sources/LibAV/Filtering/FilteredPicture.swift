internal import CFFmpeg
package import VideoTypes

/// A picture that came out of a graph, with what libavfilter knows of it.
package struct FilteredPicture: ~Copyable {
    /// The picture and its time; without a duration.
    package var frame: VideoFrame
    /// The color; unspecified where no filter nor the input specified it.
    package let color: VideoColorSpace
    /// Whether the range is limited for certain, rather than unspecified.
    package let isLimited: Bool
    /// Where 4:2:0 chroma is; `nil` if that is not specified.
    package let chromaLocation: ChromaLocation?
    /// Width to height of a sample; `nil` if it is not specified.
    package let pixelAspectRatio: PixelAspectRatio?
    /// Planes of green, blue and red are named as those of YUV 4:4:4.
    package let isIdentity: Bool
    /// The picture is of two fields.
    package let isInterlaced: Bool
    /// What cropdetect found in the pictures so far: `x`, `y`, `w` and `h`. Empty without it.
    package let crop: [String: Int]

    /// Copies a graph's picture.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - timestamp: Its time in microseconds.
    ///   - namesIdentity: Planes of green, blue and red are named as those of YUV 4:4:4, as a decoder's are.
    init(_ picture: borrowing Picture, timestamp: Int64, namesIdentity: Bool) throws(FilterError) {
        let own = try unsafe Self.layout(picture.pointer)
        let identity = namesIdentity ? own.namingIdentity : nil
        let layout = identity ?? own
        let buffer = try Self.copy(picture, layout)
        frame = VideoFrame(layout: layout, buffer: buffer, timestamp: timestamp, duration: nil)
        isIdentity = identity != nil
        var color = picture.colorSpace
        if identity != nil { color.matrix = .rgb }
        (self.color, chromaLocation) = (color, picture.chromaLocation)
        isLimited = unsafe picture.pointer.pointee.color_range == AVCOL_RANGE_MPEG
        pixelAspectRatio = picture.pixelAspectRatio
        isInterlaced = unsafe cffmpeg_is_interlaced(picture.pointer) != 0
        crop = unsafe Self.crop(picture.pointer)
    }

    private static func crop(_ frame: UnsafePointer<AVFrame>) -> [String: Int] {
        guard let metadata = unsafe frame.pointee.metadata else { return [:] }
        var found: [String: Int] = [:]
        for name in ["x", "y", "w", "h"] {
            let entry = unsafe av_dict_get(metadata, "lavfi.cropdetect.\(name)", nil, 0)
            found[name] = unsafe entry.flatMap { unsafe Int(String(cString: $0.pointee.value)) }
        }
        return found
    }

    private static func copy(
        _ picture: borrowing Picture,
        _ layout: PictureLayout
    ) throws(FilterError) -> PlaneBuffer {
        var buffer: PlaneBuffer
        do throws(OutOfMemory) {
            buffer = try PlaneBuffer(reserving: layout.byteCount, for: "a filtered picture")
        } catch {
            throw .outOfMemory(bytes: layout.byteCount)
        }
        try buffer.withMutableBytes { bytes throws(FilterError) in
            try unsafe bytes.withUnsafeMutableBytes { bytes throws(FilterError) in
                try unsafe picture.copy(to: bytes, layout)
            }
        }
        return buffer
    }

    /// Gives the picture itself on.
    ///
    /// - Parameter timestamp: When it is shown, in microseconds.
    package consuming func takeFrame(at timestamp: Int64) -> VideoFrame {
        frame.timestamp = timestamp
        return frame
    }

    private static func layout(_ frame: UnsafePointer<AVFrame>) throws(FilterError) -> PictureLayout {
        let code = AVPixelFormat(rawValue: .init(unsafe frame.pointee.format))
        let name = unsafe av_get_pix_fmt_name(code).map { unsafe String(cString: $0) } ?? "unknown"
        // Full range has names of its own, and a flag besides.
        let plain = name.replacing("yuvj", with: "yuv")
        let size = unsafe PictureSize(width: Int(frame.pointee.width), height: Int(frame.pointee.height))
        guard let format = PixelFormat.allCases.first(where: { $0.ffmpegName == plain }),
            let layout = PictureLayout(format: format, size: size)
        else {
            throw .failed(reason: "a picture came out as \(size) \(name), which Sluice does not support")
        }
        return layout
    }
}

extension PictureLayout {
    /// The layout of 4:4:4 with the same planes; `nil` if these are not planes of green, blue and red.
    fileprivate var namingIdentity: PictureLayout? {
        guard format.components == .deepRGB(.planes), !format.hasAlpha, format.bitDepth <= 12 else { return nil }
        return PictureLayout(format: .planar(.yuv444, bitDepth: format.bitDepth), size: size)
    }
}

extension PixelFormat {
    /// The format of planes of green, blue and red that 4:4:4 with the identity matrix has; `nil` for others.
    package var rgbOfIdentity: PixelFormat? {
        guard components == .planar(.yuv444) else { return nil }
        return Self.allCases.first { $0.components == .deepRGB(.planes) && !$0.hasAlpha && $0.bitDepth == bitDepth }
    }
}
