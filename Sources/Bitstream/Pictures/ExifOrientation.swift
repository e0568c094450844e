internal import VideoTypes

/// How a picture's Exif data tells to turn it for display (Exif 3.0, tag 274).
enum ExifOrientation {
    /// That of a JPEG: in the segment APP1 that begins with `Exif`, before the coded data.
    @Sendable static func ofJPEG(_ bytes: borrowing PictureBytes) -> Orientation {
        var orientation: Orientation?
        JPEGSegments.forEach(copy bytes) { marker, data in
            guard marker == 0xE1, orientation == nil, data.starts(with: prefix) else { return }
            orientation = value(data.dropFirst(prefix.count))
        }
        return orientation ?? .upright
    }

    /// That of a PNG: in its chunk `eXIf`.
    @Sendable static func ofPNG(_ bytes: borrowing PictureBytes) -> Orientation {
        var position = 8
        while let length = bytes.number(position, bytes: 4), let type = bytes.slice(position + 4, 4) {
            if type.elementsEqual("eXIf".utf8), let data = bytes.slice(position + 8, length) { return value(data) }
            position += 12 + length
        }
        return .upright
    }

    /// That of a WebP: in its chunk `EXIF`.
    @Sendable static func ofWebP(_ bytes: borrowing PictureBytes) -> Orientation {
        var bytes = copy bytes
        bytes.isBigEndian = false
        var position = 12
        while let type = bytes.slice(position, 4), let length = bytes.number(position + 4, bytes: 4) {
            if type.elementsEqual("EXIF".utf8), let data = bytes.slice(position + 8, length) {
                return value(data.starts(with: prefix) ? data.dropFirst(prefix.count) : data)
            }
            position += 8 + length + length % 2
        }
        return .upright
    }

    /// That of a TIFF: in the directory of its picture.
    @Sendable static func ofTIFF(_ bytes: borrowing PictureBytes) -> Orientation {
        TIFFDirectory(copy bytes).flatMap { $0[.orientation].first }.flatMap { table[$0] } ?? .upright
    }

    private static func value(_ data: ArraySlice<UInt8>) -> Orientation { ofTIFF(PictureBytes(data, origin: 0)) }

    private static let prefix = Array("Exif\0\0".utf8)
    private static let table = [
        2: Orientation(flip: true), 3: Orientation(rotation: .half), 4: Orientation(rotation: .half, flip: true),
        5: Orientation(rotation: .right, flip: true), 6: Orientation(rotation: .right),
        7: Orientation(rotation: .left, flip: true), 8: Orientation(rotation: .left),
    ]
}
