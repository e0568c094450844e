/// `ColourPrimaries` of ITU-T H.273, table 2. Code points added by a later edition pass through unchanged.
public struct ColorPrimaries: RawRepresentable, Hashable, Sendable {
    /// The code point.
    public var rawValue: UInt8
    /// Any code point, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Rec. ITU-R BT.709-6.
    public static let bt709 = Self(rawValue: 1)
    /// Unknown, or determined by the application.
    public static let unspecified = Self(rawValue: 2)
    /// Rec. ITU-R BT.470-6 System B, G: 625-line television.
    public static let bt470bg = Self(rawValue: 5)
    /// SMPTE ST 170: 525-line television.
    public static let smpte170m = Self(rawValue: 6)
    /// Rec. ITU-R BT.2020-2.
    public static let bt2020 = Self(rawValue: 9)
    /// SMPTE EG 432-1: P3 with a D65 white point.
    public static let smpte432 = Self(rawValue: 12)
}

/// `TransferCharacteristics` of ITU-T H.273, table 3.
public struct TransferCharacteristics: RawRepresentable, Hashable, Sendable {
    /// The code point.
    public var rawValue: UInt8
    /// Any code point, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Rec. ITU-R BT.709-6.
    public static let bt709 = Self(rawValue: 1)
    /// Unknown, or determined by the application.
    public static let unspecified = Self(rawValue: 2)
    /// SMPTE ST 170.
    public static let smpte170m = Self(rawValue: 6)
    /// Linear.
    public static let linear = Self(rawValue: 8)
    /// IEC 61966-2-1: sRGB.
    public static let srgb = Self(rawValue: 13)
    /// SMPTE ST 2084: perceptual quantization.
    public static let pq = Self(rawValue: 16)
    /// ARIB STD-B67: hybrid log-gamma.
    public static let hlg = Self(rawValue: 18)
}

/// `MatrixCoefficients` of ITU-T H.273, table 4.
public struct MatrixCoefficients: RawRepresentable, Hashable, Sendable {
    /// The code point.
    public var rawValue: UInt8
    /// Any code point, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The identity matrix: the planes hold green, blue and red.
    public static let rgb = Self(rawValue: 0)
    /// Rec. ITU-R BT.709-6.
    public static let bt709 = Self(rawValue: 1)
    /// Unknown, or determined by the application.
    public static let unspecified = Self(rawValue: 2)
    /// Title 47 of the United States' Code of Federal Regulations, 73.682.
    public static let fcc = Self(rawValue: 4)
    /// Rec. ITU-R BT.601, 625 lines; the same equations as ``smpte170m``.
    public static let bt470bg = Self(rawValue: 5)
    /// Rec. ITU-R BT.601, 525 lines.
    public static let smpte170m = Self(rawValue: 6)
    /// SMPTE ST 240.
    public static let smpte240m = Self(rawValue: 7)
    /// Rec. ITU-R BT.2020-2, non-constant luminance.
    public static let bt2020NCL = Self(rawValue: 9)
}

/// `chroma_sample_loc_type` (H.264 figure E-1): where a 4:2:0 chroma sample is among its four luma samples.
public struct ChromaLocation: RawRepresentable, Hashable, Sendable {
    /// The code point.
    public var rawValue: UInt8
    /// Any code point, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// On the left luma column, between the rows: MPEG-2, and H.264 by default.
    public static let left = Self(rawValue: 0)
    /// In the middle of the four: JPEG and MPEG-1.
    public static let center = Self(rawValue: 1)
    /// On the top left luma sample: BT.2020.
    public static let topLeft = Self(rawValue: 2)

    /// What messages call it.
    public var name: String {
        switch self {
        case .left: "left"
        case .center: "center"
        case .topLeft: "top left"
        default: "place \(rawValue)"
        }
    }
}

/// The color of a picture: the four members of WebCodecs' `VideoColorSpace`, all of them specified.
public struct VideoColorSpace: Hashable, Sendable {
    /// The chromaticities of red, green, blue and white.
    public var primaries: ColorPrimaries
    /// The curve between light and sample values.
    public var transfer: TransferCharacteristics
    /// The equations between RGB and YUV.
    public var matrix: MatrixCoefficients
    /// Samples use every value (0...255) instead of 16...235 for luma and 16...240 for chroma.
    public var fullRange: Bool

    /// A color space.
    public init(
        primaries: ColorPrimaries,
        transfer: TransferCharacteristics,
        matrix: MatrixCoefficients,
        fullRange: Bool
    ) {
        self.primaries = primaries
        self.transfer = transfer
        self.matrix = matrix
        self.fullRange = fullRange
    }

    /// BT.709, limited range: the default for converted RGB.
    public static let bt709 = VideoColorSpace(primaries: .bt709, transfer: .bt709, matrix: .bt709, fullRange: false)

    /// BT.601, limited range: the only color that VP8 has (RFC 6386 9.2).
    public static let bt601 = VideoColorSpace(
        primaries: .smpte170m,
        transfer: .smpte170m,
        matrix: .smpte170m,
        fullRange: false
    )

    /// Limited range, everything else unspecified: YUV input without further information.
    public static let unspecified = VideoColorSpace(
        primaries: .unspecified,
        transfer: .unspecified,
        matrix: .unspecified,
        fullRange: false
    )
}

extension VideoColorSpace {
    /// This color or, if it names no matrix, with the one that pictures of a size usually have: BT.709 over 576 rows,
    /// where high definition begins, and else BT.601.
    public func guessingMatrix(for size: PictureSize) -> VideoColorSpace {
        guard matrix == .unspecified else { return self }
        var guess = self
        guess.matrix = size.height > 576 ? .bt709 : .smpte170m
        return guess
    }

    /// This color, with another's code points where this one's are unspecified. The range is this one's.
    public func completed(by other: VideoColorSpace) -> VideoColorSpace {
        VideoColorSpace(
            primaries: primaries == .unspecified ? other.primaries : primaries,
            transfer: transfer == .unspecified ? other.transfer : transfer,
            matrix: matrix == .unspecified ? other.matrix : matrix,
            fullRange: fullRange
        )
    }
}

extension VideoColorSpace: CustomStringConvertible {
    /// Primaries, transfer, matrix and range.
    public var description: String { "\(primaries)/\(transfer)/\(matrix) \(fullRange ? "full" : "limited")" }
}
