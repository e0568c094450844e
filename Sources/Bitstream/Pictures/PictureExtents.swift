/// The end of a PNG: that of its chunk IEND (ISO/IEC 15948 5.3).
enum PNGExtent {
    @Sendable static func find(_ bytes: borrowing PictureBytes) throws(BitstreamError) -> PictureExtent {
        var position = 8
        while true {
            guard let length = bytes.number(position, bytes: 4), let type = bytes.slice(position + 4, 4) else {
                return .atLeast(position + 12)
            }
            guard length <= Int32.max else {
                throw bytes.invalid("a chunk of \(length) bytes", at: position, expected: "at most \(Int32.max)")
            }
            let end = position + 12 + length
            if type.elementsEqual("IEND".utf8) { return bytes.count >= end ? .whole(end) : .atLeast(end) }
            position = end
        }
    }
}

/// The end of a JPEG: the marker EOI outside of segments (ITU-T T.81 B.1).
enum JPEGExtent {
    @Sendable static func find(_ bytes: borrowing PictureBytes) throws(BitstreamError) -> PictureExtent {
        var position = 2
        while true {
            // Any number of fill bytes may precede a marker.
            while bytes.byte(position) == 0xFF, bytes.byte(position + 1) == 0xFF { position += 1 }
            guard let first = bytes.byte(position), let marker = bytes.byte(position + 1) else {
                return .atLeast(position + 2)
            }
            guard first == 0xFF else {
                throw bytes.invalid("byte \(first) instead of a marker", at: position, expected: "255")
            }
            // Its samples have other bytes after 255, so that its end would be found elsewhere.
            guard marker != JPEGKind.losslessMarker else {
                throw bytes.undecoded("JPEG-LS", at: position, expected: "JPEG")
            }
            position += 2
            if marker == 0xD9 { return .whole(position) }
            // Markers without a segment: SOI, RST0 to RST7, TEM.
            if (0xD0...0xD8).contains(marker) || marker == 1 { continue }
            guard let length = bytes.number(position, bytes: 2) else { return .atLeast(position + 2) }
            guard length >= 2 else {
                throw bytes.invalid("a segment of \(length) bytes", at: position, expected: "2 or more")
            }
            position += length
            guard marker == 0xDA else { continue }
            guard position <= bytes.count else { return .atLeast(position) }
            guard let end = endOfScan(bytes, from: position) else {
                return .scanning(start: position, searched: bytes.count)
            }
            position = end
        }
    }

    /// The marker after coded data, in which 255 is followed by 0, and restarts are marked.
    private static func endOfScan(_ bytes: borrowing PictureBytes, from start: Int) -> Int? {
        // The last byte may be the first of a marker.
        var position = bytes.scan.map { $0.start == start ? max(start, $0.searched - 1) : start } ?? start
        while let found = bytes.firstIndex(of: 0xFF, from: position) {
            guard let next = bytes.byte(found + 1) else { return nil }
            if next != 0, next != 0xFF, !(0xD0...0xD7).contains(next) { return found }
            position = next == 0xFF ? found + 1 : found + 2
        }
        return nil
    }
}

/// The end of a bitmap: the size in its header.
enum BMPExtent {
    @Sendable static func find(_ bytes: borrowing PictureBytes) throws(BitstreamError) -> PictureExtent {
        var bytes = copy bytes
        bytes.isBigEndian = false
        guard let size = bytes.number(2, bytes: 4) else { return .atLeast(18) }
        guard size >= 26 else {
            throw bytes.unknown("a BMP whose header gives its size as \(size) bytes", at: 2)
        }
        return bytes.count >= size ? .whole(size) : .atLeast(size)
    }
}

/// The end of a WebP: that of its RIFF chunk (RFC 9649 2.4).
enum WebPExtent {
    @Sendable static func find(_ bytes: borrowing PictureBytes) throws(BitstreamError) -> PictureExtent {
        var bytes = copy bytes
        bytes.isBigEndian = false
        guard let size = bytes.number(4, bytes: 4) else { return .atLeast(12) }
        guard size >= 4 else { throw bytes.invalid("a RIFF chunk of \(size) bytes", at: 4, expected: "4 or more") }
        let end = 8 + size + size % 2
        return bytes.count >= end ? .whole(end) : .atLeast(end)
    }
}

/// The end of a DPX: the size in its header (SMPTE ST 268, field 4).
enum DPXExtent {
    @Sendable static func find(_ bytes: borrowing PictureBytes) throws(BitstreamError) -> PictureExtent {
        var bytes = copy bytes
        bytes.isBigEndian = bytes.byte(0) == UInt8(ascii: "S")
        guard let size = bytes.number(16, bytes: 4) else { return .atLeast(20) }
        guard size >= 2048, size < 0xFFFF_FFFF else {
            throw bytes.unknown("a DPX whose header gives its size as \(size) bytes", at: 16)
        }
        return bytes.count >= size ? .whole(size) : .atLeast(size)
    }
}
