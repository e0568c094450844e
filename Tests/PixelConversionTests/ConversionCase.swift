import PixelConversion
import TestSupport
import Testing
import VideoTypes

/// One conversion of one random picture, and how it is judged.
struct ConversionCase {
    var source: PixelFormat
    var target: PixelFormat
    var sourceSize: PictureSize
    var targetSize: PictureSize
    var color = VideoColorSpace.bt709
    var location = ChromaLocation.left
    var alpha = AlphaTreatment.ignore
    var sourceGap = 0
    var targetGap = 0
    var maxStripBytes = Int.max

    init(_ source: PixelFormat, _ target: PixelFormat, size: PictureSize) {
        (self.source, self.target) = (source, target)
        (sourceSize, targetSize) = (size, size)
    }

    func sourceLayout() throws -> PictureLayout { try layout(source, sourceSize, gap: sourceGap) }
    func targetLayout() throws -> PictureLayout { try layout(target, targetSize, gap: targetGap) }

    func converter() throws -> StripConverter {
        try StripConverter(
            source: sourceLayout(),
            target: targetLayout(),
            color: color,
            chromaLocation: location,
            alpha: alpha
        )
    }

    func randomPicture(_ generator: inout SeededGenerator) throws -> [UInt8] {
        generator.picture(try sourceLayout())
    }

    /// The target picture, between the guards that surrounded it while it was written.
    func convert(_ bytes: [UInt8]) throws -> GuardedPicture {
        let converter = try converter()
        var picture = GuardedPicture(byteCount: converter.target.byteCount)
        var offset = 0
        for strip in converter.strips(maxBytes: maxStripBytes) {
            // A copy of its own, so that the address sanitizer sees a read past the strip.
            let copy = Array(bytes[offset..<offset + strip.byteCount])
            picture.write { target in
                let span = copy.span
                converter.convert(strip, from: span.bytes, into: &target)
            }
            offset += strip.byteCount
        }
        #expect(offset == bytes.count, "the strips cover the source")
        return picture
    }

    /// How far the target's samples are from the reference, at most and how often.
    func errors(of picture: GuardedPicture, from bytes: [UInt8]) throws -> ErrorCount {
        let layout = try targetLayout()
        let reference = ReferenceConversion(
            source: try sourceLayout(),
            target: target,
            color: color,
            location: location,
            alpha: alpha
        ).planes(of: bytes)
        let planes = SamplePlanes(layout, picture.bytes)
        #expect(planes.count == reference.count)
        var errors = ErrorCount()
        for (index, expected) in reference.enumerated() {
            // Beyond the source's size the reference repeats its edge.
            for y in 0..<planes.height(index) {
                for x in 0..<planes.width(index) {
                    errors.add(actual: planes[index, x, y], expected: expected[x, y], most: planes.most)
                }
            }
        }
        return errors
    }

    /// The errors of a random picture, none of which is over 1, and nothing is written beside the target.
    func checkedErrors(seed: UInt64) throws -> ErrorCount {
        var generator = SeededGenerator(seed: seed)
        let bytes = try randomPicture(&generator)
        let picture = try convert(bytes)
        let errors = try errors(of: picture, from: bytes)
        #expect(errors.largest <= 1, "\(self), seed \(seed)")
        #expect(picture.guardsAreUntouched, "\(self), seed \(seed)")
        return errors
    }

    private func layout(_ format: PixelFormat, _ size: PictureSize, gap: Int) throws -> PictureLayout {
        let plain = try #require(PictureLayout(format: format, size: size))
        return try #require(PictureLayout(format: format, size: size, stride: plain.planes[0].stride + gap))
    }
}

/// The errors of many samples.
struct ErrorCount {
    private(set) var largest = 0
    private(set) var samples = 0
    private(set) var different = 0

    mutating func add(actual: Int, expected: Double, most: Int) {
        // Halves upwards; the summand is what summing doubles may have lost.
        let rounded = Int(min(max((expected + 0.5 + 1e-9).rounded(.down), 0), Double(most)))
        let error = abs(actual - rounded)
        largest = max(largest, error)
        samples += 1
        different += error == 0 ? 0 : 1
    }

    mutating func add(_ other: ErrorCount) {
        largest = max(largest, other.largest)
        samples += other.samples
        different += other.different
    }
}

/// A picture in the middle of a larger buffer, whose other bytes are watched.
struct GuardedPicture {
    static let guardBytes = 256
    static let untouched: UInt8 = 0xA5

    private var storage: [UInt8]
    private let inner: Range<Int>

    init(byteCount: Int) {
        storage = Array(repeating: Self.untouched, count: byteCount + 2 * Self.guardBytes)
        inner = Self.guardBytes..<Self.guardBytes + byteCount
    }

    var bytes: [UInt8] { Array(storage[inner]) }

    var guardsAreUntouched: Bool {
        (storage[..<inner.lowerBound] + storage[inner.upperBound...]).allSatisfy { $0 == Self.untouched }
    }

    mutating func write(_ body: (inout MutableRawSpan) -> Void) {
        let inner = inner
        var span = storage.mutableSpan
        var bytes = span.mutableBytes
        var target = bytes.extracting(inner)
        body(&target)
    }
}
