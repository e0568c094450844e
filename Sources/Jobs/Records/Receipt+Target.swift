public import Ingest
internal import Threading

extension Receipt {
    /// The part of a receipt with the target.
    private struct Target: Decodable {
        struct Config: Decodable { let bitrate: ClaimedCount? }
        let config: Config
    }

    /// A receipt has some lines of text.
    private static let longest = 1 << 20

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
        switch JSON.read(Target.self, from: bytes) {
        case .success(let target): return target.config.bitrate?.value
        case .failure(let failure) where failure.namesKey:
            throw .input(.damagedHeader(name: origin.name, reason: "it is not a receipt: \(failure)"))
        case .failure: throw .input(isNone)
        }
    }
}
