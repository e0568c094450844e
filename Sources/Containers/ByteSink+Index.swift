internal import SystemPackage

// The index of an MP4 file that is complete, and has no name yet.
extension ByteSink {
    /// From this length of the samples on, room for the index is a multiple of a disk's block, so that a file system may insert it
    /// without copying the samples. It depends on nothing else, so that the same input gives the same bytes everywhere.
    private static let blocksFrom = 32 << 20
    private static let block = 4096
    /// The shortest box.
    private static let boxHeaderLength = 8
    /// With a length of 64 bits.
    private static let wideHeaderLength = 16

    /// Puts the index of an MP4 file, `moov`, in front of its samples, `mdat`, as players that begin before they have all of a file
    /// need it.
    ///
    /// - Precondition: The output ``isSeekable``.
    /// - Returns: By how many bytes the samples have moved.
    /// - Throws: ``SinkError/refused(name:reason:)`` if the file does not end with `mdat` and `moov`.
    package mutating func moveIndexToFront() throws(SinkError) -> Int {
        let (front, end) = try samples()
        let index = MovieIndex(try bytes(in: end..<byteCount))
        let isLong = end - front >= Self.blocksFrom
        let room = { (length: Int) in
            isLong ? (length + Self.boxHeaderLength + Self.block - 1) / Self.block * Self.block : length
        }
        guard let (box, moved) = index.inFront(room) else { throw unexpected("a damaged moov box") }
        try truncate(to: end)
        try makeRoom(byteCount: moved, at: front)
        unsafe try write(box.span.bytes, at: front)
        guard moved > box.count else { return moved }
        let free = [UInt8](bigEndian: moved - box.count, byteCount: 4) + Array("free".utf8)
        let padding = free + [UInt8](repeating: 0, count: moved - box.count - free.count)
        unsafe try write(padding.span.bytes, at: front + box.count)
        return moved
    }

    /// Where the boxes begin that are to be behind the index, and where the samples end.
    private func samples() throws(SinkError) -> (front: Int, end: Int) {
        var (position, front) = (0, 0)
        while position < byteCount {
            let header = try bytes(in: position..<min(position + Self.wideHeaderLength, byteCount))
            let type = Array(header.dropFirst(4).prefix(4))
            let short = header.bigEndian(0, 4)
            let length = short == 1 ? header.bigEndian(8, 8) : short
            guard let length, length >= Self.boxHeaderLength, length <= byteCount - position else { break }
            if position == 0 { front = length }
            position += length
            guard type == Array("mdat".utf8) else { continue }
            let next = try bytes(in: position..<min(position + Self.boxHeaderLength, byteCount))
            guard next.dropFirst(4).elementsEqual("moov".utf8), next.bigEndian(0, 4) == byteCount - position else {
                break
            }
            return (front, position)
        }
        throw unexpected("no mdat box with a moov box behind it")
    }

    private func unexpected(_ found: String) -> SinkError {
        .refused(name: name, reason: "libavformat has written \(found), so that its index cannot be moved to the front")
    }
}
