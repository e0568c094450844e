/// What a stream is cut into: an access unit (H.264, HEVC), a temporal unit (AV1), or what IVF calls a frame.
package struct StreamUnit: Hashable, Sendable {
    /// Where its bytes begin in the stream.
    package let offset: Int
    /// Its bytes as they are in the stream: with start codes or lengths, but without IVF's frame header.
    package let bytes: [UInt8]
    /// The timestamp in the IVF frame header, in the time base of the file; `nil` in other streams.
    package let timestamp: Int64?

    /// A unit.
    package init(offset: Int, bytes: [UInt8], timestamp: Int64? = nil) {
        self.offset = offset
        self.bytes = bytes
        self.timestamp = timestamp
    }
}

/// Cuts a stream into units as its bytes come, and keeps no more than the unit that is not complete yet.
///
/// After each ``append(_:)``, ``next()`` is called until it returns `nil`; after the last, ``end()`` is called until it does. A
/// unit that grows over ``StreamLimit/unitBytes`` is an error. After an error, nothing more can be read.
package protocol StreamSplitter: Sendable {
    /// Takes bytes of the stream.
    mutating func append(_ bytes: ArraySlice<UInt8>)
    /// The next complete unit; `nil` if more bytes are needed to complete one.
    mutating func next() throws(BitstreamError) -> StreamUnit?
    /// The next unit of a stream that has ended; `nil` after the last.
    mutating func end() throws(BitstreamError) -> StreamUnit?
}

/// What a stream may ask for.
package enum StreamLimit {
    /// Bytes of a unit: more than any codec needs for its largest picture of 16384×16384.
    package static let unitBytes = 256 << 20
}
