public import VideoTypes

/// `KR` and `KB`: what red and blue weigh in luma, from which ITU-T H.273 derives every other weight
/// (section 8.3, equations 38 to 40).
public struct LumaCoefficients: Hashable, Sendable {
    /// The weight of red.
    public let kr: Double
    /// The weight of blue.
    public let kb: Double
    /// The weight of green: the rest to 1.
    public var kg: Double { 1 - kr - kb }

    /// H.273 table 4, value 1; Rec. ITU-R BT.709-6, item 3.2.
    public static let bt709 = Self(kr: 0.2126, kb: 0.0722)
    /// H.273 table 4, values 5 and 6; Rec. ITU-R BT.601-7, section 2.5.1.
    public static let bt601 = Self(kr: 0.299, kb: 0.114)
    /// H.273 table 4, value 9; Rec. ITU-R BT.2020-2, table 4, non-constant luminance.
    public static let bt2020NCL = Self(kr: 0.2627, kb: 0.0593)

    private init(kr: Double, kb: Double) { (self.kr, self.kb) = (kr, kb) }

    /// The coefficients of a matrix.
    ///
    /// - Returns: `nil` for `unspecified` and for matrices that are not defined by these two numbers alone.
    public init?(_ matrix: MatrixCoefficients) {
        switch matrix {
        case .bt709: self = .bt709
        case .bt470bg, .smpte170m: self = .bt601
        case .bt2020NCL: self = .bt2020NCL
        default: return nil
        }
    }
}
