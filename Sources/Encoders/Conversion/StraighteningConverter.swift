internal import Ingest
internal import LibAV
internal import PixelConversion
internal import VideoTypes

/// Divides the colors of pictures by their plane of transparency, by which they are multiplied, in the decoder's own depth; then
/// makes 8 bits of both.
final class StraighteningConverter: DecodedPictureConverter {
    let target: PictureLayout
    let colorSpace: VideoColorSpace
    private let colors: PictureLayout
    private let alpha: PictureLayout
    private let isBeside: Bool
    private let unpremultiplier: Unpremultiplier
    private let conversion: PictureConversion
    private let narrowing: AlphaNarrowing
    /// The planes of the colors, and that of alpha after them.
    private var copied: PlaneBuffer

    /// - Parameter kind: Pictures with transparency in a plane.
    init(_ kind: DecodedPictureKind) throws(DecoderError) {
        let (format, opaque) = (kind.joinedFormat, kind.format.withoutAlphaPlane)
        var whole = kind
        whole.alphaBits = kind.alphaBits ?? 8
        guard let target = PictureLayout(format: format, size: kind.size), let alpha = whole.alphaLayout,
            let colors = PictureLayout(format: opaque, size: kind.size),
            let narrow = PictureLayout(format: format.withoutAlphaPlane, size: kind.size)
        else { throw .unsupported("a picture of \(kind.size) overflows") }
        guard kind.colorSpace.matrix != .rgb else {
            throw .unsupported("planar RGB with transparency of its own is not divided by it")
        }
        unpremultiplier = Unpremultiplier(
            colors: colors,
            alpha: alpha,
            at: colors.byteCount,
            fullRange: kind.colorSpace.fullRange,
            chromaLocation: kind.chromaLocation
        )
        do throws(EncoderConfigError) {
            let steps = ConversionSteps(color: kind.colorSpace, chromaLocation: kind.chromaLocation)
            conversion = try steps.conversion(from: colors, scaledTo: nil, to: narrow)
        } catch {
            throw .unsupported(error.description)
        }
        narrowing = try AlphaNarrowing(alpha, target)
        (self.target, self.colors, self.alpha, colorSpace) = (target, colors, alpha, kind.colorSpace)
        isBeside = kind.alphaBits != nil
        copied = PlaneBuffer(byteCount: colors.byteCount + alpha.byteCount)
    }

    func convert(_ planes: borrowing DecodedPlanes, into target: inout MutableRawSpan) {
        copied.withMutableBytes { bytes in
            planes.copy(into: &bytes)
            if isBeside { planes.copyAlpha(alpha, into: &bytes, at: colors.byteCount) }
            unpremultiplier.convert(&bytes)
        }
        copied.withBytes { bytes in
            let own = bytes.extracting(first: colors.byteCount)
            if case .none = conversion {
                Self.copy(own, into: &target)
            } else {
                conversion.convert(own, into: &target)
            }
            narrowing.convert(bytes.extracting(droppingFirst: colors.byteCount), into: &target)
        }
    }

    private static func copy(_ source: RawSpan, into target: inout MutableRawSpan) {
        unsafe source.withUnsafeBytes { source in
            unsafe target.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
        }
    }
}

extension DecodedPictureKind {
    /// Transparency is a plane, of the format or beside it.
    var hasAlphaPlane: Bool { alphaBits != nil || format.withoutAlphaPlane != format }
}
