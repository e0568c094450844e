internal import CPosix
public import Confinement
internal import Containers
internal import Ingest
internal import Jobs
internal import LibAV
internal import Places
internal import SystemPackage
internal import Threading
internal import VideoTypes

/// The description of a shard, written after it, so that a shard with a receipt is complete.
public struct ShardReceipt: Codable, Hashable, Sendable {
    /// The digest of the plan that it belongs to.
    public let plan: String
    /// Its place among the segments, from 0.
    public let index: Int
    /// Frames, each of which is a chunk.
    public let frames: Int
    /// Bytes of the shard's file.
    public let bytes: Int
    /// SHA-256 of the shard's file.
    public let sha256: String
    /// The inode number of the shard's file: a file with another number is not one that we wrote, and is not replaced.
    public let inode: UInt64?
    /// When that was made, in nanoseconds since 1970: numbers are given again.
    public let born: Int64?
    /// The program that has encoded it, and its version.
    public let program: String
    /// Seconds by the clock on the wall.
    public let wallSeconds: Double
    /// The sandbox of the process; `nil` if it is not known.
    public let sandbox: SandboxState?

    var line: [UInt8] { JSON.line(self) }
}

/// Where shards are: a folder with two files for each.
struct ShardFolder: Sendable {
    let path: FilePath

    /// Bytes of a receipt at most.
    private static let maxReceipt = 1 << 16

    func shard(_ index: Int) -> FilePath { path.appending(Self.name(index, "shard")) }
    func receipt(_ index: Int) -> FilePath { path.appending(Self.name(index, "json")) }

    private static func name(_ index: Int, _ ending: String) -> String {
        let digits = String(index)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "." + ending
    }

    /// Makes the folder, if it is not there, and opens it; several machines may want to at once.
    func make() throws(JobError) -> OutputRoot {
        let status = unsafe path.withPlatformString { unsafe cposix_make_folder($0) }
        guard status == 0 else { throw .output(.cannotCreate(path, Errno(rawValue: status))) }
        do throws(PlaceError) {
            return OutputRoot(try OpenFolder(path), path: path)
        } catch {
            throw .output(SinkError(error, path))
        }
    }

    /// What there is of a shard, by its receipt and the length of its file.
    func finding(_ index: Int, _ plan: ShardPlan) throws(JobError) -> ShardFinding {
        let name = receipt(index)
        let bytes: [UInt8]
        do throws(IngestError) {
            bytes = try ByteSource.fileContents(name, limit: Self.maxReceipt)
        } catch .cannotOpen(_, .noSuchFileOrDirectory) {
            return .missing
        } catch .damaged(_, let reason) {
            return .damaged(reason: "\(name.spelled) is not a receipt: \(reason)")
        } catch .notRegular, .isFolder {
            return .damaged(reason: "\(name.spelled) is not a receipt: it is not a regular file")
        } catch {
            throw .input(error)
        }
        switch JSON.read(ShardReceipt.self, from: bytes) {
        case .failure(let failure): return .damaged(reason: "\(name.spelled) is not a receipt: \(failure)")
        case .success(let receipt): return finding(receipt, index, plan)
        }
    }

    private func finding(_ receipt: ShardReceipt, _ index: Int, _ plan: ShardPlan) -> ShardFinding {
        guard receipt.plan == plan.digest else { return .ofAnotherPlan }
        let (name, part) = (self.receipt(index).spelled, plan.segments[index])
        guard receipt.index == index, receipt.frames == part.frames, receipt.bytes >= 0 else {
            let what = "\(Quantity.count(receipt.frames, "frame")) and \(receipt.bytes) bytes of shard \(receipt.index)"
            return .damaged(reason: "\(name) has \(what), not \(part.frames) of shard \(index)")
        }
        guard let entry = FileEntry(at: shard(index)) else { return .missing }
        guard entry.isRegular, entry.size == receipt.bytes else {
            let what = entry.isRegular ? "it has \(entry.size) bytes" : "it is not a regular file"
            let reason = "\(shard(index).spelled) is damaged: \(what), but \(receipt.bytes) bytes in its receipt"
            return .damaged(reason: reason)
        }
        return .usable(receipt)
    }

    /// The receipt of a shard that belongs to a plan; `nil` without one.
    func receipt(of index: Int, _ plan: ShardPlan) -> ShardReceipt? {
        let bytes = try? ByteSource.fileContents(receipt(index), limit: Self.maxReceipt)
        guard let bytes, case .success(let receipt) = JSON.read(ShardReceipt.self, from: bytes) else { return nil }
        let part = plan.segments[index]
        guard receipt.plan == plan.digest, receipt.index == index, receipt.frames == part.frames,
            receipt.bytes >= 0
        else { return nil }
        return receipt
    }

    /// The shard exists and matches its receipt.
    func isValid(_ index: Int, _ plan: ShardPlan) -> ShardReceipt? {
        guard let receipt = receipt(of: index, plan),
            let digest = try? Self.digest(shard(index), bytes: receipt.bytes), digest == receipt.sha256
        else { return nil }
        return receipt
    }

    /// The SHA-256 of the receipt's file; `nil` if the file cannot be read, or has another length.
    func digest(of receipt: ShardReceipt, _ interrupt: Interrupt) throws(JobError) -> String? {
        let digest = try? Self.digest(shard(receipt.index), bytes: receipt.bytes, interrupt)
        // What an interrupt cuts short is not damaged.
        guard !interrupt.isTriggered else { throw .interrupted }
        return digest
    }

    static func digest(
        _ path: FilePath,
        bytes: Int,
        _ interrupt: Interrupt = Interrupt()
    ) throws(JobError) -> String? {
        var source = try asJobError { () throws(IngestError) in
            try ByteSource(opening: .path(path), interrupt: interrupt, clock: StageClock())
        }
        guard source.length == bytes else { return nil }
        var sha = SHA256()
        while true {
            let piece = try asJobError { () throws(IngestError) in try source.readBytes(upTo: 1 << 20) }
            guard !piece.isEmpty else { return sha.finish() }
            sha.update(piece)
        }
    }
}
