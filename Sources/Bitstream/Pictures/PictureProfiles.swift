internal import VideoTypes

/// What the chunks of a PNG tell of its colors, the first that is there: `cICP`, `iCCP`, `sRGB`, and `cHRM` with `gAMA`
/// (PNG, third edition, 4.3).
enum PNGColor {
    @Sendable static func find(_ bytes: borrowing PictureBytes, _ inflate: Inflation) -> PictureColor {
        let bytes = copy bytes
        let chunks = chunks(bytes)
        if let data = chunks["cICP"], data.count == 4 {
            let (primaries, transfer) = (data[data.startIndex], data[data.startIndex + 1])
            return PictureColor(primaries: .init(rawValue: primaries), transfer: .init(rawValue: transfer))
        }
        if let data = chunks["iCCP"] {
            // A name, a zero, and the number of the only compression that there is.
            let profile = data.firstIndex(of: 0).flatMap { inflate(data[min($0 + 2, data.endIndex)...]) }
            return ICCProfile.color((profile ?? [])[...])
        }
        if chunks["sRGB"] != nil { return .srgb }
        let gamma = chunks["gAMA"].flatMap { PictureBytes($0, origin: 0).number(0, bytes: 4) }
        let (transfer, unknown) = Self.transfer(gamma)
        var color = PictureColor(transfer: transfer)
        if let data = chunks["cHRM"], data.count == 32 {
            let values = (0..<8).map { Float(PictureBytes(data, origin: 0).number($0 * 4, bytes: 4) ?? 0) / 100_000 }
            // White is the first.
            color = PictureColor(chromaticities: Array(values[2...] + values[..<2]), transfer: transfer)
        }
        color.unknown = color.unknown ?? unknown
        return color
    }

    /// The curve of an exponent in 1/100,000, and what is told of one that has no name.
    private static func transfer(_ gamma: Int?) -> (TransferCharacteristics, String?) {
        guard let gamma else { return (.unspecified, nil) }
        switch gamma {
        case 99_900...100_100: return (.linear, nil)
        case 45_000...46_000: return (.gamma22, nil)
        case 35_600...35_800: return (.gamma28, nil)
        default:
            let exponent = Double(gamma) / 100_000
            return (.unspecified, "it has a gamma of \(exponent), which has no name, so its transfer is not known")
        }
    }

    /// Why the samples are not what they are taken for; `nil` if they are.
    @Sendable static func refusal(_ bytes: borrowing PictureBytes) -> String? {
        if let kind = PNGKind.refusal(bytes) { return kind }
        guard let data = chunks(copy bytes)["cICP"], data.count == 4 else { return nil }
        let (matrix, range) = (data[data.startIndex + 2], data[data.startIndex + 3])
        guard matrix != 0 || range != 1 else { return nil }
        return
            "its chunk cICP has matrix \(matrix) and range \(range), but only PNG of RGB of full range (0 and 1) is decoded"
    }

    /// The data of the chunks before the coded picture, the first of each type.
    private static func chunks(_ bytes: PictureBytes) -> [String: ArraySlice<UInt8>] {
        var (chunks, position): ([String: ArraySlice<UInt8>], Int) = ([:], 8)
        while let length = bytes.number(position, bytes: 4), let type = bytes.slice(position + 4, 4),
            !type.elementsEqual("IDAT".utf8), let data = bytes.slice(position + 8, length), chunks.count < 64
        {
            let name = String(decoding: type, as: UTF8.self)
            if chunks[name] == nil { chunks[name] = data }
            position += 12 + length
        }
        return chunks
    }
}

