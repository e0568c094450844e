/// One raw picture with its time, as WebCodecs' `VideoFrame`.
///
/// A frame has one owner: passing it to an encoder gives it up, and its memory is returned to its source as soon as the codec
/// has read it.
///
/// Thread-safety: may be moved between threads; used by one at a time, which ownership ensures.
public struct VideoFrame: ~Copyable, Sendable {
    /// The format, size and planes.
    public let layout: PictureLayout
    /// When the frame is shown, in microseconds. Without a frame rate in the configuration, it must grow from frame to
    /// frame.
    public var timestamp: Int64
    /// How long the frame is shown, in microseconds; `nil` if not known.
    public var duration: Int64?

    private var buffer: PlaneBuffer
    /// All samples are known to be in the range of their depth. The default is that they are not.
    package var hasCheckedSamples = false

    /// A frame over a buffer whose bytes are laid out as `layout` specifies.
    ///
    /// - Parameters:
    ///   - layout: Where the planes are in the buffer.
    ///   - buffer: At least `layout.byteCount` bytes.
    ///   - timestamp: Presentation time in microseconds.
    ///   - duration: Microseconds, or `nil` if not known.
    public init(layout: PictureLayout, buffer: consuming PlaneBuffer, timestamp: Int64, duration: Int64? = nil) {
        precondition(buffer.byteCount >= layout.byteCount, "a frame's buffer holds its whole picture")
        self.layout = layout
        self.buffer = buffer
        self.timestamp = timestamp
        self.duration = duration
    }

    /// A frame with a copy of the bytes of a span.
    ///
    /// - Parameters:
    ///   - format: The layout of the bytes.
    ///   - width: Luma samples in a row, `1...16384`.
    ///   - height: Rows, `1...16384`.
    ///   - timestamp: Presentation time in microseconds.
    ///   - duration: Microseconds, or `nil` if not known.
    ///   - bytes: Exactly one picture, its rows without a gap.
    /// - Throws: ``FrameError`` if the size is not valid or the byte count is not that of one picture.
    public init(
        format: PixelFormat,
        width: Int,
        height: Int,
        timestamp: Int64,
        duration: Int64? = nil,
        bytes: RawSpan
    ) throws(FrameError) {
        let layout = try Self.layout(format, PictureSize(width: width, height: height), byteCount: bytes.byteCount)
        self.init(layout: layout, buffer: PlaneBuffer(copying: bytes), timestamp: timestamp, duration: duration)
    }

    /// A frame with a copy of any bytes: an array or a slice of one, Foundation's `Data`, a raw buffer.
    ///
    /// - Parameters:
    ///   - format: The layout of the bytes.
    ///   - width: Luma samples in a row, `1...16384`.
    ///   - height: Rows, `1...16384`.
    ///   - timestamp: Presentation time in microseconds.
    ///   - duration: Microseconds, or `nil` if not known.
    ///   - bytes: Exactly one picture, its rows without a gap.
    /// - Throws: ``FrameError`` if the size is not valid or the byte count is not that of one picture.
    public init(
        format: PixelFormat,
        width: Int,
        height: Int,
        timestamp: Int64,
        duration: Int64? = nil,
        bytes: some Collection<UInt8>
    ) throws(FrameError) {
        let layout = try Self.layout(format, PictureSize(width: width, height: height), byteCount: bytes.count)
        var buffer = PlaneBuffer(byteCount: layout.byteCount)
        buffer.fill(with: bytes)
        self.init(layout: layout, buffer: buffer, timestamp: timestamp, duration: duration)
    }

    private static func layout(
        _ format: PixelFormat,
        _ size: PictureSize,
        byteCount: Int
    ) throws(FrameError) -> PictureLayout {
        guard let layout = PictureLayout(format: format, size: size) else { throw .invalidSize(size) }
        guard byteCount == layout.byteCount else {
            throw .wrongByteCount(actual: byteCount, expected: layout.byteCount, layout: layout)
        }
        return layout
    }

    /// The pixel format.
    public var format: PixelFormat { layout.format }
    /// The size in luma samples.
    public var size: PictureSize { layout.size }

    /// A frame of its own with a copy of this one's bytes, such as one for each of two encoders.
    ///
    /// - Throws: ``OutOfMemory`` if memory for the bytes is refused.
    public borrowing func clone() throws(OutOfMemory) -> VideoFrame {
        let buffer = try PlaneBuffer(reserving: layout.byteCount, for: "a copy of a frame")
        var copy = VideoFrame(layout: layout, buffer: buffer, timestamp: timestamp, duration: duration)
        copy.copyBytes(of: self)
        return copy
    }

    /// The bytes are those of a file or a decoder, and not its own.
    package var isBorrowed: Bool { buffer.isBorrowed }

    /// Lends all planes for reading, and none of the bytes that the buffer has after them.
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let count = layout.byteCount
        return try buffer.withBytes { bytes throws(Failure) in try body(bytes.extracting(first: count)) }
    }

    /// Takes over the bytes of a frame whose planes are laid out alike.
    public mutating func copyBytes(of other: borrowing VideoFrame) {
        precondition(other.layout == layout, "frames that are copied have one layout")
        let (count, areChecked) = (layout.byteCount, other.hasCheckedSamples)
        defer { hasCheckedSamples = areChecked }
        other.withBytes { source in
            withMutableBytes { target in
                unsafe target.withUnsafeMutableBytes { to in
                    unsafe source.withUnsafeBytes { from in
                        unsafe to.copyMemory(from: UnsafeRawBufferPointer(rebasing: from.prefix(count)))
                    }
                }
            }
        }
    }

    /// Copies the top left part of another frame of the same format, which is at least as large.
    public mutating func copyPart(of other: borrowing VideoFrame) {
        precondition(other.format == format, "a part has the format of the whole")
        let (parts, wholes) = (layout.planes, other.layout.planes)
        other.withBytes { source in
            withMutableBytes { target in
                // SAFETY: the planes of a layout lie within its frame's bytes, and a row of the part is one of the whole, or
                // shorter.
                unsafe target.withUnsafeMutableBytes { to in
                    unsafe source.withUnsafeBytes { from in
                        for (part, whole) in zip(parts, wholes) {
                            precondition(part.rowBytes <= whole.rowBytes && part.rows <= whole.rows)
                            for row in 0..<part.rows {
                                let start = whole.offset + row * whole.stride
                                let bytes = unsafe from[start..<start + part.rowBytes]
                                let place = part.offset + row * part.stride
                                unsafe to[place..<place + part.rowBytes].copyBytes(from: bytes)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Lends the buffer for writing: all planes, and what it has after them.
    public mutating func withMutableBytes<Result, Failure: Error>(
        _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        hasCheckedSamples = false
        return try buffer.withMutableBytes(body)
    }
}

/// What can be wrong with a frame itself.
public enum FrameError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A side is not in `1...16384`.
    case invalidSize(PictureSize)
    /// The bytes are not one picture.
    case wrongByteCount(actual: Int, expected: Int, layout: PictureLayout)

    /// The thing, its value, and what would have been right.
    public var description: String {
        switch self {
        case .invalidSize(let size):
            "invalid frame size \(size) (each side must be in 1...\(PictureSize.limit))"
        case .wrongByteCount(let actual, let expected, let layout):
            "a \(layout.size) \(layout.format.rawValue) frame has \(expected) bytes, not \(actual)"
        }
    }
}
