internal import Ingest
internal import PixelConversion
internal import Threading
internal import VideoTypes

/// Makes frames as an encoder takes them of frames as a user of the library has them: any format, and any size, which is
/// scaled to the configured one (W3C WebCodecs, "encode").
final class FramePreparation: Sendable {
    private let config: ValidatedEncoderConfig
    private let formats: [PixelFormat]
    /// The conversion of the last frame's layout: most streams have one.
    private let latest = Monitor<(source: PictureLayout, conversion: PictureConversion)?>(nil)

    /// - Parameters:
    ///   - config: What is encoded.
    ///   - formats: What the encoder takes, the usual format first.
    init(_ config: ValidatedEncoderConfig, formats: [PixelFormat]) {
        (self.config, self.formats) = (config, formats)
    }

    func prepare(_ frame: consuming VideoFrame) throws(EncoderError) -> VideoFrame {
        if !frame.hasCheckedSamples, let excess = SampleExcess.first(in: frame, keepingAllBits: config.values.lossless)
        {
            throw .invalidFrame("the frame at \(frame.timestamp) µs \(excess)")
        }
        let isNative = formats.contains(frame.format)
        if isNative, frame.size == config.size { return frame }
        return try convert(frame)
    }

    private func convert(_ frame: borrowing VideoFrame) throws(EncoderError) -> VideoFrame {
        let format = formats.first ?? config.values.pictureFormat
        guard let layout = PictureLayout(format: format, size: config.size) else {
            throw .invalidFrame("a picture of \(config.size) overflows")
        }
        let conversion = try conversion(from: frame.layout, to: layout)
        var converted = VideoFrame(
            layout: layout,
            buffer: PlaneBuffer(byteCount: layout.byteCount),
            timestamp: frame.timestamp,
            duration: frame.duration
        )
        frame.withBytes { bytes in converted.withMutableBytes { conversion.convert(bytes, into: &$0) } }
        return converted
    }

    private func conversion(
        from source: PictureLayout,
        to target: PictureLayout
    ) throws(EncoderError) -> PictureConversion {
        if let latest = latest.withLock({ $0 }), latest.source == source { return latest.conversion }
        let values = config.values
        do throws(EncoderConfigError) {
            let steps = ConversionSteps(
                color: values.colorSpace,
                chromaLocation: values.chromaLocation,
                alpha: values.alpha == .keep ? .keep(premultiplied: false) : .ignore
            )
            if values.alpha == .keep, !source.format.hasAlpha {
                throw .unsupported("a \(source.format.rawValue) frame has no alpha to keep")
            }
            let size = source.size == target.size ? nil : target.size
            let conversion = try steps.conversion(from: source, scaledTo: size, to: target)
            latest.withLock { $0 = (source, conversion) }
            return conversion
        } catch {
            throw .invalidFrame("\(error)")
        }
    }
}

extension PictureConversion {
    /// Converts a whole picture, if necessary.
    package func convert(_ source: RawSpan, into target: inout MutableRawSpan) {
        switch self {
        case .none: preconditionFailure("frames that need no conversion are not converted")
        case .strips(let converter): converter.convert(picture: source, into: &target)
        case .whole(let converter): converter.convert(source, into: &target)
        }
    }
}
