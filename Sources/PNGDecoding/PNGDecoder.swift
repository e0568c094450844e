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
    /// Rows with their filters, and what the last row's filter reads after it.
    private var rows: [UInt8] = []
    /// Bytes after the rows that a kernel may read.
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
        try inflate(png, file, layout)
        var frame = try source.makeFrame(layout: layout, timestamp: time, duration: duration)
        try unfilter(png, layout, into: &frame)
        frame.hasCheckedSamples = true
        let color = VideoColorSpace(primaries: .unspecified, transfer: .unspecified, matrix: .rgb, fullRange: true)
        var decoded = DecodedFrame(frame, colorSpace: color)
        // Pixels a meter: the more across, the narrower is one of them.
        if let aspect = png.pixelAspect, let ratio = PixelAspectRatio(width: aspect.height, height: aspect.width) {
            decoded.pixelAspectRatio = ratio
        }
        return decoded
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

    private mutating func inflate(_ png: PNGLayout, _ file: [UInt8], _ layout: PictureLayout) throws(DecoderError) {
        let row = layout.planes[0].rowBytes + 1
        let (bytes, overflows) = row.multipliedReportingOverflow(by: png.height)
        guard !overflows else { throw .unsupported("a picture of \(png.width)x\(png.height)") }
        if rows.count != bytes + Self.margin { rows = [UInt8](repeating: 0, count: bytes + Self.margin) }
        let parts = png.chunks.filter { $0.type.elementsEqual("IDAT".utf8) }.map(\.data)
        guard let first = parts.first else { throw .corrupt("there is no picture in it") }
        var count = 0
        let result: libdeflate_result
        if parts.count == 1 {
            result = unsafe Self.inflate(inflater, file, first, &rows, bytes, &count)
        } else {
            compressed.removeAll(keepingCapacity: true)
            for part in parts { compressed += file[part] }
            result = unsafe Self.inflate(inflater, compressed, 0..<compressed.count, &rows, bytes, &count)
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
        _ rows: inout [UInt8],
        _ bytes: Int,
        _ count: inout Int
    ) -> libdeflate_result {
        unsafe file.withUnsafeBytes { source in
            unsafe rows.withUnsafeMutableBytes { target in
                // SAFETY: the part lies within the file, and `bytes` are fewer than the rows have.
                unsafe libdeflate_zlib_decompress(
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

    /// Undoes the filter of each row where it is, and copies it.
    private mutating func unfilter(
        _ png: PNGLayout,
        _ layout: PictureLayout,
        into frame: inout VideoFrame
    ) throws(DecoderError) {
        let plane = layout.planes[0]
        let (rowBytes, stride) = (plane.rowBytes, plane.rowBytes + 1)
        let size = Int32(rowBytes / png.width)
        let zeros = [UInt8](repeating: 0, count: rowBytes + Self.margin)
        var wrong: Int?
        frame.withMutableBytes { target in
            unsafe target.withUnsafeMutableBytes { target in
                unsafe rows.withUnsafeMutableBytes { rows in
                    unsafe zeros.withUnsafeBytes { zeros in
                        guard let base = rows.baseAddress, let out = target.baseAddress,
                            let none = zeros.baseAddress
                        else { return }
                        for y in 0..<png.height {
                            // SAFETY: there are `height` rows of a filter and `rowBytes` each, and a margin after the last;
                            // the target has `height` rows of `rowBytes`, a stride apart.
                            let row = unsafe base + y * stride + 1
                            let above = unsafe y == 0 ? none : UnsafeRawPointer(row - stride)
                            let filter = unsafe rows[y * stride]
                            if filter > 4 { wrong = wrong ?? y }
                            unsafe cpixels_unfilter(row, above, Int32(png.width), size, Int32(filter))
                            let place = unsafe out + plane.offset + y * plane.stride
                            if png.bitDepth == 16 {
                                unsafe cpixels_swap_bytes(row, Int32(rowBytes / 2), place)
                            } else {
                                unsafe place.copyMemory(from: row, byteCount: rowBytes)
                            }
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
