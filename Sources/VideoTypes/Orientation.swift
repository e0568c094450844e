/// The rotation and flip of a decoded picture before display (WebCodecs `VideoDecoderConfig`, `rotation` and `flip`).
public struct Orientation: Hashable, Sendable {
    /// Degrees clockwise, a multiple of 90.
    public enum Rotation: Int, CaseIterable, Hashable, Sendable {
        /// As it is coded.
        case none = 0
        /// A quarter.
        case right = 90
        /// Upside down.
        case half = 180
        /// Three quarters.
        case left = 270
    }

    /// How far the picture is rotated, clockwise.
    public var rotation: Rotation
    /// Whether it is mirrored left to right then.
    public var flip: Bool

    /// Without arguments: as it is coded.
    public init(rotation: Rotation = .none, flip: Bool = false) { (self.rotation, self.flip) = (rotation, flip) }

    /// As it is coded.
    public static let upright = Orientation()
}
