/// What a PNG holds, as far as its chunks tell (ISO/IEC 15948 11).
package struct PNGLayout: Sendable {
    /// How the samples of a pixel are stored.
    package enum ColorType: UInt8, Sendable {
        case gray = 0
        case rgb = 2
        case palette = 3
        case grayWithAlpha = 4
        case rgbWithAlpha = 6
    }

    /// A chunk: where its data is in the file, and its type.
    package struct Chunk: Sendable {
        /// Four characters.
        package let type: [UInt8]
        /// The place of its data.
        package let data: Range<Int>
        /// The checksum after its data, over its type and data.
        package let checksum: UInt32
    }

    package let width: Int
    package let height: Int
    /// Bits of a sample: 1, 2, 4, 8 or 16.
    package let bitDepth: Int
    package let colorType: ColorType
    /// Rows come in seven passes.
    package let isInterlaced: Bool
    /// Samples of one color are transparent.
    package let hasTransparentColor: Bool
    /// All chunks, in order.
    package let chunks: [Chunk]

    /// Reads the chunks of a file.
    ///
    /// - Throws: ``BitstreamError`` if the file is not a PNG, or not a whole one.
    package init(parsing file: [UInt8]) throws(BitstreamError) {
        let bytes = PictureBytes(file[...], origin: 0)
        guard PictureFormat(beginningWith: file.prefix(PictureFormat.signatureLength)) == .png else {
            throw bytes.invalid("a file that is not a PNG", at: 0, expected: "its signature")
        }
        chunks = try Self.chunks(bytes)
        guard let first = chunks.first, first.type.elementsEqual("IHDR".utf8), first.data.count == 13 else {
            throw bytes.invalid("a PNG without a header", at: 8, expected: "IHDR")
        }
        let start = first.data.lowerBound
        (width, height) = (bytes.number(start, bytes: 4) ?? 0, bytes.number(start + 4, bytes: 4) ?? 0)
        guard (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height) else {
            throw bytes.invalid("a picture of \(width)x\(height)", at: start, expected: "1x1 or more")
        }
        bitDepth = Int(file[start + 8])
        guard let type = ColorType(rawValue: file[start + 9]), Self.depths(type).contains(bitDepth) else {
            let what = "color type \(file[start + 9]) of \(bitDepth) bits"
            throw bytes.invalid(what, at: start + 8, expected: "one of the standard's")
        }
        colorType = type
        guard file[start + 10] == 0, file[start + 11] == 0, file[start + 12] <= 1 else {
            throw bytes.invalid("a compression, filter or order of another kind", at: start + 10, expected: "0")
        }
        isInterlaced = file[start + 12] == 1
        hasTransparentColor = chunks.contains { $0.type.elementsEqual("tRNS".utf8) }
    }

    private static func depths(_ type: ColorType) -> [Int] {
        switch type {
        case .gray: [1, 2, 4, 8, 16]
        case .palette: [1, 2, 4, 8]
        case .rgb, .grayWithAlpha, .rgbWithAlpha: [8, 16]
        }
    }

    private static func chunks(_ bytes: PictureBytes) throws(BitstreamError) -> [Chunk] {
        var (chunks, position): ([Chunk], Int) = ([], 8)
        while chunks.last?.type.elementsEqual("IEND".utf8) != true {
            guard let length = bytes.number(position, bytes: 4), let type = bytes.slice(position + 4, 4),
                length <= Int32.max, let checksum = bytes.number(position + 8 + length, bytes: 4)
            else { throw bytes.invalid("a chunk that is not whole", at: position, expected: "one that is") }
            let data = position + 8..<position + 8 + length
            chunks.append(Chunk(type: Array(type), data: data, checksum: UInt32(checksum)))
            position = data.upperBound + 4
        }
        return chunks
    }
}
