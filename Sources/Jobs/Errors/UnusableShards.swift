internal import Places
internal import VideoTypes

/// The shards of a plan that cannot be joined, by what is wrong with them: each by its number, in order.
public struct UnusableShards: Codable, Hashable, Sendable {
    /// Shards that do not exist.
    public package(set) var missing: [Int] = []
    /// Those whose receipts are of another plan.
    public package(set) var ofAnotherPlan: [Int] = []
    /// Shards that do not match their receipts, or have invalid receipts.
    public package(set) var damaged: [Int] = []
    /// What is wrong with the first of them that is damaged.
    public package(set) var firstDamage: String?
    /// The shards that the plan has.
    public let total: Int
    /// Where they should be.
    public let folder: String

    package init(of total: Int, in folder: String) { (self.total, self.folder) = (total, folder) }

    private enum CodingKeys: CodingKey { case missing, ofAnotherPlan, damaged, total, folder }

    package var isEmpty: Bool { missing.isEmpty && ofAnotherPlan.isEmpty && damaged.isEmpty }

    package mutating func addDamage(_ index: Int, _ reason: String) {
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
        return "\(folder) does not contain all \(Quantity.count(total, "shard")) of the plan: "
            + words.joined(separator: ", ") + reason
    }

    /// Runs of numbers that are written out; the object has all.
    private static let limit = 200

    /// `1,4,7-9`.
    package static func numbers(_ indices: [Int]) -> String {
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
        return shown.joined(separator: ",") + (runs.count > limit ? ",… (all are in the JSON)" : "")
    }
}
