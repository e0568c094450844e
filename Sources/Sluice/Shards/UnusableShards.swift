internal import Places

/// The shards of a plan that cannot be joined, by what is wrong with them: each by its number, in order.
public struct UnusableShards: Encodable, Hashable, Sendable {
    /// Those that are not there: nobody has encoded them here.
    public internal(set) var missing: [Int] = []
    /// Those whose receipts are of another plan.
    public internal(set) var ofAnotherPlan: [Int] = []
    /// Those that are not what their receipts say, or whose receipts are none.
    public internal(set) var damaged: [Int] = []
    /// What is wrong with the first of them that is damaged.
    public internal(set) var firstDamage: String?
    /// The shards that the plan has.
    public let total: Int
    /// Where they should be.
    public let folder: String

    init(of total: Int, in folder: String) { (self.total, self.folder) = (total, folder) }

    private enum CodingKeys: CodingKey { case missing, ofAnotherPlan, damaged, total, folder }

    var isEmpty: Bool { missing.isEmpty && ofAnotherPlan.isEmpty && damaged.isEmpty }

    mutating func addDamage(_ index: Int, _ reason: String) {
        damaged.append(index)
        if firstDamage == nil { firstDamage = reason }
    }
}

extension UnusableShards: CustomStringConvertible {
    /// How many there are of each kind, and which, as schedulers take the numbers of a job array.
    public var description: String {
        let kinds = [("missing", missing), ("of another plan", ofAnotherPlan), ("damaged", damaged)]
        let words = kinds.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.count) (\(Self.numbers($0.1)))" }
        let reason = firstDamage.map { "; \($0)" } ?? ""
        return "\(folder) does not hold the plan's \(Quantity.count(total, "shard")): "
            + words.joined(separator: ", ") + reason
    }

    /// Runs of numbers that are written out; the object has all.
    private static let limit = 200

    /// `1,4,7-9`.
    static func numbers(_ indices: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for index in indices {
            if let last = runs.last, last.upperBound + 1 == index {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
        let shown = runs.prefix(limit).map { run in
            switch run.count {
            case 1: "\(run.lowerBound)"
            case 2: "\(run.lowerBound),\(run.upperBound)"
            default: "\(run.lowerBound)-\(run.upperBound)"
            }
        }
        return shown.joined(separator: ",") + (runs.count > limit ? ",… (all with --json)" : "")
    }
}

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

    /// Looks at every shard's receipt, and at nothing that takes long.
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

    /// What a join that cannot be throws: whoever has some shards encoded again wants to know all of them at once, so that those
    /// that seem to be right are read as well.
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
                damage.append((receipt.index, "\(name) is damaged: its digest is not its receipt's"))
            }
        }
        damage.sort { $0.index < $1.index }
        all.damaged = damage.map(\.index)
        all.firstDamage = damage.first.map { $0.reason.isEmpty ? unusable.firstDamage ?? "" : $0.reason }
        return .unusableShards(all)
    }
}
