internal import VideoTypes

/// How the header of a DPX (SMPTE ST 268) has its picture laid out, which libavcodec's decoder does not read.
enum DPXKind {
    /// Offsets of the image orientation, and of the first element's bits, their packing, and the padding behind each row.
    private static let (orientationPlace, bitsPlace, packingPlace, paddingPlace) = (768, 803, 804, 812)
    /// Rows and columns in their order are 0; the others by what turns them for display.
    private static let orientations = [
        1: Orientation(flip: true), 2: Orientation(rotation: .half, flip: true), 3: Orientation(rotation: .half),
    ]

    @Sendable static func refusal(_ bytes: borrowing PictureBytes) -> String? {
        let bytes = inOrder(bytes)
        if let orientation = bytes.number(orientationPlace, bytes: 2), (4..<0xFFFF).contains(orientation) {
            return
                "image orientation \(orientation), whose rows are columns: that kind of DPX is not decoded (write rows from top to bottom, 0)"
        }
        if bytes.byte(bitsPlace) == 10, bytes.number(packingPlace, bytes: 2) == 0 {
            return
                "its samples of 10 bits are packed without filling: that kind of DPX is not decoded (write three samples in each 32 bits, packing 1)"
        }
        guard let padding = bytes.number(paddingPlace, bytes: 4), padding != 0, padding != 0xFFFF_FFFF else {
            return nil
        }
        return
            "\(padding) bytes of padding behind each row: that kind of DPX is not decoded (write rows without padding)"
    }

    @Sendable static func orientation(_ bytes: borrowing PictureBytes) -> Orientation {
        inOrder(bytes).number(orientationPlace, bytes: 2).flatMap { orientations[$0] } ?? .upright
    }

    private static func inOrder(_ bytes: borrowing PictureBytes) -> PictureBytes {
        var bytes = copy bytes
        bytes.isBigEndian = bytes.byte(0) == UInt8(ascii: "S")
        return bytes
    }
}