/// The color profile that a file of another format has.
enum PictureProfile {
    /// That of a JPEG: in segments APP2, which may be several (ICC.1:2022 B.4).
    @Sendable static func inJPEG(_ bytes: borrowing PictureBytes, _ inflate: Inflation) -> PictureColor {
        let bytes = copy bytes
        var parts: [(number: UInt8, data: ArraySlice<UInt8>)] = []
        JPEGSegments.forEach(bytes) { marker, data in
            guard marker == 0xE2, data.starts(with: prefix), data.count > prefix.count + 2 else { return }
            parts.append((data[data.startIndex + prefix.count], data.dropFirst(prefix.count + 2)))
        }
        guard !parts.isEmpty else { return .untold }
        return ICCProfile.color(parts.sorted { $0.number < $1.number }.flatMap(\.data)[...])
    }

    /// That of a WebP: in its chunk `ICCP`. Without one, its colors are those of sRGB (RFC 9649 2.7.1.4).
    @Sendable static func inWebP(_ bytes: borrowing PictureBytes, _ inflate: Inflation) -> PictureColor {
        var bytes = copy bytes
        bytes.isBigEndian = false
        var position = 12
        while let type = bytes.slice(position, 4), let length = bytes.number(position + 4, bytes: 4) {
            if type.elementsEqual("ICCP".utf8), let data = bytes.slice(position + 8, length) {
                return ICCProfile.color(data)
            }
            position += 8 + length + length % 2
        }
        return .srgb
    }

    /// That of a TIFF: in the directory of its picture.
    @Sendable static func inTIFF(_ bytes: borrowing PictureBytes, _ inflate: Inflation) -> PictureColor {
        guard let values = TIFFDirectory(copy bytes)?[.colorProfile], !values.isEmpty else { return .untold }
        return ICCProfile.color(values.map { UInt8(truncatingIfNeeded: $0) }[...])
    }

    private static let prefix = Array("ICC_PROFILE\0".utf8)
}

/// The shape of pixels that the densities of a file tell, where libavcodec takes them the other way around: the more of them
/// across, the narrower is one.
enum PictureDensity {
    /// That of a JPEG with samples to the inch or centimeter. Numbers without a unit are a ratio, which libavcodec reads (T.871 10.1).
    @Sendable static func inJPEG(_ bytes: borrowing PictureBytes) -> PixelAspectRatio? {
        var ratio: PixelAspectRatio?
        JPEGSegments.forEach(copy bytes) { marker, data in
            let data = PictureBytes(data, origin: 0)
            guard marker == 0xE0, data.slice(0, 5)?.elementsEqual("JFIF\0".utf8) == true, let unit = data.byte(7),
                [1, 2].contains(unit), let across = data.number(8, bytes: 2), let down = data.number(10, bytes: 2)
            else { return }
            ratio = PixelAspectRatio(width: down, height: across)
        }
        return ratio
    }

    /// That of a PNG.
    @Sendable static func inPNG(_ bytes: borrowing PictureBytes) -> PixelAspectRatio? {
        var position = 8
        while let length = bytes.number(position, bytes: 4), let type = bytes.slice(position + 4, 4) {
            if type.elementsEqual("pHYs".utf8), let across = bytes.number(position + 8, bytes: 4),
                let down = bytes.number(position + 12, bytes: 4)
            {
                return PixelAspectRatio(width: down, height: across)
            }
            position += 12 + length
        }
        return nil
    }
}

/// The segments of a JPEG before its coded data.
enum JPEGSegments {
    /// Calls `body` with the marker and the data of each.
    static func forEach(_ bytes: PictureBytes, _ body: (UInt8, ArraySlice<UInt8>) -> Void) {
        var position = 2
        while bytes.byte(position) == 0xFF, let marker = bytes.byte(position + 1), marker != 0xDA {
            // A fill byte, or a marker without a segment.
            if marker == 0xFF || (0xD0...0xD8).contains(marker) || marker == 1 {
                position += marker == 0xFF ? 1 : 2
                continue
            }
            guard let length = bytes.number(position + 2, bytes: 2), length >= 2 else { break }
            if let data = bytes.slice(position + 4, length - 2) { body(marker, data) }
            position += 2 + length
        }
    }
}
