package import VideoTypes

/// The first line of a YUV4MPEG2 stream (mjpegtools, `yuv4mpeg(5)`).
package struct Y4MHeader: Hashable, Sendable {
    /// What every stream begins with.
    package static let magic = Array("YUV4MPEG2".utf8)
    /// The longest line that is worth reading, without its newline. FFmpeg stops at 96 bytes.
    package static let maxLength = 1024

    /// `W` and `H`; valid.
    package let size: PictureSize
    /// `F`; `nil` where it is missing or 0:0, which means unknown.
    package let frameRate: FrameRate?
    /// `A`; `nil` where it is missing or a side is 0, which means unknown.
    package let pixelAspectRatio: PixelAspectRatio?
    /// `C`: how the bytes of a frame are laid out. ``PixelFormat/gray8`` is a luma plane here: see ``isLuma``.
    package let format: PixelFormat
    /// `C`: where 4:2:0 chroma samples are; `nil` for the other formats, and for 10 and 12 bits, where `C` does not specify it.
    package let chromaLocation: ChromaLocation?
    /// `XCOLORRANGE`; `nil` where it is missing or unknown, which means limited.
    package let fullRange: Bool?
    /// `I`: frames are of two fields of two times, or some of them are.
    package let isInterlaced: Bool
    /// `Ib`: the bottom field is the first of the two.
    package let isBottomFieldFirst: Bool

    /// `Cmono`: a frame is one plane of luma, limited range unless ``fullRange`` is true. Sluice takes raw `gray8`
    /// input as full range; this is not that.
    package var isLuma: Bool { format == .gray8 }

    /// Reads the header line.
    ///
    /// - Parameter line: The stream's first line without its newline.
    package init(parsing line: [UInt8]) throws(BitstreamError) {
        let tags = try Y4MTags(parsing: line)
        size = try tags.size()
        frameRate = try tags.frameRate()
        pixelAspectRatio = try tags.pixelAspectRatio()
        let colorspace = try tags.colorspace()
        (format, chromaLocation) = (colorspace.format, colorspace.chromaLocation)
        fullRange = tags.fullRange
        isInterlaced = try tags.isInterlaced()
        isBottomFieldFirst = tags.isBottomFieldFirst
    }
}

/// The line before each frame of a YUV4MPEG2 stream.
package enum Y4MFrameHeader {
    /// What every frame's line begins with.
    package static let magic = Array("FRAME".utf8)

    /// Throws unless the line is `FRAME`, alone or with parameters after a space.
    ///
    /// - Parameter line: The line without its newline.
    package static func check(_ line: [UInt8]) throws(BitstreamError) {
        let rest = line.dropFirst(magic.count)
        guard line.starts(with: magic), rest.first ?? UInt8(ascii: " ") == UInt8(ascii: " ") else {
            let what = "the frame's line is \"\(Y4MTags.printable(line))\""
            throw BitstreamError(.invalid, what, at: .byte(0), expected: "FRAME")
        }
    }
}
