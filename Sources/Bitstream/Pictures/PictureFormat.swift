package import VideoTypes

/// A format of single pictures, one to a file or one after another in a stream.
package enum PictureFormat: String, CaseIterable, Sendable {
    /// Portable Network Graphics (ISO/IEC 15948).
    case png
    /// JPEG in any of its file formats (ITU-T T.81, T.871).
    case jpeg
    /// Windows' bitmaps.
    case bmp
    /// WebP (RFC 9649), of one picture.
    case webp
    /// TIFF 6.0, of one picture.
    case tiff
    /// SMPTE ST 268.
    case dpx
    /// OpenEXR.
    case exr

    /// What is true of a format: a row of the table.
    private struct Traits {
        /// What messages call it.
        let name: String
        /// libavcodec's name of its codec.
        let codec: String
        /// Bytes at places, one of which a file has.
        let signatures: [[(offset: Int, bytes: [UInt8])]]
        let extent: @Sendable (borrowing PictureBytes) throws(BitstreamError) -> PictureExtent
        /// Why a picture is not one that is decoded as it should be; `nil` if it is.
        var refusal: @Sendable (borrowing PictureBytes) -> String? = { _ in nil }
        /// Damage that the decoder passes over.
        var damage: @Sendable (borrowing PictureBytes) -> String? = { _ in nil }
        var orientation: @Sendable (borrowing PictureBytes) -> Orientation = { _ in .upright }
        var color: @Sendable (borrowing PictureBytes, Inflation) -> PictureColor = { _, _ in .untold }
        var aspect: @Sendable (borrowing PictureBytes) -> PixelAspectRatio? = { _ in nil }
        var isAssociated: @Sendable (borrowing PictureBytes) -> Bool = { _ in false }
    }

    private var traits: Traits {
        switch self {
        case .png:
            Traits(
                name: "PNG",
                codec: "png",
                signatures: [[(0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])]],
                extent: PNGExtent.find,
                refusal: PNGColor.refusal,
                orientation: ExifOrientation.ofPNG,
                color: PNGColor.find,
                aspect: PictureDensity.inPNG
            )
        case .jpeg:
            Traits(
                name: "JPEG",
                codec: "mjpeg",
                signatures: [[(0, [0xFF, 0xD8, 0xFF])]],
                extent: JPEGExtent.find,
                refusal: JPEGKind.refusal,
                orientation: ExifOrientation.ofJPEG,
                color: PictureProfile.inJPEG,
                aspect: PictureDensity.inJPEG
            )
        case .bmp:
            // The header's size keeps what only begins with the two letters apart.
            Traits(
                name: "BMP",
                codec: "bmp",
                signatures: [12, 40, 52, 56, 64, 108, 124].map { [(0, Array("BM".utf8)), (14, [$0, 0, 0, 0])] },
                extent: BMPExtent.find,
                refusal: BMPKind.refusal
            )
        case .webp:
            Traits(
                name: "WebP",
                codec: "webp",
                signatures: [[(0, Array("RIFF".utf8)), (8, Array("WEBP".utf8))]],
                extent: WebPExtent.find,
                refusal: PictureAnimation.inWebP,
                orientation: ExifOrientation.ofWebP,
                color: PictureProfile.inWebP
            )
        case .tiff:
            Traits(
                name: "TIFF",
                codec: "tiff",
                // The last two are BigTIFF, which is refused by its name.
                signatures: [
                    [(0, [0x49, 0x49, 0x2A, 0])], [(0, [0x4D, 0x4D, 0, 0x2A])], [(0, [0x49, 0x49, 0x2B, 0])],
                    [(0, [0x4D, 0x4D, 0, 0x2B])],
                ],
                extent: TIFFExtent.find,
                refusal: TIFFKind.refusal,
                damage: TIFFDamage.find,
                orientation: ExifOrientation.ofTIFF,
                color: PictureProfile.inTIFF,
                isAssociated: PictureAlpha.isAssociatedInTIFF
            )
        case .dpx:
            Traits(
                name: "DPX",
                codec: "dpx",
                signatures: [[(0, Array("SDPX".utf8))], [(0, Array("XPDS".utf8))]],
                extent: DPXExtent.find,
                refusal: DPXKind.refusal,
                orientation: DPXKind.orientation
            )
        case .exr:
            Traits(
                name: "OpenEXR",
                codec: "exr",
                signatures: [[(0, [0x76, 0x2F, 0x31, 0x01])]],
                extent: EXRExtent.find,
                refusal: EXRKind.refusal,
                damage: EXRDamage.find,
                color: EXRColor.find,
                isAssociated: PictureAlpha.isAssociatedInEXR
            )
        }
    }

    /// What messages call it.
    package var name: String { traits.name }
    /// libavcodec's name of its codec.
    package var codec: String { traits.codec }

    /// The names of all of them, for messages.
    package static var names: String { allCases.map(\.name).joined(separator: ", ") }

    /// Bytes that are enough to recognize every format.
    package static let signatureLength = 18

    /// The format that bytes begin with; `nil` for none of them.
    ///
    /// - Parameter start: The first bytes, ``signatureLength`` of them where there are as many.
    package init?(beginningWith start: some Collection<UInt8>) {
        let found = Self.allCases.first { format in
            format.traits.signatures.contains { signature in
                signature.allSatisfy { start.dropFirst($0.offset).starts(with: $0.bytes) }
            }
        }
        guard let found else { return nil }
        self = found
    }

    /// How many bytes at least are missing of a picture that a file is to hold; `nil` for a whole one.
    ///
    /// - Throws: ``BitstreamError`` if the bytes are not a picture of this format; of reason `unsupported` if they do not
    ///   store its size.
    package func missingBytes(in file: [UInt8]) throws(BitstreamError) -> Int? {
        switch try extent(of: PictureBytes(file[...], origin: 0)) {
        case .whole: nil
        case .atLeast(let length): max(1, length - file.count)
        case .scanning: 1
        }
    }

    /// Why the picture of a file would not be decoded as it should be, though the file may be whole, and what to use instead;
    /// `nil` for a picture that is.
    package func refusal(of file: [UInt8]) -> String? {
        if let reason = traits.refusal(PictureBytes(file[...], origin: 0)) { return reason }
        guard case .whole(let length)? = try? extent(of: PictureBytes(file[...], origin: 0)),
            PictureFormat(beginningWith: file.dropFirst(length).prefix(Self.signatureLength)) != nil,
            // Cameras add previews and gain maps, which the first picture announces (CIPA DC-007).
            self != .jpeg || file.prefix(length).firstRange(of: Array("MPF\0".utf8)) == nil
        else { return nil }
        return "it has another picture behind the first, which alone would be read (write a file for each)"
    }

    /// Damage of a file that its decoder would pass over; `nil` without any.
    package func damage(in file: [UInt8]) -> String? { traits.damage(PictureBytes(file[...], origin: 0)) }

    /// How the picture of a file is turned for display, by its Exif data; upright without any.
    package func orientation(of file: [UInt8]) -> Orientation {
        traits.orientation(PictureBytes(file[...], origin: 0))
    }

    /// What a file tells of its colors, where its decoder may not tell it.
    ///
    /// - Parameters:
    ///   - file: The file, which may be cut off.
    ///   - inflate: Undoes the compression of its color profile.
    package func color(of file: [UInt8], inflate: Inflation) -> PictureColor {
        traits.color(PictureBytes(file[...], origin: 0), inflate)
    }

    /// The shape of pixels that a file tells, where its decoder reads it wrongly; `nil` where what it reads is right.
    package func aspect(of file: [UInt8]) -> PixelAspectRatio? { traits.aspect(PictureBytes(file[...], origin: 0)) }

    /// Whether the colors of a file are multiplied by its alpha.
    package func isAssociated(_ file: [UInt8]) -> Bool { traits.isAssociated(PictureBytes(file[...], origin: 0)) }

    /// How far a picture reaches that begins with the first byte.
    ///
    /// - Throws: ``BitstreamError`` if the bytes are not a picture of this format, or do not store its size.
    func extent(of bytes: borrowing PictureBytes) throws(BitstreamError) -> PictureExtent { try traits.extent(bytes) }
}

