internal import Ingest
internal import LibAV
internal import PixelConversion
internal import VideoTypes

/// The conversion of a decoder's pictures to the requested format: by our kernels if possible, else by libswscale.
struct DecoderConversion: Sendable {
    let format: PixelFormat

    /// A converter for pictures of a kind; `nil` if they have the format already.
    func converter(for kind: DecodedPictureKind) throws(DecoderError) -> (any DecodedPictureConverter)? {
        guard format != kind.format else { return nil }
        do throws(EncoderConfigError) {
            let target = try Self.layout(format, kind.size)
            switch format.components {
            case .packedRGB, .deepRGB:
                if kind.format.isRGB { return try reordered(kind, target) }
            default: break
            }
            switch format.components {
            case .packedRGB: return try toRGB(kind, target)
            case .gray: return try toGray(kind, target)
            case .planar, .semiPlanar: return try toYUV(kind, target)
            case .deepRGB: return try toDeepRGB(kind, target)
            case .packedYUV: return try toPackedYUV(kind, target)
            case .planarWithAlpha where kind.format.hasAlpha: return try toYUV(kind, target)
            case .planarWithAlpha:
                throw .unsupported("decoded pictures have no transparency, but \(format.rawValue) needs it")
            }
        } catch {
            throw .unsupported(error.description)
        }
    }

    private static func layout(_ format: PixelFormat, _ size: PictureSize) throws(EncoderConfigError) -> PictureLayout {
        guard let layout = PictureLayout(format: format, size: size) else {
            throw .unsupported("a picture of \(size) overflows")
        }
        return layout
    }

    private func toRGB(
        _ kind: DecodedPictureKind,
        _ target: PictureLayout
    ) throws(EncoderConfigError) -> any DecodedPictureConverter {
        let color = kind.colorSpace.guessingMatrix(for: kind.size)
        var rgb = color
        (rgb.matrix, rgb.fullRange) = (.rgb, true)
        // Our kernels make RGB of gray of 8 bits.
        if kind.format.isGray, kind.format.bitDepth > 8 {
            var scaled = rgb
            scaled.matrix = .bt709
            return try scaling(kind, scaled, target, rgb)
        }
        if Self.scaledMatrices.contains(color.matrix) {
            return try scaling(kind, color, target, rgb)
        }
        let converter = try RGBConverter(
            source: kind.convertedFormat,
            target: target,
            color: color,
            chromaLocation: kind.chromaLocation
        )
        let chroma = kind.convertedFormat == kind.format ? nil : NeutralChroma(for: kind.size)
        return UnpackingConverter(converter, neutral: chroma, colorSpace: rgb)
    }

    /// Matrices for which libswscale has a table, and our kernels none.
    private static let scaledMatrices: Set<MatrixCoefficients> = [.fcc, .smpte240m]

    /// Planes of green, blue and red are the decoder's as they are. Others would need more than the 8 bits that RGB gets here.
    private func toDeepRGB(
        _ kind: DecodedPictureKind,
        _ target: PictureLayout
    ) throws(EncoderConfigError) -> any DecodedPictureConverter {
        guard kind.colorSpace.matrix == .rgb, case .deepRGB(.planes) = format.components, !format.hasAlpha else {
            throw .unsupported("decoded pictures are not converted to \(format.rawValue) (use rgb24 or rgba, or YUV)")
        }
        return try ownStrips(kind, target)
    }

    /// RGB that is RGB already.
    private func reordered(
        _ kind: DecodedPictureKind,
        _ target: PictureLayout
    ) throws(EncoderConfigError) -> any DecodedPictureConverter {
        let source = try Self.layout(kind.format, kind.size)
        return try RGBReorderingConverter(source, to: target, colorSpace: kind.colorSpace)
    }

    private func toPackedYUV(
        _ kind: DecodedPictureKind,
        _ target: PictureLayout
    ) throws(EncoderConfigError) -> any DecodedPictureConverter {
        guard kind.colorSpace.matrix != .rgb else { throw Self.identity(to: format) }
        let packer = try YUVPacker(target: target)
        let source = try Self.layout(kind.convertedFormat, kind.size)
        let steps = ConversionSteps(color: kind.colorSpace, chromaLocation: kind.chromaLocation)
        let conversion = try steps.conversion(from: source, scaledTo: nil, to: packer.source)
        let converter = PackingConverter(conversion, packer)
        return CopyingConverter(source, to: target, by: .whole(converter), colorSpace: kind.colorSpace)
    }

    private func toGray(
        _ kind: DecodedPictureKind,
        _ target: PictureLayout
    ) throws(EncoderConfigError) -> any DecodedPictureConverter {
        guard kind.colorSpace.matrix != .rgb else { throw Self.identity(to: format) }
        return try ownStrips(kind, target)
    }

    /// By our kernels, from the decoder's own format; gray and RGB have full range.
    private func ownStrips(
        _ kind: DecodedPictureKind,
        _ target: PictureLayout
    ) throws(EncoderConfigError) -> any DecodedPictureConverter {
        let source = try Self.layout(kind.convertedFormat, kind.size)
        let converter = try StripConverter(
            source: source,
            target: target,
            color: kind.colorSpace,
            chromaLocation: .left
        )
        var color = kind.colorSpace
        color.fullRange = true
        return CopyingConverter(source, to: target, by: .strips(converter), colorSpace: color)
    }

    private func toYUV(
        _ kind: DecodedPictureKind,
        _ target: PictureLayout
    ) throws(EncoderConfigError) -> any DecodedPictureConverter {
        guard kind.colorSpace.matrix != .rgb || kind.format.chroma == target.format.chroma else {
            throw Self.identity(to: format)
        }
        let source = try Self.layout(kind.convertedFormat, kind.size)
        let steps = ConversionSteps(color: kind.colorSpace, chromaLocation: kind.chromaLocation)
        let conversion = try steps.conversion(from: source, scaledTo: nil, to: target)
        return CopyingConverter(source, to: target, by: conversion, colorSpace: kind.colorSpace)
    }

    private func scaling(
        _ kind: DecodedPictureKind,
        _ color: VideoColorSpace,
        _ target: PictureLayout,
        _ result: VideoColorSpace
    ) throws(EncoderConfigError) -> any DecodedPictureConverter {
        let source = try Self.layout(kind.convertedFormat, kind.size)
        let scaler = try Scaler(
            source: source,
            sourceIsFullRange: kind.colorSpace.fullRange,
            target: target,
            color: color,
            chromaLocation: kind.chromaLocation
        )
        return CopyingConverter(source, to: target, by: .whole(ScalingConverter(scaler)), colorSpace: result)
    }

    private static func identity(to format: PixelFormat) -> EncoderConfigError {
        .unsupported("the stream is planar RGB (matrix rgb), which is not converted to \(format.rawValue)")
    }
}

extension DecodedPictureKind {
    /// What the pictures are converted as: gray of limited range as 4:2:0, for our gray is full.
    fileprivate var convertedFormat: PixelFormat { format == .gray8 && !colorSpace.fullRange ? .i420 : format }
}
