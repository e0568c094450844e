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
    /// Bits of a coded sample. `nil`, the default, means what the codec string says, or about what the input has.
    public var bitDepth: Int?
    /// What is behind transparent input where alpha is discarded. `nil`, the default, means that transparency is
    /// ignored and the colors are taken as they are.
    public var background: RGBColor?
    /// The input's colors are multiplied by its alpha already. The default is that they are not.
    public var isPremultiplied = false
    /// The size at which the picture is to be shown, which becomes the sample aspect ratio. `nil`, the default, means
    /// square samples, or what a header says.
    public var displaySize: PictureSize?
    /// How far a player is to rotate the picture. `nil`, the default, means what the configuration says, or a header.
    public var rotation: Orientation.Rotation?
    /// Whether a player is to mirror it then. `nil`, the default, means what the configuration says, or a header.
    public var flip: Bool?

    /// No change.
    public init() {}
}
