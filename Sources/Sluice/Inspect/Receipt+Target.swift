public import Ingest
internal import Threading

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension Receipt {
    /// The part of a receipt that says what was aimed at.
    private struct Target: Decodable {
        struct Config: Decodable { let bitrate: ClaimedCount? }
        let config: Config
    }

    /// A receipt has some lines of text.
    private static let longest = 1 << 20

    /// The bit rate that an encode aimed at, as its receipt says it; `nil` if it aimed at none.
    @available(*, noasync, message: "blocks the calling thread")
    public static func targetBitrate(in origin: ByteSource.Origin) throws(JobError) -> Int? {
        let bytes = try asJobError { () throws(IngestError) in
            guard case .path(let path) = origin else { throw .notRegular(name: origin.name) }
            return try ByteSource.fileContents(path, limit: longest)
        }
        guard let target = try? JSONDecoder().decode(Target.self, from: Data(bytes)) else {
            throw .input(.damagedHeader(name: origin.name, reason: "it is no receipt"))
        }
        return target.config.bitrate?.value
    }
}
