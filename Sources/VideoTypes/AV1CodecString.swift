/// `av01.P.LLT.DD[.M[.CCC[.cp[.tc[.mc[.F]]]]]]`: profile, level, tier and bit depth of AV1, then chroma and color (AV1 Codec ISO
/// Media File Format Binding, section 5; W3C AV1 WebCodecs registration). Where some of the optional fields are given, the rest
/// have the binding's defaults, BT.709 in limited range, as browsers take them; chroma that is left out is that of the profile.
public struct AV1CodecString: Hashable, Sendable {
    /// `seq_tier` (AV1 6.4.1).
    public enum Tier: String, Hashable, Sendable {
        /// Tier 0.
        case main = "M"
        /// Tier 1, which levels from 4.0 on have.
        case high = "H"
    }

    /// The optional fields, the missing ones with their defaults.
    public struct Format: Hashable, Sendable {
        /// `mono_chrome`.
        public var isMonochrome: Bool
        /// The chroma subsampling.
        public var chroma: ChromaSubsampling
        /// `chroma_sample_position` (AV1 6.4.2), `0...2`: unknown, vertical, colocated; 0 unless chroma is 4:2:0.
        public var chromaSamplePosition: Int
        /// The color, `color_range` included.
        public var color: VideoColorSpace

        /// A format.
        public init(isMonochrome: Bool, chroma: ChromaSubsampling, chromaSamplePosition: Int, color: VideoColorSpace) {
            (self.isMonochrome, self.chroma) = (isMonochrome, chroma)
            (self.chromaSamplePosition, self.color) = (chromaSamplePosition, color)
        }
    }

    /// `seq_profile`, `0...2`: Main, High, Professional.
    public var profile: Int
    /// `seq_level_idx`, `0...23` or 31: level `2 + (idx >> 2)` `.` `idx & 3`.
    public var level: Int
    /// `seq_tier`.
    public var tier: Tier
    /// 8, 10 or 12.
    public var bitDepth: Int
    /// Chroma and color; `nil` if the string has none of these fields.
    public var format: Format?

    /// A codec string.
    public init(profile: Int, level: Int, tier: Tier, bitDepth: Int, format: Format? = nil) {
        (self.profile, self.level, self.tier, self.bitDepth) = (profile, level, tier, bitDepth)
        self.format = format
    }

    /// What a string of this kind looks like, for messages.
    static let form =
        "av01.P.LLT.DD with profile 0 to 2, a level index such as 08, tier M or H (H from 08 on),"
        + " a bit depth that the profile has, and then any of .M.CCC.cp.tc.mc.F, in this order"

    /// The chroma of the string: the specified one, else what the profile allows.
    public var chroma: ChromaSubsampling {
        if let format { return format.chroma }
        switch profile {
        case 0: return .yuv420
        case 1: return .yuv444
        default: return .yuv422
        }
    }
}

extension AV1CodecString: LosslessStringConvertible {
    /// The string.
    public var description: String {
        let digits = [CodecStringFields.padded(level, 2) + tier.rawValue, CodecStringFields.padded(bitDepth, 2)]
        let required = "av01.\(profile).\(digits.joined(separator: "."))"
        guard let format else { return required }
        let chroma =
            switch format.chroma {
            case .yuv420: "11\(format.chromaSamplePosition)"
            case .yuv422: "100"
            case .yuv444: "000"
            }
        let range = format.color.fullRange ? 1 : 0
        let color = CodecStringColor.text(format.color)
        return "\(required).\(format.isMonochrome ? 1 : 0).\(chroma).\(color).\(range)"
    }

    /// Reads three mandatory fields, and then none to all six of the others.
    public init?(_ description: String) {
        guard var fields = CodecStringFields(description, sampleEntry: "av01"), (3...9).contains(fields.count) else {
            return nil
        }
        guard let profile = fields.number(digits: 1, in: 0...2), let levelAndTier = fields.text(),
            let tier = levelAndTier.last.flatMap({ Tier(rawValue: String($0)) }),
            let level = CodecStringFields.number(levelAndTier.dropLast(), digits: 2, in: 0...31),
            level < 24 || level == 31, tier == .main || level >= 8,
            let bitDepth = fields.number(digits: 2), (profile < 2 ? [8, 10] : [8, 10, 12]).contains(bitDepth)
        else { return nil }
        self.init(profile: profile, level: level, tier: tier, bitDepth: bitDepth)
        guard fields.count > 0 else { return }
        guard let format = Self.format(&fields, profile: profile, bitDepth: bitDepth) else { return nil }
        self.format = format
    }

    private static func format(_ fields: inout CodecStringFields, profile: Int, bitDepth: Int) -> Format? {
        guard let monochrome = fields.number(digits: 1, in: 0...1),
            let (chroma, position) = Self.chroma(fields.text(), profile: profile),
            let (primaries, transfer, matrix) = CodecStringColor.read(&fields),
            let range = fields.number(digits: 1, in: 0...1, unlessGiven: 0),
            profileAllows(chroma, isMonochrome: monochrome == 1, profile: profile, bitDepth: bitDepth),
            matrix != .rgb || (chroma == .yuv444 && monochrome == 0)
        else { return nil }
        let color = VideoColorSpace(primaries: primaries, transfer: transfer, matrix: matrix, fullRange: range == 1)
        return Format(isMonochrome: monochrome == 1, chroma: chroma, chromaSamplePosition: position, color: color)
    }

    /// The binding's default is 110, which only the first profile has at every depth.
    private static func chroma(_ text: Substring?, profile: Int) -> (ChromaSubsampling, Int)? {
        switch text ?? ["110", "000", "100"][profile] {
        case "110": (.yuv420, 0)
        case "111": (.yuv420, 1)
        case "112": (.yuv420, 2)
        case "100": (.yuv422, 0)
        case "000": (.yuv444, 0)
        default: nil
        }
    }

    /// AV1 6.4.1, the table of profiles.
    private static func profileAllows(
        _ chroma: ChromaSubsampling,
        isMonochrome: Bool,
        profile: Int,
        bitDepth: Int
    ) -> Bool {
        // Monochrome counts as 4:2:0.
        switch (profile, chroma) {
        case (0, .yuv420): true
        case (1, .yuv444): !isMonochrome
        case (2, .yuv422): !isMonochrome
        case (2, .yuv420): bitDepth == 12
        case (2, .yuv444): bitDepth == 12 && !isMonochrome
        default: false
        }
    }
}
