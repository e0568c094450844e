internal import Ingest
internal import Jobs
internal import Places

/// What there is of a shard.
enum ShardFinding {
    /// A receipt of the plan, and a file of its length.
    case usable(ShardReceipt)
    case missing
    case ofAnotherPlan
    case damaged(reason: String)
}

/// The shards of a plan, looked for.
struct ShardInventory {
    /// The receipts of those that can be used, in order.
    private(set) var receipts: [ShardReceipt] = []
    private(set) var unusable: UnusableShards

    /// Reads every shard's receipt; the shards themselves, which take long, are not read.
    init(_ plan: ShardPlan, in folder: ShardFolder) throws(JobError) {
        unusable = UnusableShards(of: plan.segments.count, in: folder.path.spelled)
        for index in plan.segments.indices {
            switch try folder.finding(index, plan) {
            case .usable(let receipt): receipts.append(receipt)
            case .missing: unusable.missing.append(index)
            case .ofAnotherPlan: unusable.ofAnotherPlan.append(index)
            case .damaged(let reason): unusable.addDamage(index, reason)
            }
        }
    }

    /// The error of an impossible join. It lists all unusable shards at once, so that they can be encoded again together;
    /// therefore shards that seem valid are read as well.
    ///
    /// - Parameter found: The shard that was found to be damaged while it was read, and the reason.
    func failure(
        _ folder: ShardFolder,
        found: (index: Int, reason: String)? = nil,
        _ interrupt: Interrupt
    ) throws(JobError) -> JobError {
        var (all, damage) = (unusable, unusable.damaged.map { (index: $0, reason: "") })
        // Those before it have been read.
        for receipt in receipts where receipt.index >= found?.index ?? 0 {
            if let found, found.index == receipt.index {
                damage.append(found)
            } else if try folder.digest(of: receipt, interrupt) != receipt.sha256 {
                let name = folder.shard(receipt.index).spelled
                damage.append((receipt.index, "\(name) is damaged: its digest differs from its receipt"))
            }
        }
        damage.sort { $0.index < $1.index }
        all.damaged = damage.map(\.index)
        all.firstDamage = damage.first.map { $0.reason.isEmpty ? unusable.firstDamage ?? "" : $0.reason }
        return .unusableShards(all)
    }
}
