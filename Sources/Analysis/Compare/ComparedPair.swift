internal import Encoders
internal import Ingest
internal import Jobs
internal import PixelConversion
internal import VideoTypes

/// Two sides of a comparison, side by side.
final class ComparedPair {
    let first: any ComparedFrames
    let second: any ComparedFrames
    private let conversion: PictureConversion
    /// The first side is converted to the second's format, since gray has no place for color.
    private let convertsFirst: Bool
    private let comparesAlpha: Bool
    /// The format in which the frames are compared.
    let format: PixelFormat
    private let interrupt: Interrupt
    private var count = 0

    /// What the user should know of how the sides are compared.
    let notice: String?

    /// - Throws: ``JobError`` if the sizes differ, or one format cannot be converted to the other.
    init(first: any ComparedFrames, second: any ComparedFrames, _ interrupt: Interrupt) throws(JobError) {
        let (first, second, part) = try Self.common(first, second)
        let (own, other) = (first.layout.format, second.layout.format)
        convertsFirst = (own.isGray && !other.isGray) || (!own.isComparable && other.isComparable)
        let (source, target) = convertsFirst ? (first, second) : (second, first)
        let (from, to) = (source.layout.format, target.layout.format)
        guard !from.isFloat || !to.isRGB else {
            let reason = "its samples are floats (\(from.rawValue)), which are not compared with \(to.rawValue)"
            throw .input(
                .unsupported(name: source.name, reason: "\(reason) (both sides need whole numbers, or one YUV)")
            )
        }
        guard to.isComparable else {
            let reason =
                "\(to.rawValue) and \(from.rawValue) are not compared; one side needs planes of 8 to 12 bits, or rgba"
            throw .input(.unsupported(name: target.name, reason: reason))
        }
        self.format = to
        comparesAlpha = from.hasAlpha && to.hasAlpha
        conversion = try Self.conversion(from: source, to: target)
        let format =
            from == to
            ? nil : "\(source.name): converted from \(from.rawValue) to \(to.rawValue), the format of \(target.name)"
        let transparent = from.hasAlpha ? source : target
        let colors =
            from.hasAlpha == to.hasAlpha
            ? nil : "the transparency of \(transparent.name), which only that has, is not compared"
        let notices = [part, format, colors].compactMap(\.self)
        notice = notices.isEmpty ? nil : notices.joined(separator: "; ")
        (self.first, self.second, self.interrupt) = (first, second, interrupt)
    }

    /// Both sides with the part that they have in common: encoders of H.264 and HEVC pad or crop an odd side by one sample.
    private static func common(
        _ first: any ComparedFrames,
        _ second: any ComparedFrames
    ) throws(JobError) -> (any ComparedFrames, any ComparedFrames, String?) {
        let (a, b) = (first.layout.size, second.layout.size)
        guard a != b else { return (first, second, nil) }
        guard abs(a.width - b.width) <= 1, abs(a.height - b.height) <= 1 else {
            let sizes = "its frames are \(b), but those of \(first.name) are \(a)"
            throw .input(.unsupported(name: second.name, reason: "\(sizes); both sides need the same size"))
        }
        let size = PictureSize(width: min(a.width, b.width), height: min(a.height, b.height))
        let notice = "only the common \(size) samples of \(first.name) (\(a)) and \(second.name) (\(b)) are compared"
        return (try CroppedFrames(first, size), try CroppedFrames(second, size), notice)
    }

    /// The numbers of the next two frames; `nil` after the last.
    func next() throws(JobError) -> FrameQuality? {
        guard let left = try first.next() else {
            guard try second.next() == nil else { throw try countsDiffer(longer: second) }
            return nil
        }
        guard let right = try second.next() else { throw try countsDiffer(longer: first) }
        guard !interrupt.isTriggered else { return nil }
        try Self.check(left, is: first)
        try Self.check(right, is: second)
        defer { count += 1 }
        return compare(left, right)
    }

    private func compare(_ left: borrowing VideoFrame, _ right: borrowing VideoFrame) -> FrameQuality {
        let difference: PictureDifference
        if case .none = conversion {
            difference = PictureDifference(left, right, alpha: comparesAlpha)
        } else {
            difference =
                convertsFirst
                ? PictureDifference(convert(left, to: second.layout), right, alpha: comparesAlpha)
                : PictureDifference(left, convert(right, to: first.layout), alpha: comparesAlpha)
        }
        return FrameQuality(frame: count, timestamp: left.timestamp, difference: difference)
    }

    private func convert(_ frame: borrowing VideoFrame, to target: PictureLayout) -> VideoFrame {
        let layout = Self.plain(target)
        let buffer = PlaneBuffer(byteCount: layout.byteCount)
        var converted = VideoFrame(layout: layout, buffer: buffer, timestamp: frame.timestamp)
        frame.withBytes { bytes in converted.withMutableBytes { conversion.convert(bytes, into: &$0) } }
        return converted
    }

    /// Frames of one side are alike, or cannot be compared with those of the other.
    private static func check(_ frame: borrowing VideoFrame, is side: any ComparedFrames) throws(JobError) {
        guard frame.format == side.layout.format, frame.size == side.layout.size else {
            let change = "\(side.layout.size) \(side.layout.format.rawValue) to \(frame.size) \(frame.format.rawValue)"
            throw .input(.unsupported(name: side.name, reason: "its frames change from \(change)"))
        }
    }

    /// Counts the frames that one side has more, of which one has been read.
    private func countsDiffer(longer: any ComparedFrames) throws(JobError) -> JobError {
        var more = count + 1
        while try longer.next() != nil { more += 1 }
        return longer === first
            ? .differentFrameCounts(first: more, second: count) : .differentFrameCounts(first: count, second: more)
    }
}

extension ComparedPair {
    /// The same format and size without gaps; what is converted to.
    private static func plain(_ layout: PictureLayout) -> PictureLayout {
        PictureLayout(format: layout.format, size: layout.size) ?? layout
    }

    private static func conversion(
        from source: any ComparedFrames,
        to target: any ComparedFrames
    ) throws(JobError) -> PictureConversion {
        guard source.layout.format != target.layout.format else { return .none }
        do throws(EncoderConfigError) {
            let layout = plain(target.layout)
            if case .packedRGB = layout.format.components, !source.layout.format.isRGB {
                return .whole(
                    try RGBPictureConverter(
                        source.layout,
                        layout,
                        source.color.guessingMatrix(for: source.layout.size),
                        source.chromaLocation
                    )
                )
            }
            // RGB and gray become what the other side is; YUV stays what it is.
            let hasNoColor = source.layout.format.chroma == nil
            let steps = ConversionSteps(
                color: hasNoColor ? target.color.guessingMatrix(for: target.layout.size) : source.color,
                chromaLocation: hasNoColor ? target.chromaLocation : source.chromaLocation
            )
            return try steps.conversion(from: source.layout, scaledTo: nil, to: layout)
        } catch {
            throw .config(error)
        }
    }
}

/// Wraps an RGB converter as one for complete pictures.
private final class RGBPictureConverter: PictureConverter {
    private let converter: RGBConverter
    private let source: PictureLayout

    init(
        _ source: PictureLayout,
        _ target: PictureLayout,
        _ color: VideoColorSpace,
        _ location: ChromaLocation
    ) throws(EncoderConfigError) {
        self.source = source
        converter = try RGBConverter(
            source: source.format,
            target: target,
            color: color,
            chromaLocation: location
        )
    }

    func convert(_ source: RawSpan, into target: inout MutableRawSpan) {
        converter.convert(picture: source, layout: self.source, into: &target)
    }
}
