package import VideoTypes

/// Where the samples of one component are in a picture.
struct SamplePlace: Hashable, Sendable {
    let name: String
    let plane: Int
    /// Bytes of a sample.
    let bytes: Int
    /// Samples from one of the component to its next.
    let step: Int
    /// Samples before the first.
    let first: Int
    /// How far to shift the bits of a sample down.
    let shift: Int
    /// The largest value.
    let most: Int

    private init(_ name: String, _ format: PixelFormat, plane: Int, step: Int = 1, first: Int = 0) {
        (self.name, self.plane, self.step, self.first) = (name, plane, step, first)
        bytes = format.bytesPerSample
        shift = format.lowZeroBits
        most = (1 << format.bitDepth) - 1
    }

    /// The components of a format, with transparency if it is requested and present.
    static func all(of format: PixelFormat, alpha: Bool) -> [SamplePlace] {
        switch format.components {
        case .packedRGB(let bytes, let red, let green, let blue):
            var places = [("R", red), ("G", green), ("B", blue)]
            if alpha, format.hasAlpha { places.append(("A", min(red, blue) == 0 ? 3 : 0)) }
            return places.map { SamplePlace($0.0, format, plane: 0, step: bytes, first: $0.1) }
        case .deepRGB, .packedYUV:
            preconditionFailure("\(format.rawValue) is converted before it is compared")
        case .gray:
            return [SamplePlace("Y", format, plane: 0)]
        case .planar, .planarWithAlpha:
            let names = alpha && format.hasAlpha ? ["Y", "U", "V", "A"] : ["Y", "U", "V"]
            let planes = format.swapsChroma ? [0, 2, 1] : [0, 1, 2, 3]
            return zip(names, planes).map { SamplePlace($0, format, plane: $1) }
        case .semiPlanar:
            return [SamplePlace("Y", format, plane: 0)]
                + zip(["U", "V"], format.swapsChroma ? [1, 0] : [0, 1]).map { name, first in
                    SamplePlace(name, format, plane: 1, step: 2, first: first)
                }
        }
    }
}

extension PixelFormat {
    /// Whether ``PictureDifference`` compares pictures of the format: samples of 8 to 12 bits that are by themselves.
    package var isComparable: Bool {
        switch components {
        case .deepRGB, .packedYUV: false
        default: bitDepth <= 12
        }
    }
}
