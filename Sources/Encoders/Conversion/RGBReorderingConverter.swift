internal import Ingest
internal import LibAV
internal import VideoTypes

/// Puts a decoder's red, green, blue and alpha into another order or depth.
final class RGBReorderingConverter: DecodedPictureConverter {
    let colorSpace: VideoColorSpace
    private let reordering: RGBReordering
    private var copied: PlaneBuffer

    var target: PictureLayout { reordering.target }

    /// - Parameters:
    ///   - source: What the decoder's pictures are, if their rows are without a gap.
    ///   - target: What they become.
    ///   - colorSpace: The color of the result.
    /// - Throws: ``VideoTypes/EncoderConfigError/unsupported(_:)`` for floats, words of three samples, and what is not RGB.
    init(
        _ source: PictureLayout,
        to target: PictureLayout,
        colorSpace: VideoColorSpace
    ) throws(EncoderConfigError) {
        reordering = try RGBReordering(source, to: target)
        self.colorSpace = colorSpace
        copied = PlaneBuffer(byteCount: source.byteCount)
    }

    func convert(_ planes: borrowing DecodedPlanes, into target: inout MutableRawSpan) {
        copied.withMutableBytes { planes.copy(into: &$0) }
        copied.withBytes { reordering.convert($0, into: &target) }
    }
}

/// Puts red, green, blue and alpha into another order or depth: samples side by side or in planes, of whole numbers.
final class RGBReordering: PictureConverter {
    /// Where the samples of a component are.
    private struct Component: Sendable {
        var first: Int
        var step: Int
        /// From a row to the next.
        var stride: Int
    }

    let target: PictureLayout
    private let source: PictureLayout
    private let pairs: [(from: Component, to: Component)]
    /// Alpha of a target whose source has none.
    private let opaque: Component?

    /// - Parameters:
    ///   - source: What comes.
    ///   - target: What it becomes.
    /// - Throws: ``VideoTypes/EncoderConfigError/unsupported(_:)`` for floats, words of three samples, and what is not RGB.
    init(_ source: PictureLayout, to target: PictureLayout) throws(EncoderConfigError) {
        guard let from = Self.components(source), let to = Self.components(target) else {
            throw .unsupported("\(source.format.rawValue) is not converted to \(target.format.rawValue)")
        }
        pairs = Array(zip(from, to))
        opaque = to.count > from.count ? to[3] : nil
        (self.source, self.target) = (source, target)
    }

    /// Red, green, blue, and alpha where there is any.
    private static func components(_ layout: PictureLayout) -> [Component]? {
        let format = layout.format
        guard !format.isFloat else { return nil }
        let (size, stride) = (format.bytesPerSample, layout.planes[0].stride)
        func components(_ places: [Int], of count: Int) -> [Component] {
            places.map { Component(first: $0 * size, step: count * size, stride: stride) }
        }
        switch format.components {
        case .packedRGB(let count, let red, let green, let blue):
            let alpha = min(red, blue) == 0 ? 3 : 0
            return components([red, green, blue] + (format.hasAlpha ? [alpha] : []), of: count)
        case .deepRGB(.samples(let count, let red, let green, let blue)):
            return components([red, green, blue] + (format.hasAlpha ? [3] : []), of: count)
        case .deepRGB(.planes):
            return ([2, 0, 1] + (format.hasAlpha ? [3] : [])).map {
                Component(first: layout.planes[$0].offset, step: size, stride: layout.planes[$0].stride)
            }
        default: return nil
        }
    }

    func convert(_ source: RawSpan, into target: inout MutableRawSpan) {
        for pair in pairs { put(source, pair.from, into: &target, pair.to) }
        guard let opaque else { return }
        let most = Self.most(self.target.format)
        forEachPixel { x, y in
            Self.store(most, at: opaque.first + y * opaque.stride + x * opaque.step, of: self.target.format, &target)
        }
    }

    private func put(_ source: RawSpan, _ from: Component, into target: inout MutableRawSpan, _ to: Component) {
        let (format, own) = (self.target.format, self.source.format)
        let (most, ownMost) = (Self.most(format), Self.most(own))
        let isDeep = own.bytesPerSample == 2
        forEachPixel { x, y in
            let place = from.first + y * from.stride + x * from.step
            // SAFETY: the place is in a plane of the layout, whose bytes are all there; so is that of the target.
            let sample =
                isDeep
                ? Int(unsafe source.unsafeLoadUnaligned(fromByteOffset: place, as: UInt16.self).littleEndian)
                : Int(unsafe source.unsafeLoad(fromByteOffset: place, as: UInt8.self))
            let value = most == ownMost ? sample : (min(sample, ownMost) * most + ownMost / 2) / ownMost
            Self.store(value, at: to.first + y * to.stride + x * to.step, of: format, &target)
        }
    }

    private func forEachPixel(_ body: (_ x: Int, _ y: Int) -> Void) {
        for y in 0..<target.size.height {
            for x in 0..<target.size.width { body(x, y) }
        }
    }

    private static func most(_ format: PixelFormat) -> Int { 1 << format.bitDepth - 1 }

    private static func store(_ value: Int, at place: Int, of format: PixelFormat, _ target: inout MutableRawSpan) {
        if format.bytesPerSample == 1 {
            target.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: place, as: UInt8.self)
        } else {
            target.storeBytes(of: UInt16(truncatingIfNeeded: value).littleEndian, toByteOffset: place, as: UInt16.self)
        }
    }
}
