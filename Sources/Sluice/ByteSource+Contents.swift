internal import Threading

extension ByteSource {
    /// All bytes of a file or a pipe, as many as have come when an interrupt does; an error if there are more than `limit`.
    static func contents(
        _ path: FilePath,
        limit: Int,
        interrupt: Interrupt = Interrupt(),
        timeout: Duration? = nil
    ) throws(IngestError) -> [UInt8] {
        var source = try ByteSource(opening: .path(path), interrupt: interrupt, clock: StageClock(), timeout: timeout)
        var bytes: [UInt8] = []
        // Piece by piece: a pipe does not say how much there is.
        while bytes.count <= limit {
            let piece = try source.readBytes(upTo: 1 << 16)
            bytes += piece
            if piece.count < 1 << 16 { break }
        }
        guard bytes.count <= limit else { throw .damaged(name: path.string, reason: "more than \(limit) bytes") }
        return bytes
    }
}
