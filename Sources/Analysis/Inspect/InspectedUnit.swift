/// One access unit (H.264, HEVC), temporal unit (AV1) or frame of a container (VP8, VP9), as its own headers describe it.
public struct InspectedUnit: Encodable, Sendable {
    /// How the picture is predicted.
    public enum PictureType: String, Encodable, Sendable {
        /// From itself alone.
        case intra = "I"
        /// From one picture a block, or in VP8, VP9 and AV1 from others in any way.
        case predicted = "P"
        /// From up to two pictures a block.
        case bipredicted = "B"
        /// There is not a picture in the unit.
        case none = "-"
    }

    /// A NAL unit, an OBU, or a frame of a superframe.
    public struct Part: Encodable, Sendable {
        /// The kind, in the codec's terms.
        public let name: String
        /// Bytes, without start codes and lengths.
        public let size: Int
    }

    /// The header quantizers of the slices (H.264, HEVC) or frames (VP8, VP9, AV1) of a unit.
    public struct Quantizers: Encodable, Sendable {
        /// The mean.
        public let average: Double
        /// The lowest.
        public let min: Int
        /// The highest.
        public let max: Int

        init?(_ quantizers: [Int]) {
            guard let min = quantizers.min(), let max = quantizers.max() else { return nil }
            (self.min, self.max) = (min, max)
            average = Double(quantizers.reduce(0, +)) / Double(quantizers.count)
        }
    }

    /// The unit's number in decoding order, from 0.
    public let index: Int
    /// How the picture is predicted.
    public let type: PictureType
    /// Whether decoding can start here.
    public let isKey: Bool
    /// What the codec calls the picture.
    public let kind: String
    /// Bytes of the unit, with start codes or lengths.
    public let size: Int
    /// Presentation time in microseconds.
    public let timestamp: Int64
    /// Decoding time in microseconds, where it is another.
    public let decodeTimestamp: Int64?
    /// Microseconds that it is shown.
    public let duration: Int64?
    /// The header quantizers; blocks may differ from them. `nil` if nothing is coded.
    public let quantizer: Quantizers?
    /// The temporal layer, if the stream or the user specifies it.
    public let temporalLayer: Int?
    /// Whether the picture is kept for others to refer to.
    public let isReference: Bool
    /// Whether a picture is shown.
    public internal(set) var isShown: Bool
    /// Whether the file skips the unit's picture: an edit list does, and may show it at another place.
    public internal(set) var isLeftOut: Bool
    /// The parts of the unit.
    public let parts: [Part]
    /// Peak signal-to-noise ratio against the source in decibels, if a source is given; infinite for equal samples.
    public internal(set) var psnr: Double?
}

/// The values in the headers of one unit.
struct UnitFacts {
    var type = InspectedUnit.PictureType.none
    var isKey = false
    var kind = ""
    var quantizers: [Int] = []
    var temporalLayer: Int?
    var isReference = false
    var isShown = true
    var parts: [InspectedUnit.Part] = []
}
