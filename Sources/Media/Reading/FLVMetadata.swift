internal import Ingest

/// The metadata of a whole FLV file, in the tag `onMetaData` at its beginning.
enum FLVMetadata {
    /// Enough of the beginning to hold it.
    private static let headLength = 4096

    /// `filesize`; `nil` if it is not stored, as in a live stream.
    static func fileSize(_ source: inout ByteSource) throws(IngestError) -> Int? {
        guard try source.peek(3).elementsEqual("FLV".utf8) else { return nil }
        let head = try source.peek(headLength)
        // A key with its length, and a number: marker 0 and a double.
        let key = [0, 8] + Array("filesize".utf8) + [0]
        guard let place = head.firstRange(of: key)?.upperBound, head.count >= place + 8 else { return nil }
        let bits = head[place..<place + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: Double(bitPattern: bits))
    }
}
