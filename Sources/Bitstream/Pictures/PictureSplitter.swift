/// Cuts a stream of pictures, one after another, into single ones. All are of one format, that of the first.
package struct PictureSplitter: StreamSplitter {
    private var buffer: StreamBuffer
    /// Bytes that have to be there before it is worth looking again.
    private var needed = PictureFormat.signatureLength
    /// Where the search for the end of coded data is to go on.
    private var scan: (start: Int, searched: Int)?
    /// The format; `nil` until its first bytes have come.
    package private(set) var format: PictureFormat?

    /// A splitter at the beginning of a stream.
    ///
    /// - Parameter limit: The most bytes that a picture may have.
    package init(limit: Int = StreamLimit.unitBytes) { buffer = StreamBuffer(limit: limit) }

    /// Takes bytes of the stream.
    package mutating func append(_ bytes: ArraySlice<UInt8>) { buffer.append(bytes) }

    /// The next complete picture.
    package mutating func next() throws(BitstreamError) -> StreamUnit? {
        guard buffer.count >= needed else { return nil }
        guard let length = try length() else { return nil }
        (needed, scan) = (PictureFormat.signatureLength, nil)
        return StreamUnit(offset: buffer.taken, bytes: buffer.take(length))
    }

    /// The pictures that are left.
    package mutating func end() throws(BitstreamError) -> StreamUnit? {
        guard !buffer.isEmpty else { return nil }
        needed = 0
        if let unit = try next() { return unit }
        throw buffer.truncated(
            "the input ends within a \(format?.name ?? "") picture, after \(buffer.count) of its bytes",
            at: 0,
            expected: "\(needed) bytes or more"
        )
    }

    /// Bytes of the picture that begins here; `nil` if not all of them have come.
    private mutating func length() throws(BitstreamError) -> Int? {
        let start = buffer.bytes(from: 0, upTo: PictureFormat.signatureLength)
        guard let own = PictureFormat(beginningWith: start) else {
            let expected = format.map { "another \($0.name) picture" } ?? "a picture"
            throw buffer.invalid("bytes that are not a picture", at: 0, expected: expected)
        }
        guard own == format ?? own else {
            throw buffer.invalid("a \(own.name) picture", at: 0, expected: "\(format?.name ?? ""), as those before it")
        }
        format = own
        var bytes = PictureBytes(buffer.bytes(from: 0, upTo: buffer.count), origin: buffer.taken)
        bytes.scan = scan
        switch try own.extent(of: bytes) {
        case .whole(let length):
            try buffer.check(unit: length)
            return length
        case .atLeast(let length):
            try buffer.check(unit: length)
            needed = length
            return nil
        case .scanning(let start, let searched):
            try buffer.check(unit: searched)
            (scan, needed) = ((start, searched), searched + 1)
            return nil
        }
    }
}
