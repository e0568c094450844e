/// The frames of one chunk: a chunk shows one frame, and may hold others before it that are not shown (VP9 Bitstream &
/// Decoding Process Specification, Annex B).
package enum VP9Superframe {
    /// The frames of a chunk, in decoding order; the chunk itself if it has no index.
    ///
    /// - Throws: ``BitstreamError`` if the chunk is empty, or its index claims more bytes than the chunk has.
    package static func split(_ chunk: [UInt8]) throws(BitstreamError) -> [ArraySlice<UInt8>] {
        guard let marker = chunk.last else {
            throw BitstreamError(.truncated, "an empty chunk", at: .byte(0), expected: "a frame")
        }
        guard marker & 0xE0 == 0xC0 else { return [chunk[...]] }
        let (count, bytesPerSize) = (Int(marker & 7) + 1, Int(marker >> 3 & 3) + 1)
        let start = chunk.count - 2 - count * bytesPerSize
        // An index begins as it ends; what does not is the end of a frame.
        guard start >= 0, chunk[start] == marker else { return [chunk[...]] }
        var (frames, position): ([ArraySlice<UInt8>], Int) = ([], 0)
        for number in 0..<count {
            let entry = chunk[(start + 1 + number * bytesPerSize)...].prefix(bytesPerSize)
            let size = entry.reversed().reduce(0) { $0 << 8 | Int($1) }
            guard size > 0, size <= start - position else {
                let what = "frame \(number) of a superframe has \(size) bytes"
                throw BitstreamError(.invalid, what, at: .byte(start + 1), expected: "1...\(max(1, start - position))")
            }
            frames.append(chunk[position..<position + size])
            position += size
        }
        return frames
    }
}
