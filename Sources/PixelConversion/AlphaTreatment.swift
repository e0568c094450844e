/// What a source's transparency does to its colors. Whatever it is, a target with a plane of alpha gets the source's
/// alpha in it, or 255 everywhere if the source has none or none is left.
public enum AlphaTreatment: Hashable, Sendable {
    /// Nothing: the colors are taken as they are. WebCodecs' `discard` where the target has no alpha.
    case ignore
    /// The picture is laid over a color, and nothing stays transparent. The mixture is that of the coded values, not of
    /// light, as browsers do it: `(color * alpha + background * (255 - alpha)) / 255`, rounded.
    ///
    /// `premultiplied` says that the source's colors are multiplied by its alpha already. Only for packed RGB; a source
    /// that has no alpha stays as it is.
    case composite(over: RGBColor, premultiplied: Bool)
    /// The alpha is kept, which the target must have a plane for.
    ///
    /// `premultiplied` says that the source's colors are multiplied by its alpha; they are divided by it, since a plane
    /// of alpha goes with colors that are not. Only for packed RGB.
    case keep(premultiplied: Bool)
}
