package import VideoTypes

/// `color_space` of VP9's uncompressed header (VP9 Bitstream & Decoding Process Specification, 7.2.2): matrix, primaries and
/// transfer in one number of three bits.
package struct VP9ColorSpace: RawRepresentable, Hashable, Sendable {
    /// The number, `0...7`.
    package var rawValue: UInt8
    /// Any number.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `CS_UNKNOWN`.
    package static let unknown = Self(rawValue: 0)
    /// `CS_BT_601`: 625 lines.
    package static let bt601 = Self(rawValue: 1)
    /// `CS_BT_709`.
    package static let bt709 = Self(rawValue: 2)
    /// `CS_SMPTE_170`: 525 lines.
    package static let smpte170 = Self(rawValue: 3)
    /// `CS_SMPTE_240`.
    package static let smpte240 = Self(rawValue: 4)
    /// `CS_BT_2020`.
    package static let bt2020 = Self(rawValue: 5)
    /// `CS_RESERVED`.
    package static let reserved = Self(rawValue: 6)
    /// `CS_RGB`: the planes hold green, blue and red.
    package static let rgb = Self(rawValue: 7)

    /// The number with this matrix, which is all that decoders take from it; `nil` if none has it.
    package init?(matrix: MatrixCoefficients) {
        guard let known = Self.known.first(where: { $0.codes.matrix == matrix }) else { return nil }
        self = known.space
    }

    /// The meaning of the number, in the codes of H.273; `unspecified` if it does not define one.
    ///
    /// - Parameters:
    ///   - fullRange: `color_range`, the next field.
    ///   - bitDepth: 8, 10 or 12; the transfer of BT.2020 has a code for each.
    package func h273(fullRange: Bool, bitDepth: Int) -> VideoColorSpace {
        guard var color = Self.known.first(where: { $0.space == self })?.codes else {
            var color = VideoColorSpace.unspecified
            color.fullRange = fullRange
            return color
        }
        if self == .bt2020 { color.transfer = TransferCharacteristics(rawValue: bitDepth == 12 ? 15 : 14) }
        color.fullRange = fullRange
        return color
    }

    private static func codes(_ primaries: UInt8, _ transfer: UInt8, _ matrix: UInt8) -> VideoColorSpace {
        VideoColorSpace(
            primaries: ColorPrimaries(rawValue: primaries),
            transfer: TransferCharacteristics(rawValue: transfer),
            matrix: MatrixCoefficients(rawValue: matrix),
            fullRange: false
        )
    }

    private static let known: [(space: VP9ColorSpace, codes: VideoColorSpace)] = [
        (.unknown, codes(2, 2, 2)), (.bt601, codes(5, 6, 5)), (.bt709, codes(1, 1, 1)), (.smpte170, codes(6, 6, 6)),
        (.smpte240, codes(7, 7, 7)), (.bt2020, codes(9, 14, 9)), (.rgb, codes(1, 13, 0)),
    ]
}
