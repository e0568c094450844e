internal import VideoTypes

/// Where the alpha of a target comes from.
enum AlphaPlane: Hashable, Sendable {
    /// The target has none.
    case absent
    /// Nowhere: all of it is opaque.
    case opaque
    /// From the byte at this place of each pixel.
    case packed(place: Int)
    /// From a sample of each pixel of deep RGB.
    case deep
    /// From a plane of the source's, as other planes do.
    case plane

    /// - Throws: ``EncoderConfigError/unsupported(_:)`` if the formats do not allow the request.
    init(
        from source: PixelFormat,
        to target: PixelFormat,
        _ conversion: Conversion,
        _ alpha: AlphaTreatment
    ) throws(EncoderConfigError) {
        if case .planes = conversion { try Self.check(source, alpha) }
        switch (target.hasAlpha, conversion, alpha) {
        case (false, _, .keep):
            throw .unsupported("alpha cannot be kept in \(target.rawValue), which has no plane for it (use i420a)")
        case (false, _, _): self = .absent
        case (true, _, .composite): self = .opaque
        case (true, .planes, _): self = source.hasAlpha ? .plane : .opaque
        case (true, .packed(let pixels, _), _): self = source.hasAlpha ? .packed(place: pixels.alphaPlace) : .opaque
        case (true, .deep(let pixels, _), _): self = pixels.hasAlpha ? .deep : .opaque
        case (true, .gray, _), (true, .channels, _), (true, .unpacked, _): self = .opaque
        }
    }

    /// Planes come one after the other, alpha last, when its colors are no longer available.
    private static func check(_ source: PixelFormat, _ alpha: AlphaTreatment) throws(EncoderConfigError) {
        let isPossible =
            switch alpha {
            case .ignore, .keep(premultiplied: false): true
            case .composite, .keep(premultiplied: true): !source.hasAlpha
            }
        guard isPossible else {
            throw .unsupported(
                "the colors of \(source.rawValue) cannot be composited or premultiplied, because its alpha is a separate plane"
                    + " (use rgba, bgra or argb)"
            )
        }
    }
}
