public import Ingest
internal import LibAV
public import SystemPackage
internal import Threading

/// The SHA-256 of a file.
public enum FileDigest {
    /// Reads a file to its end.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - interrupt: Ends reading early; then the digest is `nil`.
    /// - Returns: The digest in lower-case hexadecimal digits, and how many bytes it is of; `nil` if it was interrupted.
    /// - Throws: ``Ingest/IngestError`` if the file cannot be opened or read.
    @available(*, noasync, message: "blocks the calling thread")
    public static func sha256(of path: FilePath, interrupt: Interrupt = Interrupt()) throws(IngestError) -> (
        digest: String, bytes: Int
    )? {
        var source = try ByteSource(opening: .path(path), interrupt: interrupt, clock: StageClock())
        var digest = SHA256()
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        var total = 0
        while true {
            var span = piece.mutableSpan
            var target = unsafe span.mutableBytes
            let count = try source.read(into: &target, 0..<target.byteCount)
            unsafe digest.update(piece.span.bytes.extracting(0..<count))
            total += count
            guard !interrupt.isTriggered else { return nil }
            if count < piece.count { return (digest.finish(), total) }
        }
    }

    /// The SHA-256 of a text.
    public static func sha256(of text: String) -> String {
        var digest = SHA256()
        digest.update(Array(text.utf8))
        return digest.finish()
    }
}
