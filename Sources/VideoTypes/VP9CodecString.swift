/// `vp09.PP.LL.DD[.CC[.cp[.tc[.mc[.FF]]]]]`: profile, level and bit depth of VP9, then chroma and color (VP Codec ISO Media File
/// Format Binding, section "Codecs Parameter String"; W3C VP9 WebCodecs registration). Where some of the optional fields are
/// given, the rest have the binding's defaults, BT.709 in limited range, as browsers take them.
public struct VP9CodecString: Hashable, Sendable {
    /// `chromaSubsampling` of the VP codec configuration record.
    public enum Chroma: Int, Hashable, Sendable {
        /// 4:2:0, chroma between two rows, as MPEG-2 has it.
        case yuv420Vertical = 0
        /// 4:2:0, chroma on the top left luma sample.
        case yuv420Colocated = 1
        /// 4:2:2.
        case yuv422 = 2
        /// 4:4:4.
        case yuv444 = 3

        /// The subsampling, wherever the samples are.
        public var subsampling: ChromaSubsampling {
            switch self {
            case .yuv420Vertical, .yuv420Colocated: .yuv420
            case .yuv422: .yuv422
            case .yuv444: .yuv444
            }
        }
    }

    /// The optional fields, the missing ones with their defaults.
    public struct Format: Hashable, Sendable {
        /// Chroma subsampling and siting. 4:4:0, which the binding also has, is not known here.
        public var chroma: Chroma
        /// The color, `videoFullRangeFlag` included.
        public var color: VideoColorSpace

        /// A format.
        public init(chroma: Chroma, color: VideoColorSpace) { (self.chroma, self.color) = (chroma, color) }
    }

    /// `0...3`: 8 bit 4:2:0, 8 bit other, 10 and 12 bit 4:2:0, 10 and 12 bit other.
    public var profile: Int
    /// Ten times the level's number: 10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 52, 60, 61 or 62.
    public var level: Int
    /// 8, 10 or 12.
    public var bitDepth: Int
    /// Chroma and color; `nil` if the string has none of these fields.
    public var format: Format?

    /// A codec string.
    public init(profile: Int, level: Int, bitDepth: Int, format: Format? = nil) {
        (self.profile, self.level, self.bitDepth, self.format) = (profile, level, bitDepth, format)
    }

    /// The levels that VP9 has.
    public static let levels = [10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 52, 60, 61, 62]

    /// What a string of this kind looks like, for messages.
    static let form =
        "vp09.PP.LL.DD with profile 00 to 03, a level such as 31, a bit depth that the profile has,"
        + " and then any of .CC.cp.tc.mc.FF, in this order"

    /// The chroma of the string: the specified one, else what the profile allows.
    public var chroma: ChromaSubsampling {
        format?.chroma.subsampling ?? (profile % 2 == 0 ? .yuv420 : .yuv444)
    }
}

extension VP9CodecString: LosslessStringConvertible {
    /// The string.
    public var description: String {
        let required = [profile, level, bitDepth].map { CodecStringFields.padded($0, 2) }.joined(separator: ".")
        guard let format else { return "vp09.\(required)" }
        let range = format.color.fullRange ? "01" : "00"
        return "vp09.\(required).0\(format.chroma.rawValue).\(CodecStringColor.text(format.color)).\(range)"
    }

    /// Reads three mandatory fields, and then none to all five of the others.
    public init?(_ description: String) {
        guard var fields = CodecStringFields(description, sampleEntry: "vp09"), (3...8).contains(fields.count) else {
            return nil
        }
        guard let profile = fields.number(digits: 2, in: 0...3),
            let level = fields.number(digits: 2), Self.levels.contains(level),
            let bitDepth = fields.number(digits: 2), (profile < 2 ? [8] : [10, 12]).contains(bitDepth)
        else { return nil }
        self.init(profile: profile, level: level, bitDepth: bitDepth)
        guard fields.count > 0 else { return }
        guard let chroma = fields.number(digits: 2, in: 0...3).flatMap(Chroma.init(rawValue:)),
            (chroma.subsampling == .yuv420) == (profile % 2 == 0),
            let (primaries, transfer, matrix) = CodecStringColor.read(&fields),
            let range = fields.number(digits: 2, in: 0...1, unlessGiven: 0), matrix != .rgb || chroma == .yuv444
        else { return nil }
        let color = VideoColorSpace(primaries: primaries, transfer: transfer, matrix: matrix, fullRange: range == 1)
        format = Format(chroma: chroma, color: color)
    }
}
