internal import Containers
internal import Ingest
internal import Jobs
internal import Places
internal import SystemPackage
internal import VideoTypes

/// The places of one shard and its receipt, and which existing files they may replace: only those that a receipt of the same
/// plan names.
struct ShardTarget: Sendable {
    let shard: FilePath
    let receipt: FilePath
    /// How both names become places: Sluice gives them, so that no link is followed.
    let lookup: OutputLookup
    /// The shard's file is the one that a receipt of this plan names.
    let replacesShard: Bool
    /// There is a shard without a receipt, as a process may have left it that was killed: it is replaced by none but its like.
    let isThere: Bool
    /// There is a receipt of this plan.
    let replacesReceipt: Bool

    /// - Throws: ``JobError/output(_:)`` if there is what may not be replaced.
    init(_ folder: ShardFolder, _ root: OutputRoot, _ index: Int, _ plan: ShardPlan) throws(JobError) {
        (shard, receipt) = (folder.shard(index), folder.receipt(index))
        var lookup = OutputLookup()
        (lookup.root, lookup.followsLink, lookup.isSide) = (root, false, true)
        self.lookup = lookup
        let (shardPlace, receiptPlace) = try Self.places(lookup, shard, receipt)
        let known = folder.receipt(of: index, plan)
        guard known != nil || receiptPlace.entry == nil else {
            throw .output(
                .isAnother(
                    receipt,
                    reason: "is not a receipt of this plan (remove it, or use another \(Setting.shards))"
                )
            )
        }
        replacesReceipt = known != nil
        guard let entry = shardPlace.entry else {
            (replacesShard, isThere) = (false, false)
            return
        }
        let isKnown = known.map { $0.inode == entry.inode && $0.born == entry.born } ?? false
        (replacesShard, isThere) = (isKnown, !isKnown)
        guard isKnown || (known == nil && entry.isRegular && Self.beginsAsShard(shard)) else {
            throw .output(Self.another(shard))
        }
    }

    private static func places(
        _ lookup: OutputLookup,
        _ shard: FilePath,
        _ receipt: FilePath
    ) throws(JobError) -> (NamedPlace, NamedPlace) {
        try asJobError { () throws(SinkError) in (try lookup.place(of: shard), try lookup.place(of: receipt)) }
    }

    /// A process that was killed may have left a shard without its receipt.
    private static func beginsAsShard(_ path: FilePath) -> Bool {
        do throws(JobError) {
            var reader = try ShardReader(path, Interrupt())
            return try reader.next() != nil
        } catch {
            return false
        }
    }

    private static func another(_ shard: FilePath) -> SinkError {
        .isAnother(shard, reason: "is not a shard of this plan (remove it, or use another \(Setting.shards))")
    }

    /// Gives a shard its name.
    ///
    /// - Returns: Its SHA-256, length and numbers.
    func publish(_ sink: ShardSink) throws(JobError) -> (sha256: String, bytes: Int, file: FileEntry?) {
        try asJobError { () throws(SinkError) in
            try sink.publish { digest, bytes throws(SinkError) in
                guard isThere, let entry = try lookup.place(of: shard).entry else { return nil }
                guard (try? ShardFolder.digest(shard, bytes: bytes)) == digest else { throw Self.another(shard) }
                return entry
            }
        }
    }
}
