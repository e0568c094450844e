/// What libavcodec's decoder of TIFF does not read, or reads as something else: it takes every sample for an unsigned integer, and
/// leaves pictures black whose compression it only knows from camera raw files.
enum TIFFKind {
    /// The version in the header of BigTIFF, whose places have 64 bits.
    static let bigVersion = 43

    @Sendable static func refusal(_ bytes: borrowing PictureBytes) -> String? {
        if [bytes.slice(0, 4)?.last, bytes.slice(0, 3)?.last].contains(UInt8(bigVersion)) {
            return "it is BigTIFF: that kind of TIFF is not decoded (write TIFF, which holds up to 4 GB)"
        }
        guard let directory = TIFFDirectory(copy bytes) else { return nil }
        if !directory[.dngVersion].isEmpty {
            return "it has a camera's raw samples (DNG), which are not developed here (use a program that does)"
        }
        if hasSecondPage(directory, copy bytes) {
            return "it has several pages, of which the first alone would be read (write a file for each)"
        }
        guard let what = kind(directory) else { return nil }
        return
            "\(what): that kind of TIFF is not decoded (use gray or RGB of 8 or 16 bits, uncompressed or with LZW, Deflate or PackBits)"
    }

    /// Whether another directory is that of a page, rather than of a smaller version of the picture or of a mask (`NewSubfileType`).
    private static func hasSecondPage(_ first: TIFFDirectory, _ bytes: PictureBytes) -> Bool {
        var (place, seen): (Int, Set<Int>) = (first.next, [])
        while place > 0, seen.insert(place).inserted, let directory = TIFFDirectory(bytes, at: place) {
            if (directory[.subfileType].first ?? 0) & 5 == 0 { return true }
            place = directory.next
        }
        return false
    }

    private static func kind(_ directory: TIFFDirectory) -> String? {
        let compression = directory[.compression].first ?? 1
        guard compressions.contains(compression) else {
            return names[compression].map { "its compression is \($0)" } ?? "its compression is number \(compression)"
        }
        if let format = directory[.sampleFormat].compactMap({ formats[$0] }).first {
            return "its samples are \(format)"
        }
        let photometric = directory[.photometric].first ?? 1
        if let color = colors[photometric] { return "its color is \(color)" }
        guard directory[.tileWidth].isEmpty else { return "it is made of tiles" }
        return layout(directory, photometric)
    }

    /// Bits of the samples, and how many are side by side or in planes.
    private static func layout(_ directory: TIFFDirectory, _ photometric: Int) -> String? {
        var bits = directory[.bitsPerSample]
        let samples = directory[.samplesPerPixel].first ?? max(1, bits.count)
        // The decoder refuses it.
        guard (1...16).contains(samples), bits.count <= samples else { return nil }
        if bits.isEmpty { bits = [1] }
        guard let depth = bits.first, bits.allSatisfy({ $0 == depth }) else {
            return "its samples differ in their bits"
        }
        let isPlanar = directory[.planarConfiguration].first == 2 && samples > 1
        let depths =
            switch samples {
            case 1: [1, 2, 4, 8, 12, 16]
            case 2 where !isPlanar, 3, 4: [8, 16]
            case 5 where photometric == separated: [8]
            default: [Int]()
            }
        let isSeparated = photometric == separated
        guard depths.contains(depth), !isSeparated || depth == 8 && samples >= 4 && !isPlanar else {
            let planes = isPlanar ? " in planes" : isSeparated ? " of printing inks" : ""
            return "it has \(samples) samples of \(depth) bits a pixel\(planes)"
        }
        return nil
    }

    /// None, CCITT's three, LZW, both numbers of Deflate, PackBits and LZMA.
    private static let compressions: Set = [1, 2, 3, 4, 5, 8, 32773, 32946, 34925]
    private static let names = [
        6: "JPEG (the old kind)", 7: "JPEG", 34712: "JPEG 2000", 34887: "LERC", 50000: "Zstandard", 50001: "WebP",
        50002: "JPEG XL", 52546: "JPEG XL",
    ]
    private static let formats = [
        2: "signed integers", 3: "floats", 5: "complex integers", 6: "complex floats",
    ]
    private static let separated = 5
    private static let colors = [
        4: "a mask", 8: "CIE L*a*b*", 9: "ICC L*a*b*", 10: "ITU L*a*b*", 32803: "a camera's raw samples",
        32844: "CIE Log L", 32845: "CIE Log Luv", 34892: "a camera's raw samples",
    ]
}

/// Damage that libavcodec's decoder of TIFF passes over.
enum TIFFDamage {
    /// What is missing: the decoder leaves rows black that an uncompressed strip does not have.
    @Sendable static func find(_ bytes: borrowing PictureBytes) -> String? {
        guard let directory = TIFFDirectory(copy bytes), directory[.compression].first ?? 1 == 1,
            let width = directory[.width].first, let height = directory[.height].first, height > 0,
            // The size is checked by the decoder.
            width <= 1 << 20, height <= 1 << 20, directory[.photometric].first != 6
        else { return nil }
        let rows = min(height, max(1, directory[.rowsPerStrip].first ?? height))
        let samples = min(16, directory[.samplesPerPixel].first ?? 1)
        let isPlanar = directory[.planarConfiguration].first == 2
        let depth = min(64, directory[.bitsPerSample].first ?? 1)
        let bytesPerRow = (width * depth * (isPlanar ? 1 : samples) + 7) / 8
        let strips = (height + rows - 1) / rows
        let sizes = directory[.stripByteCounts]
        for (index, size) in sizes.enumerated() {
            let needed = min(rows, height - index % strips * rows) * bytesPerRow
            guard size >= needed else { return "strip \(index) has \(size) of \(needed) bytes" }
        }
        return nil
    }
}
