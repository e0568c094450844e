internal import CPosix
internal import Sluice

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What a receipt says of an output that a batch has finished.
struct FinishedJob: Decodable, Sendable {
    struct Output: Decodable, Sendable {
        let bytes: ClaimedCount
        let chunks: ClaimedCount
        let sha256: String?
    }
    struct Verification: Decodable, Sendable {
        struct PSNR: Decodable, Sendable { let average: Double? }
        let psnr: PSNR?
    }
    struct Config: Decodable, Sendable {
        let codec: String
        let encoder: String
        let width: ClaimedCount
        let height: ClaimedCount
        let framerate: String?
    }

    let status: String
    let output: Output
    let config: Config
    let verification: Verification?
    let wallSeconds: ClaimedSeconds
    let peakMemoryBytes: ClaimedCount
    let notices: [String]
    let job: JobRecord?

    /// The receipt at a path; `nil` if there is none, or it is of something else.
    static func read(_ path: FilePath) -> FinishedJob? { JSONFile.read(FinishedJob.self, from: path) }

    /// Whether an output is a batch's, so that the next one may replace it: its receipt says so, or a batch that was killed was
    /// about to write it.
    static func isOurs(output: FilePath, companions: [FilePath], receipt: FilePath) -> Bool {
        isWritten(output: output, companions: companions, receipt: receipt) || Claim.isThere(at: output)
    }

    /// Whether the receipt tells of what is there. A link may have been put there since: what it leads to is a batch's only if it
    /// is what was written, which of what stands beside the output nobody knows.
    static func isWritten(output: FilePath, companions: [FilePath], receipt: FilePath) -> Bool {
        guard let finished = read(receipt), finished.job != nil, !companions.contains(where: isLink) else {
            return false
        }
        return !isLink(output) || FileStamp(output)?.size == finished.output.bytes.value
    }

    private static func isLink(_ path: FilePath) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path.string)) != nil
    }
}

/// How an output is held to be the one that its receipt tells of.
public enum Trust: String, CaseIterable, Sendable {
    /// By the SHA-256 of what is read and written.
    case digest
    /// By sizes and times, without reading.
    case mtime
}

/// Compares what there is with what a receipt says.
struct ResumeCheck: Sendable {
    let job: BatchJob
    let trust: Trust
    let digests: FileDigests
    let interrupt: Interrupt

    /// The receipt, if everything is as it says: the configuration, the inputs, and the output.
    func finished(_ configuration: String) throws(BatchFailure) -> FinishedJob? {
        guard let finished = FinishedJob.read(job.receipt.path), finished.status != "interrupted",
            let record = finished.job, record.configuration == configuration, isOutputThere(finished),
            // What takes no time comes first.
            let stamps = JobRecord.Input.stamps(of: job), stamps.count == record.inputs.count,
            zip(stamps, record.inputs).allSatisfy({ $0.matches($1, exceptTime: trust == .digest) })
        else { return nil }
        guard trust == .digest else { return finished }
        guard let now = try digests.record(of: job, configuration: configuration, interrupt),
            now.inputs.map(\.sha256) == record.inputs.map(\.sha256),
            let digest = try digests.sha256(of: job.output, interrupt), digest == finished.output.sha256
        else { return nil }
        return finished
    }

    /// The output has its size, and nothing beside it is missing or younger than the receipt, which came last.
    private func isOutputThere(_ finished: FinishedJob) -> Bool {
        guard let receipt = FileStamp(job.receipt.path), let output = FileStamp(job.output.path) else { return false }
        guard output.size == finished.output.bytes.value else { return false }
        let files = job.companions + (trust == .mtime ? [job.output] : [])
        return files.allSatisfy { file in FileStamp(file.path).map { $0.modified <= receipt.modified } ?? false }
    }
}

/// The size of a file and when it was written.
struct FileStamp: Hashable, Sendable {
    let size: Int
    let modified: Int64

    /// `nil` if there is no regular file.
    init?(_ path: FilePath) {
        var status = cposix_status()
        let error = unsafe path.withPlatformString { unsafe cposix_status_of_path($0, &status) }
        guard error == 0, status.kind == CPOSIX_REGULAR else { return nil }
        size = Int(status.size)
        modified = unsafe path.withPlatformString { unsafe cposix_modification_time($0) }
    }
}
