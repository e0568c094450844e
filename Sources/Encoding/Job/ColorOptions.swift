internal import PixelConversion
internal import Places
public import VideoTypes

/// The color of a job. `nil` everywhere, the default, means BT.709 limited for RGB and gray input; for YUV, the values of a
/// header, or unspecified.
public struct ColorOptions: Hashable, Sendable {
    /// The primaries, which are written as they are.
    public var primaries: ColorPrimaries?
    /// The transfer characteristics, which are written as they are.
    public var transfer: TransferCharacteristics?
    /// The matrix: RGB is converted with it, YUV is taken to have it.
    public var matrix: MatrixCoefficients?
    /// The range: RGB and gray are converted to it, YUV is taken to have it.
    public var fullRange: Bool?
    /// Where 4:2:0 chroma is sited: RGB is converted to it, YUV is taken to have it.
    public var chromaLocation: ChromaLocation?

    /// All values unspecified.
    public init() {}
}
