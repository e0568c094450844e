package import VideoTypes

/// What red, green and blue are in an OpenEXR file, by the attribute `chromaticities` of its header.
package enum EXRPrimaries: Equatable {
    /// Those that have a name. Without the attribute they are those of BT.709 (OpenEXR, standard optional attributes).
    case named(ColorPrimaries)
    /// Others: x and y of red, green, blue and white (CIE 1931).
    case other([Float])

    /// By how much chromaticities may differ from those of a name, since programs round them.
    private static let tolerance: Float = 0.001

    private static let names: [(primaries: ColorPrimaries, chromaticities: [Float])] = [
        (.bt709, [0.640, 0.330, 0.300, 0.600, 0.150, 0.060, 0.3127, 0.3290]),
        (.bt2020, [0.708, 0.292, 0.170, 0.797, 0.131, 0.046, 0.3127, 0.3290]),
        (.smpte432, [0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.3127, 0.3290]),
    ]

    /// What messages call the primaries that have a name.
    package static let known = "BT.709, BT.2020 or P3-D65"

    /// Those of a file, whose header may be cut off: then they are those of a file without the attribute.
    package init(file: [UInt8]) {
        var bytes = PictureBytes(file[...], origin: 0)
        bytes.isBigEndian = false
        let header = try? EXRHeader(bytes)
        guard let values = header?.chromaticities else {
            self = .named(.bt709)
            return
        }
        let found = Self.names.first { name in
            zip(values, name.chromaticities).allSatisfy { abs($0 - $1) <= Self.tolerance }
        }
        self = found.map { .named($0.primaries) } ?? .other(values)
    }
}
