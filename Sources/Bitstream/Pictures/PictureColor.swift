package import VideoTypes

/// What the file of a picture tells of its colors, where decoders do not tell it, or not all of it.
package struct PictureColor: Equatable, Sendable {
    /// What red, green and blue are; unspecified where the file does not tell it, or H.273 has no name for it.
    package var primaries = ColorPrimaries.unspecified
    /// The curve between light and samples; unspecified likewise.
    package var transfer = TransferCharacteristics.unspecified
    /// What the file has that has no name here, and what follows from that; `nil`, the default, if there is nothing.
    package var unknown: String?

    /// Nothing is told.
    package static let untold = PictureColor()

    /// Those of screens, as most pictures have them (IEC 61966-2-1).
    static let srgb = PictureColor(primaries: .bt709, transfer: .srgb)

    /// Primaries of chromaticities, x and y of red, green, blue and white (CIE 1931), and a transfer.
    init(chromaticities: [Float], transfer: TransferCharacteristics) {
        self.transfer = transfer
        let found = Self.names.first { name in
            zip(chromaticities, name.chromaticities).allSatisfy { abs($0 - $1) <= Self.tolerance }
        }
        guard let found else {
            let numbers = chromaticities.map { "\($0)" }.joined(separator: " ")
            unknown =
                "it has the chromaticities \(numbers), which are not those of \(Self.known), so its primaries are not known"
            return
        }
        primaries = found.primaries
    }

    /// Colors that have names, or that nothing is known of.
    init(
        primaries: ColorPrimaries = .unspecified,
        transfer: TransferCharacteristics = .unspecified,
        unknown: String? = nil
    ) {
        (self.primaries, self.transfer, self.unknown) = (primaries, transfer, unknown)
    }

    /// What messages call the primaries that have a name.
    static let known = "BT.709, BT.2020 or P3-D65"

    /// By how much chromaticities may differ from those of a name, since programs round them.
    private static let tolerance: Float = 0.001

    private static let names: [(primaries: ColorPrimaries, chromaticities: [Float])] = [
        (.bt709, [0.640, 0.330, 0.300, 0.600, 0.150, 0.060, 0.3127, 0.3290]),
        (.bt2020, [0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290]),
        (.smpte432, [0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.3127, 0.3290]),
    ]
}

extension TransferCharacteristics {
    /// A power of 2.2 (H.273, code point 4).
    static let gamma22 = Self(rawValue: 4)
    /// A power of 2.8 (H.273, code point 5).
    static let gamma28 = Self(rawValue: 5)
}

/// Undoes the compression of zlib; `nil` for data that is damaged or too long.
package typealias Inflation = (ArraySlice<UInt8>) -> [UInt8]?
