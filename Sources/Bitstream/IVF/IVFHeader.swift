package import VideoTypes

/// The beginning of an IVF file: 32 bytes, all numbers little-endian (libvpx `ivfenc.c`).
package struct IVFHeader: Sendable {
    /// Bytes of the header.
    package static let length = 32
    /// What an IVF file begins with.
    package static let magic = Array("DKIF".utf8)

    /// The codec: `VP80`, `VP90` or `AV01`.
    package var fourCC: String
    /// The picture's size; each side has 16 bits.
    package var size: PictureSize
    /// Seconds of a tick, as a fraction.
    package var timeBase: (numerator: Int, denominator: Int)
    /// How many frames follow; 0 where it was not known.
    package var frameCount = 0

    /// A header that does not know how many frames follow.
    package init(fourCC: String, size: PictureSize, timeBase: (numerator: Int, denominator: Int)) {
        precondition(fourCC.utf8.count == 4, "a four-character code has four characters")
        (self.fourCC, self.size, self.timeBase) = (fourCC, size, timeBase)
    }

    /// Reads a header.
    package init(parsing bytes: ArraySlice<UInt8>) throws(BitstreamError) {
        guard bytes.count >= Self.length else {
            let expected = "\(Self.length) bytes, \(bytes.count) are left"
            throw BitstreamError(.truncated, "the data ends within the IVF header", at: .byte(0), expected: expected)
        }
        guard bytes.starts(with: Self.magic) else {
            throw BitstreamError(.invalid, "no IVF signature", at: .byte(0), expected: "DKIF")
        }
        let field = { (offset: Int, count: Int) in littleEndian(bytes.dropFirst(offset).prefix(count)) }
        guard field(4, 2) == 0, field(6, 2) >= Self.length else {
            throw BitstreamError(.unsupported, "IVF version \(field(4, 2))", at: .byte(4), expected: "version 0")
        }
        guard bytes.dropFirst(8).prefix(4).allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw BitstreamError(.invalid, "the codec is not text", at: .byte(8), expected: "four characters")
        }
        fourCC = String(decoding: bytes.dropFirst(8).prefix(4), as: UTF8.self)
        size = PictureSize(width: field(12, 2), height: field(14, 2))
        timeBase = (field(20, 4), field(16, 4))
        frameCount = field(24, 4)
    }

    /// The header's bytes.
    package var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.appendLittleEndian(0, count: 2)
        bytes.appendLittleEndian(Self.length, count: 2)
        bytes += Array(fourCC.utf8)
        bytes.appendLittleEndian(size.width, count: 2)
        bytes.appendLittleEndian(size.height, count: 2)
        bytes.appendLittleEndian(timeBase.denominator, count: 4)
        bytes.appendLittleEndian(timeBase.numerator, count: 4)
        bytes.appendLittleEndian(min(frameCount, Int(UInt32.max)), count: 4)
        bytes.appendLittleEndian(0, count: 4)
        return bytes
    }
}

/// What is before a frame in an IVF file.
package struct IVFFrameHeader: Hashable, Sendable {
    /// Bytes of the header.
    package static let length = 12

    /// Bytes of the frame.
    package var size: Int
    /// When it is shown, in ticks of the file's time base.
    package var timestamp: Int64

    /// A frame's header.
    package init(size: Int, timestamp: Int64) { (self.size, self.timestamp) = (size, timestamp) }

    /// Reads a frame's header.
    package init(parsing bytes: ArraySlice<UInt8>) throws(BitstreamError) {
        guard bytes.count >= Self.length else {
            let expected = "\(Self.length) bytes, \(bytes.count) are left"
            throw BitstreamError(
                .truncated,
                "the data ends within an IVF frame header",
                at: .byte(0),
                expected: expected
            )
        }
        size = littleEndian(bytes.prefix(4))
        timestamp = Int64(truncatingIfNeeded: littleEndian(bytes.dropFirst(4).prefix(8)))
    }

    /// The header's bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(size, count: 4)
        bytes.appendLittleEndian(Int(timestamp), count: 8)
        return bytes
    }
}

private func littleEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
}

extension [UInt8] {
    /// The low `count` bytes of a number, the lowest first.
    fileprivate mutating func appendLittleEndian(_ value: Int, count: Int) {
        for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
