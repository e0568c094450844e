package import Ingest
internal import Places
package import SystemPackage
internal import Threading

extension ByteSource {
    /// All bytes of a small file that describes other files; an error if it is not a regular file, because that might block, or
    /// if it has more than `limit`.
    package static func fileContents(_ path: FilePath, limit: Int) throws(IngestError) -> [UInt8] {
        let source = try ByteSource(opening: .path(path), interrupt: Interrupt(), clock: StageClock())
        guard source.length != nil else { throw .notRegular(name: path.spelled) }
        return try contents(source, limit: limit)
    }

    /// All bytes of a file or a pipe, up to an interrupt; an error if it has more than `limit`.
    package static func contents(
        _ path: FilePath,
        limit: Int,
        interrupt: Interrupt,
        timeout: Duration? = nil
    ) throws(IngestError) -> [UInt8] {
        try contents(
            try ByteSource(opening: .path(path), interrupt: interrupt, clock: StageClock(), timeout: timeout),
            limit: limit
        )
    }

    private static func contents(_ opened: consuming ByteSource, limit: Int) throws(IngestError) -> [UInt8] {
        var source = opened
        var bytes: [UInt8] = []
        // Piece by piece: the length of a pipe is not known.
        while bytes.count <= limit {
            let piece = try source.readBytes(upTo: 1 << 16)
            bytes += piece
            if piece.count < 1 << 16 { break }
        }
        guard bytes.count <= limit else { throw .damaged(name: source.name, reason: "more than \(limit) bytes") }
        return bytes
    }
}
