internal import PixelConversion
public import VideoTypes

/// Reads one source picture after another and converts each while its bytes are still in the cache.
///
/// Thread-safety: used by one thread at a time.
public struct PictureReader: ~Copyable, Sendable {
    private let source: PictureLayout
    private let conversion: PictureConversion
    private let keepsAllBits: Bool
    private let strips: [StripConverter.Strip]
    private var scratch: PlaneBuffer

    /// Half of a second-level cache of 256 KiB, which leaves room for the planes that a strip becomes.
    private static let stripBytes = 128 << 10

    /// A reader.
    ///
    /// - Parameters:
    ///   - source: How a picture's bytes are laid out in the input.
    ///   - conversion: The conversion of the pictures.
    ///   - keepsAllBits: Samples must not have bits that the picture does not keep. By default, they are ignored.
    public init(source: PictureLayout, conversion: PictureConversion, keepsAllBits: Bool = false) {
        (self.source, self.keepsAllBits) = (source, keepsAllBits)
        self.conversion = conversion
        strips = if case .strips(let converter) = conversion { converter.strips(maxBytes: Self.stripBytes) } else { [] }
        scratch = PlaneBuffer(byteCount: 0)
    }

    /// The additional bytes that a reader needs: a strip, or the whole source picture if the converter needs it.
    public static func scratchBytes(source: PictureLayout, conversion: PictureConversion) -> Int {
        switch conversion {
        case .none: 0
        case .strips(let converter): converter.strips(maxBytes: stripBytes).map(\.byteCount).max() ?? 0
        case .whole: source.byteCount
        }
    }

    /// Reads a picture into `frame`, and looks for samples that are out of range while they are in the cache.
    ///
    /// - Parameters:
    ///   - input: Where the next bytes are the picture's.
    ///   - frame: The conversion of the pictures.
    ///   - number: The frame's number, for errors; `nil` for a frame that is passed over, which is not looked at.
    /// - Returns: The number of bytes read: fewer than a picture's at the end of the input.
    public mutating func read(
        from input: inout ByteSource,
        into frame: inout VideoFrame,
        number: Int?
    ) throws(IngestError) -> Int {
        try makeScratch()
        let read = try readPicture(from: &input, into: &frame, number)
        frame.hasCheckedSamples = number != nil && read == source.byteCount
        return read
    }

    /// Throws if a frame of the source's own layout has a sample out of range; else marks it.
    func check(_ frame: inout VideoFrame, number: Int) throws(IngestError) {
        if let excess = SampleExcess.first(in: frame, keepingAllBits: keepsAllBits) {
            throw .sampleOutOfRange(frame: number, excess)
        }
        frame.hasCheckedSamples = true
    }

    private mutating func readPicture(
        from input: inout ByteSource,
        into frame: inout VideoFrame,
        _ number: Int?
    ) throws(IngestError) -> Int {
        switch conversion {
        case .none:
            let count = source.byteCount
            let read = try frame.withMutableBytes { target throws(IngestError) in
                try input.read(into: &target, 0..<count)
            }
            if read == count, let number { try check(&frame, number: number) }
            return read
        case .strips(let converter):
            return try readStrips(converter, from: &input, into: &frame, number)
        case .whole(let converter):
            let count = source.byteCount
            let read = try scratch.withMutableBytes { bytes throws(IngestError) in
                try input.read(into: &bytes, 0..<count)
            }
            guard read == count else { return read }
            if let number,
                let excess = scratch.withBytes({
                    SampleExcess.first(in: $0.extracting(0..<count), of: source, keepingAllBits: keepsAllBits)
                })
            {
                throw .sampleOutOfRange(frame: number, excess)
            }
            scratch.withBytes { bytes in frame.withMutableBytes { converter.convert(bytes, into: &$0) } }
            return read
        }
    }

    /// Made when the first picture is read, where that can fail.
    private mutating func makeScratch() throws(IngestError) {
        let bytes = Self.scratchBytes(source: source, conversion: conversion)
        guard scratch.byteCount < bytes else { return }
        do throws(OutOfMemory) {
            scratch = try PlaneBuffer(reserving: bytes, for: "a part of a picture that is read")
        } catch {
            throw .noMemory(error)
        }
    }

    private mutating func readStrips(
        _ converter: StripConverter,
        from input: inout ByteSource,
        into frame: inout VideoFrame,
        _ number: Int?
    ) throws(IngestError) -> Int {
        var total = 0
        for strip in strips {
            let read = try scratch.withMutableBytes { bytes throws(IngestError) in
                try input.read(into: &bytes, 0..<strip.byteCount)
            }
            total += read
            guard read == strip.byteCount else { break }
            if let number, let excess = scratch.withBytes({ excess(in: $0.extracting(0..<read), strip) }) {
                throw .sampleOutOfRange(frame: number, excess)
            }
            scratch.withBytes { bytes in
                frame.withMutableBytes { converter.convert(strip, from: bytes.extracting(0..<read), into: &$0) }
            }
        }
        return total
    }

    private func excess(in bytes: RawSpan, _ strip: StripConverter.Strip) -> SampleExcess? {
        guard strip.byteCount < source.byteCount else {
            return SampleExcess.first(in: bytes, of: source, keepingAllBits: keepsAllBits)
        }
        let plane = source.planes[strip.plane]
        return SampleExcess.first(inRows: bytes, strip.rows, of: plane, source.format, keepingAllBits: keepsAllBits)
    }
}