/// How far a picture reaches.
enum PictureExtent: Hashable {
    /// It has so many bytes.
    case whole(Int)
    /// So many bytes are needed to know more; the picture has at least these.
    case atLeast(Int)
    /// Coded data without an end of its own begins at `start`, and its end is not before `searched`.
    case scanning(start: Int, searched: Int)
}

/// The bytes of a picture that have come, with what it takes to read headers of them.
struct PictureBytes {
    private let bytes: ArraySlice<UInt8>
    /// Where the picture begins in its stream, for messages.
    private let origin: Int
    /// Numbers have their high byte first.
    var isBigEndian = true
    /// Coded data that was searched before for its end: where it begins, and where the search is to go on.
    var scan: (start: Int, searched: Int)?

    init(_ bytes: ArraySlice<UInt8>, origin: Int) { (self.bytes, self.origin) = (bytes, origin) }

    var count: Int { bytes.count }

    /// The byte at a position; `nil` where it has not come.
    func byte(_ position: Int) -> UInt8? {
        position >= 0 && position < count ? bytes[bytes.startIndex + position] : nil
    }

    /// Bytes from a position on; `nil` if not all of them have come.
    func slice(_ position: Int, _ length: Int) -> ArraySlice<UInt8>? {
        guard position >= 0, length >= 0, position <= count, length <= count - position else { return nil }
        return bytes[bytes.startIndex + position..<bytes.startIndex + position + length]
    }

    /// An unsigned number of `length` bytes, at most 7; `nil` if not all of them have come.
    func number(_ position: Int, bytes length: Int) -> Int? {
        guard let digits = slice(position, length) else { return nil }
        return isBigEndian
            ? digits.reduce(0) { $0 << 8 | Int($1) } : digits.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The position of a byte, from a position on.
    func firstIndex(of byte: UInt8, from position: Int) -> Int? {
        guard position < count else { return nil }
        return bytes[(bytes.startIndex + position)...].firstIndex(of: byte).map { $0 - bytes.startIndex }
    }

    func invalid(_ what: String, at position: Int, expected: String) -> BitstreamError {
        BitstreamError(.invalid, what, at: .byte(origin + position), expected: expected)
    }

    /// The bytes may be right, but do not store where the picture ends.
    func unknown(_ what: String, at position: Int) -> BitstreamError {
        let expected = "a picture that stores its size (name the files instead: 'folder/*')"
        return BitstreamError(.unsupported, what, at: .byte(origin + position), expected: expected)
    }

    /// The bytes may be right, but are of a kind that is not decoded.
    func undecoded(_ what: String, at position: Int, expected: String) -> BitstreamError {
        BitstreamError(.unsupported, what, at: .byte(origin + position), expected: expected)
    }
}
