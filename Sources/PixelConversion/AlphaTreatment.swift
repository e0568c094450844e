/// What a source's transparency does to its colors. Whatever it is, a target with a plane of alpha gets the source's
/// alpha in it, or 255 everywhere if the source has none or none is left.
public enum AlphaTreatment: Hashable, Sendable {
    /// Ignored: the colors are kept. WebCodecs' `discard` for targets without alpha.
    case ignore
    /// The picture is composited over a color, without transparency in the result. The coded values are mixed, not linear
    /// light, as in browsers: `(color * alpha + background * (255 - alpha)) / 255`, rounded.
    ///
    /// `premultiplied` means that the source's colors are already multiplied by its alpha. Only for packed RGB; a source
    /// without alpha stays as it is.
    case composite(over: RGBColor, premultiplied: Bool)
    /// The alpha is kept, which the target must have a plane for.
    ///
    /// `premultiplied` means that the source's colors are multiplied by its alpha; they are divided by it, because an alpha
    /// plane needs colors that are not multiplied. Only for packed RGB.
    case keep(premultiplied: Bool)
}
