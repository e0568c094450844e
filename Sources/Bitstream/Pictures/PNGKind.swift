/// What libavcodec's decoder of PNG does not read, or reads as something else.
enum PNGKind {
    @Sendable static func refusal(_ bytes: borrowing PictureBytes) -> String? {
        if let animation = PictureAnimation.inPNG(bytes) { return animation }
        // It passes over the transparent color of gray that is packed into bytes.
        guard let depth = bytes.byte(24), depth < 8, bytes.byte(25) == PNGLayout.ColorType.gray.rawValue else {
            return nil
        }
        var position = 8
        while let length = bytes.number(position, bytes: 4), let type = bytes.slice(position + 4, 4) {
            if type.elementsEqual("tRNS".utf8) {
                return
                    "gray of \(depth) \(depth == 1 ? "bit" : "bits") with a transparent color: that kind of PNG is not decoded (write gray of 8 bits, or a palette)"
            }
            if type.elementsEqual("IDAT".utf8) { return nil }
            position += 12 + length
        }
        return nil
    }
}
