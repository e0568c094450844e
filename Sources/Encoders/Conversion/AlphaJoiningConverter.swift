internal import LibAV
internal import PixelConversion
internal import VideoTypes

/// Makes one picture of a decoder's colors and of the transparency beside them, which no format has together: each is converted
/// to 8 bits by itself.
final class AlphaJoiningConverter: DecodedPictureConverter {
    let target: PictureLayout
    private let colors: any DecodedPictureConverter
    private let alpha: PictureLayout
    private let narrowing: AlphaNarrowing
    private var samples: PlaneBuffer

    var colorSpace: VideoColorSpace { colors.colorSpace }

    /// - Parameters:
    ///   - kind: Pictures with transparency beside them.
    ///   - format: What they become, with or without alpha. `nil`, the default, is ``LibAV/DecodedPictureKind/joinedFormat``.
    init(_ kind: DecodedPictureKind, as format: PixelFormat? = nil) throws(DecoderError) {
        let format = format ?? kind.joinedFormat
        guard let target = PictureLayout(format: format, size: kind.size), let alpha = kind.alphaLayout else {
            throw .unsupported("transparency of \(kind.alphaBits ?? 0) bits is not read")
        }
        var opaque = kind
        opaque.alphaBits = nil
        guard let colors = try DecoderConversion(format: format.withoutAlphaPlane).converter(for: opaque) else {
            throw .unsupported("\(kind.format.rawValue) with transparency is not converted to \(format.rawValue)")
        }
        (self.target, self.colors, self.alpha) = (target, colors, alpha)
        narrowing = try AlphaNarrowing(alpha, target)
        samples = PlaneBuffer(byteCount: alpha.byteCount)
    }

    func convert(_ planes: borrowing DecodedPlanes, into target: inout MutableRawSpan) {
        colors.convert(planes, into: &target)
        guard self.target.format.hasAlpha else { return }
        samples.withMutableBytes { planes.copyAlpha(alpha, into: &$0) }
        samples.withBytes { narrowing.convert($0, into: &target) }
    }
}

/// Puts a plane of alpha, of any depth, into a picture whose alpha has 8 bits.
final class AlphaNarrowing {
    private let target: PictureLayout
    /// Makes 8 bits of the samples; `nil` where they have 8.
    private let converter: StripConverter?
    private var narrow: PlaneBuffer

    /// - Parameters:
    ///   - source: The plane, as if it were gray.
    ///   - target: The picture.
    init(_ source: PictureLayout, _ target: PictureLayout) throws(DecoderError) {
        guard let narrow = PictureLayout(format: .gray8, size: source.size) else {
            throw .unsupported("a picture of \(source.size) overflows")
        }
        self.target = target
        converter = source == narrow ? nil : try Self.converter(source, narrow)
        self.narrow = PlaneBuffer(byteCount: converter == nil ? 0 : narrow.byteCount)
    }

    private static func converter(_ source: PictureLayout, _ target: PictureLayout) throws(DecoderError)
        -> StripConverter
    {
        var color = VideoColorSpace.unspecified
        color.fullRange = true
        do throws(EncoderConfigError) {
            return try StripConverter(source: source, target: target, color: color, chromaLocation: .left)
        } catch {
            throw .unsupported(error.description)
        }
    }

    func convert(_ samples: RawSpan, into target: inout MutableRawSpan) {
        guard let converter else { return put(samples, into: &target) }
        narrow.withMutableBytes { converter.convert(picture: samples, into: &$0) }
        narrow.withBytes { put($0, into: &target) }
    }

    /// Puts the alpha of all pixels where the target has it.
    private func put(_ alpha: RawSpan, into target: inout MutableRawSpan) {
        switch self.target.format.components {
        case .packedRGB(let bytesPerPixel, let red, _, let blue):
            Self.put(alpha, into: &target, step: bytesPerPixel, at: min(red, blue) == 0 ? 3 : 0)
        default:
            Self.put(alpha, into: &target, step: 1, at: self.target.planes[3].offset)
        }
    }

    private static func put(_ alpha: RawSpan, into target: inout MutableRawSpan, step: Int, at first: Int) {
        precondition(first + (alpha.byteCount - 1) * step < target.byteCount, "the target has a place for each sample")
        unsafe alpha.withUnsafeBytes { alpha in
            unsafe target.withUnsafeMutableBytes { target in
                // SAFETY: the last place is in the target, as was checked.
                for index in alpha.indices { unsafe target[first + index * step] = alpha[index] }
            }
        }
    }
}

extension DecodedPictureKind {
    /// What pictures with a plane of transparency become: 4:4:4 with alpha of 4:4:4, and else 4:2:0 with alpha.
    var joinedFormat: PixelFormat { format.chroma == .yuv444 ? .i444a : .i420a }
}

extension PixelFormat {
    /// The format with the same planes but for that of alpha, which is the last; the format itself if it has none.
    var withoutAlphaPlane: PixelFormat {
        if case .planarWithAlpha(let chroma) = components { .planar(chroma) } else { self }
    }
}
