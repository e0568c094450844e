public import Ingest
internal import Threading

extension Receipt {
    /// Bytes that a receipt has at most.
    package static let longest = 1 << 20

    /// The target bit rate of an encode, from its receipt; `nil` without one.
    @available(*, noasync, message: "blocks the calling thread")
    public static func targetBitrate(in origin: ByteSource.Origin) throws(JobError) -> Int? {
        guard case .path(let path) = origin else { throw .input(.notRegular(name: origin.name)) }
        let isNone = IngestError.damagedHeader(name: origin.name, reason: "it is not a receipt")
        let bytes: [UInt8]
        do throws(IngestError) {
            bytes = try ByteSource.fileContents(path, limit: longest)
        } catch {
            // What is longer than any receipt is not one.
            if case .damaged = error { throw .input(isNone) }
            throw .input(error)
        }
        switch JSON.read(Receipt.self, from: bytes) {
        case .success(let receipt): return receipt.config.bitrate
        case .failure(let failure) where failure.namesKey:
            throw .input(.damagedHeader(name: origin.name, reason: "it is not a receipt: \(failure)"))
        case .failure: throw .input(isNone)
        }
    }
}
