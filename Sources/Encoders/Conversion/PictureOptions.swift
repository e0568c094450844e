public import PixelConversion
internal import Places
public import VideoTypes

/// What to do about an odd width or height where the codec cannot express it.
public enum OddSizePolicy: String, CaseIterable, Hashable, Sendable {
    /// Refuse the configuration.
    case refuse
    /// Repeat the last column or row.
    case pad
    /// Leave the last column or row out.
    case crop
}

/// What happens to the picture between input and encoder.
public struct PictureOptions: Hashable, Sendable {
    /// The size to scale to. `nil`, the default, does not scale.
    public var scale: PictureSize?
    /// What to do about odd sizes. The default is to refuse them.
    public var oddSize = OddSizePolicy.refuse
    /// The coded chroma. `nil`, the default, means what the input has and the codec string has room for, else 4:2:0.
    public var chroma: ChromaSubsampling?
    /// Bits of a coded sample. `nil`, the default, means those of the codec string, or the best fit to the input.
    public var bitDepth: Int?
    /// The background of transparent input if alpha is discarded. `nil`, the default, ignores transparency and keeps the
    /// colors.
    public var background: RGBColor?
    /// The input's colors are multiplied by its alpha already. The default is that they are not.
    public var isPremultiplied = false
    /// The display size of the picture, which becomes the sample aspect ratio. `nil`, the default, means that of a header, or
    /// square samples.
    public var displaySize: PictureSize?
    /// How far a player rotates the picture. `nil`, the default, means the value of the configuration, or of a header.
    public var rotation: Orientation.Rotation?
    /// Whether a player mirrors it after the rotation. `nil`, the default, means the value of the configuration, or of a
    /// header.
    public var flip: Bool?

    /// No change.
    public init() {}
}
