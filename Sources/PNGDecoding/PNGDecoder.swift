internal import Bitstream
internal import CLibDeflate
internal import CPixels
package import EncoderCore
package import VideoTypes

/// Decodes PNG of the kinds that renderers and browsers write: red, green and blue of 8 or 16 bits, with or without alpha, row
/// after row. libdeflate undoes the compression in less than half of zlib's time; every checksum is checked.
///
/// Thread-safety: used by one thread at a time.
@safe
package struct PNGDecoder: ~Copyable {
    private let inflater: OpaquePointer
    /// The compressed bytes of files that have them in several chunks.
    private var compressed: [UInt8] = []
    /// The row above, as its filter was undone.
    private var above: [UInt8] = []
    /// Bytes after a row that a kernel may read.
    private static let margin = 8

    /// - Throws: ``VideoTypes/DecoderError`` if memory is refused.
    package init() throws(DecoderError) {
        guard let made = unsafe libdeflate_alloc_decompressor() else {
            throw .codec(operation: "libdeflate_alloc_decompressor", status: 12, message: "out of memory")
        }
        unsafe inflater = made
    }

    deinit { unsafe libdeflate_free_decompressor(inflater) }

    /// Decodes a picture.
    ///
    /// - Parameters:
    ///   - file: The bytes of its file.
    ///   - source: Where the memory of the frame comes from.
    ///   - time: When it is shown, in microseconds.
    ///   - duration: For how long.
    /// - Returns: `nil` for a PNG of another kind.
    /// - Throws: ``VideoTypes/DecoderError/corrupt(_:)`` for a damaged one.
    package mutating func decode(
        _ file: [UInt8],
        from source: FrameSource,
        at time: Int64,
        lasting duration: Int64
    ) throws(DecoderError) -> DecodedFrame? {
        let png: PNGLayout
        do throws(BitstreamError) { png = try PNGLayout(parsing: file) } catch { throw .corrupt("\(error)") }
        guard let layout = try png.frameLayout else { return nil }
        try Self.checkSums(png, file)
        // The rows with their filters are where the picture will be: a byte more each.
        let spare = png.height + Self.margin
        var frame = try source.makeFrame(layout: layout, spareBytes: spare, timestamp: time, duration: duration)
        try inflate(png, file, layout, into: &frame)
        try unfilter(png, layout, in: &frame)
        frame.hasCheckedSamples = true
        let color = VideoColorSpace(primaries: .unspecified, transfer: .unspecified, matrix: .rgb, fullRange: true)
        return DecodedFrame(frame, colorSpace: color)
    }

    private static func checkSums(_ png: PNGLayout, _ file: [UInt8]) throws(DecoderError) {
        for chunk in png.chunks {
            let start = chunk.data.lowerBound - 4
            let sum = unsafe file.withUnsafeBytes { bytes in
                // SAFETY: the chunk's type and data lie within the file, as its parser has checked.
                unsafe libdeflate_crc32(0, bytes.baseAddress.map { unsafe $0 + start }, chunk.data.count + 4)
            }
            guard sum == chunk.checksum else {
                let name = String(decoding: chunk.type, as: UTF8.self)
                throw .corrupt("the checksum of the chunk \(name) at byte \(start - 4) is wrong")
            }
        }
    }

    private mutating func inflate(
        _ png: PNGLayout,
        _ file: [UInt8],
        _ layout: PictureLayout,
        into frame: inout VideoFrame
    ) throws(DecoderError) {
        let bytes = layout.byteCount + png.height
        let parts = png.chunks.filter { $0.type.elementsEqual("IDAT".utf8) }.map(\.data)
        guard let first = parts.first else { throw .corrupt("there is no picture in it") }
        var count = 0
        let result: libdeflate_result
        if parts.count == 1 {
            result = unsafe Self.inflate(inflater, file, first, &frame, bytes, &count)
        } else {
            compressed.removeAll(keepingCapacity: true)
            for part in parts { compressed += file[part] }
            result = unsafe Self.inflate(inflater, compressed, 0..<compressed.count, &frame, bytes, &count)
        }
        guard result == LIBDEFLATE_SUCCESS, count == bytes else {
            throw .corrupt(
                result == LIBDEFLATE_SUCCESS
                    ? "it has \(count) of the \(bytes) bytes of its rows" : "its compressed rows are damaged"
            )
        }
    }

    private static func inflate(
        _ inflater: OpaquePointer,
        _ file: [UInt8],
        _ part: Range<Int>,
        _ frame: inout VideoFrame,
        _ bytes: Int,
        _ count: inout Int
    ) -> libdeflate_result {
        unsafe file.withUnsafeBytes { source in
            frame.withMutableBytes { target in
                precondition(target.byteCount >= bytes + margin, "a frame has room for the rows and their filters")
                return unsafe target.withUnsafeMutableBytes { target in
                    unsafe target[bytes..<bytes + margin].initializeMemory(as: UInt8.self, repeating: 0)
                    // SAFETY: the part lies within the file, and the target has `bytes` and a margin.
                    return unsafe libdeflate_zlib_decompress(
                        inflater,
                        source.baseAddress.map { unsafe $0 + part.lowerBound },
                        part.count,
                        target.baseAddress,
                        bytes,
                        &count
                    )
                }
            }
        }
    }

    /// Undoes the filter of each row where it is, and moves it to where the picture has it.
    private mutating func unfilter(
        _ png: PNGLayout,
        _ layout: PictureLayout,
        in frame: inout VideoFrame
    ) throws(DecoderError) {
        let rowBytes = layout.planes[0].rowBytes
        above = [UInt8](repeating: 0, count: rowBytes + Self.margin)
        var wrong: Int?
        frame.withMutableBytes { bytes in
            unsafe bytes.withUnsafeMutableBytes { bytes in
                unsafe above.withUnsafeMutableBytes { above in
                    guard let base = bytes.baseAddress, let above = above.baseAddress else { return }
                    for y in 0..<png.height {
                        // SAFETY: there are `height` rows of a filter and `rowBytes` each, and a margin after the last. A row's
                        // place in the picture ends before the next row begins; `above` has `rowBytes` and a margin.
                        let row = unsafe base + y * (rowBytes + 1) + 1
                        let filter = unsafe bytes[y * (rowBytes + 1)]
                        if filter > 4 { wrong = wrong ?? y }
                        unsafe cpixels_unfilter(
                            row,
                            above,
                            Int32(png.width),
                            Int32(rowBytes / png.width),
                            Int32(filter)
                        )
                        unsafe above.copyMemory(from: row, byteCount: rowBytes)
                        let place = unsafe base + y * rowBytes
                        if png.bitDepth == 16 {
                            unsafe cpixels_swap_bytes(above, Int32(rowBytes / 2), place)
                        } else {
                            unsafe place.copyMemory(from: above, byteCount: rowBytes)
                        }
                    }
                }
            }
        }
        if let wrong { throw .corrupt("row \(wrong) has a filter that there is not") }
    }
}

extension PNGLayout {
    /// The layout of the frame; `nil` for kinds that are left to libavcodec.
    fileprivate var frameLayout: PictureLayout? {
        get throws(DecoderError) {
            guard !isInterlaced, !hasTransparentColor else { return nil }
            let format: PixelFormat
            switch (colorType, bitDepth) {
            case (.rgb, 8): format = .rgb24
            case (.rgb, 16): format = .rgb48
            case (.rgbWithAlpha, 8): format = .rgba
            case (.rgbWithAlpha, 16): format = .rgba64
            default: return nil
            }
            let size = PictureSize(width: width, height: height)
            guard size.isValid, let layout = PictureLayout(format: format, size: size) else {
                throw .unsupported("the picture has \(size) samples (at most \(PictureSize.limit) a side)")
            }
            return layout
        }
    }
}
