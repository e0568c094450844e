/// JPEG whose samples are coded as libavcodec's decoder of JPEG does not read them.
enum JPEGKind {
    /// The marker SOF55 of JPEG-LS (ITU-T T.87 C.1.1).
    static let losslessMarker: UInt8 = 0xF7
    /// Markers of frames with arithmetic coding (ITU-T T.81, table B.1).
    private static let arithmeticMarkers: ClosedRange<UInt8> = 0xC9...0xCB

    @Sendable static func refusal(_ bytes: borrowing PictureBytes) -> String? {
        var position = 2
        while bytes.byte(position) == 0xFF, let marker = bytes.byte(position + 1), marker != 0xDA {
            guard marker != 0xFF else {
                position += 1
                continue
            }
            if marker == losslessMarker {
                return "it is JPEG-LS: that kind of JPEG is not decoded (write PNG, or baseline or progressive JPEG)"
            }
            if arithmeticMarkers.contains(marker) {
                return
                    "it has arithmetic coding: that kind of JPEG is not decoded (write baseline or progressive JPEG with Huffman coding)"
            }
            guard let length = bytes.number(position + 2, bytes: 2) else { return nil }
            position += 2 + length
        }
        return nil
    }
}

/// Bitmaps whose compression libavcodec's decoder does not read, or ends reading with a report of damage.
enum BMPKind {
    /// The bytes of the first header that has a compression, and where that is.
    private static let (headerBytes, compressionPlace) = (40, 30)
    private static let names = [2: "RLE4", 4: "JPEG", 5: "PNG"]

    @Sendable static func refusal(_ bytes: borrowing PictureBytes) -> String? {
        var bytes = copy bytes
        bytes.isBigEndian = false
        guard let header = bytes.number(14, bytes: 4), header >= headerBytes,
            let name = bytes.number(compressionPlace, bytes: 4).flatMap({ names[$0] })
        else { return nil }
        return "its compression is \(name): that kind of BMP is not decoded (write it uncompressed, or with RLE8)"
    }
}
