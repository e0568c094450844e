/// Finds out where chunks' own bytes are in an output, by reading along as it is written.
///
/// libavformat reports of a packet only that it was accepted. Its output passes through here: the framing is read, and payloads
/// are skipped, so that this costs almost nothing. Of pending chunks, only the sizes are kept.
package protocol PayloadLocator {
    /// A chunk was given to the container, which may or may not have written it yet.
    mutating func expect(byteCount: Int)

    /// This many bytes of another stream were given to the muxer; their position is not needed.
    mutating func passOver(byteCount: Int)

    /// Bytes have been written after all others.
    mutating func append(_ bytes: RawSpan)

    /// The places that have become known since the last call, in the order of the chunks; `nil` if what was written
    /// is not what was expected.
    mutating func takeLocated() -> [Range<Int>]?

    /// Every chunk that was expected has been found.
    var isComplete: Bool { get }
}

/// Bytes that are read one by one, in order: headers; or skipped: all else.
struct ByteWalker {
    /// Where the next byte is.
    private(set) var offset = 0
    /// Bytes that do not matter.
    private var rest = 0
    /// The bytes of a header that is not complete yet.
    private var header: [UInt8] = []

    /// Walks over bytes.
    ///
    /// - Parameter parse: Is given the beginning of a header each time that it has become longer. Returns `nil` if it
    ///   needs more, else how many of the bytes after the header do not matter.
    mutating func walk(_ bytes: RawSpan, _ parse: (_ header: [UInt8], _ end: Int) -> Int?) {
        var index = 0
        while index < bytes.byteCount {
            guard rest == 0 else {
                let skipped = min(rest, bytes.byteCount - index)
                (rest, index, offset) = (rest - skipped, index + skipped, offset + skipped)
                continue
            }
            header.append(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
            (index, offset) = (index + 1, offset + 1)
            guard let skip = parse(header, offset) else { continue }
            rest = skip
            header.removeAll(keepingCapacity: true)
        }
    }
}
