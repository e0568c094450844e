/// Files of several pictures with times, in formats of single ones: libavcodec's decoders give out the first alone, or none.
enum PictureAnimation {
    /// A PNG with the chunk `acTL` before its data is an animation (PNG, third edition, 11.3.6).
    @Sendable static func inPNG(_ bytes: borrowing PictureBytes) -> String? {
        var position = 8
        while let length = bytes.number(position, bytes: 4), let type = bytes.slice(position + 4, 4),
            !type.elementsEqual("IDAT".utf8)
        {
            if type.elementsEqual("acTL".utf8) {
                let count = bytes.number(position + 8, bytes: 4).map { " of \($0) pictures" } ?? ""
                return "it is an animation (APNG)\(count), \(advice)"
            }
            position += 12 + length
        }
        return nil
    }

    /// A WebP with the second bit of the flags in its chunk `VP8X` is an animation (RFC 9649 2.7.1).
    @Sendable static func inWebP(_ bytes: borrowing PictureBytes) -> String? {
        guard bytes.slice(12, 4)?.elementsEqual("VP8X".utf8) == true, let flags = bytes.byte(20), flags & 2 != 0 else {
            return nil
        }
        return "it is an animation, \(advice)"
    }

    private static let advice =
        "and single pictures are read here (make a GIF or a video of it, or a folder of its pictures)"
}
