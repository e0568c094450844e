internal import Bitstream
internal import Ingest
package import Jobs

// Detects the type of an input that is not specified.
extension ByteSource {
    /// Whether the input begins as something coded, rather than as frames or Y4M.
    ///
    /// - Parameter mayBeFrames: The size of raw frames is known, which may begin with any bytes.
    /// - Throws: ``JobError`` if it is neither.
    package mutating func isMedia(mayBeFrames: Bool) throws(JobError) -> Bool {
        let start = try looked(MediaGuess.magicLength)
        if MediaGuess.isCertain(start) { return true }
        guard !start.isEmpty, !start.starts(with: Y4MHeader.magic) else { return false }
        // Only what needs more bytes to be known waits for them.
        let more = try looked(FileSignature.length)
        if MediaGuess.isCertain(more) { return true }
        // The few bytes that a picture begins with may be those of a raw frame.
        if !mayBeFrames, MediaGuess(beginningWith: start).format == .pictures { return true }
        guard !mayBeFrames, let kind = FileSignature.otherKind(more) else { return false }
        throw .input(.unsupported(name: name, reason: kind.reason))
    }

    /// Throws if the first bytes show that a media input is something else.
    mutating func checkKind() throws(JobError) {
        let start = try looked(FileSignature.length)
        guard !MediaGuess.isCertain(start), let kind = FileSignature.otherKind(start) else { return }
        throw .input(.unsupported(name: name, reason: kind.reason))
    }

    private mutating func looked(_ count: Int) throws(JobError) -> [UInt8] {
        try asJobError { () throws(IngestError) in try peek(count) }
    }
}
