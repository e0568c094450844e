/// Which jobs come after which: read once from the names that `after:` lists, and asked in constant time.
struct JobOrder {
    /// The jobs that each one waits for.
    let after: [[Int]]
    /// A job at which there were more pairs than ``ManifestLimits/dependencies``; `nil` if there are not.
    let excess: Int?
    /// Jobs that wait for each other, in the order of the manifest.
    let inCycles: [Int]
    /// For each job the set of those before it, a bit each; made on first use.
    private var before: [[UInt64]]?
    /// The jobs that are in no cycle, each after those that it waits for.
    private let sorted: [Int]

    init(_ drafts: [JobDraft], _ names: JobNames) {
        var (after, excess, count) = ([[Int]](), Int?.none, 0)
        for (index, draft) in drafts.enumerated() {
            let sizes = draft.after.map { names[$0.name]?.count ?? 0 }
            count += sizes.reduce(0, +)
            if count > ManifestLimits.dependencies, excess == nil { excess = index }
            after.append(excess == nil ? draft.after.flatMap { names[$0.name] ?? [] } : [])
        }
        (self.after, self.excess) = (after, excess)
        sorted = Self.sorted(after)
        inCycles = Self.rest(after.count, without: sorted)
    }

    private static func rest(_ count: Int, without sorted: [Int]) -> [Int] {
        let done = Set(sorted)
        return (0..<count).filter { !done.contains($0) }
    }

    /// Takes away, again and again, a job that waits for none that is left (Kahn's algorithm).
    private static func sorted(_ after: [[Int]]) -> [Int] {
        var left = after.map(\.count)
        var followers: [[Int]] = Array(repeating: [], count: after.count)
        for (index, before) in after.enumerated() { for other in before { followers[other].append(index) } }
        var sorted = left.indices.filter { left[$0] == 0 }
        var next = 0
        while next < sorted.count {
            for follower in followers[sorted[next]] {
                left[follower] -= 1
                if left[follower] == 0 { sorted.append(follower) }
            }
            next += 1
        }
        return sorted
    }

    /// Whether a job has ended before another begins; true as well where that is a cycle's to decide.
    mutating func isBefore(_ first: Int, _ second: Int) -> Bool {
        let sets = before ?? ancestors()
        before = sets
        guard !sets[second].isEmpty else { return true }
        return sets[second][first / 64] >> (UInt64(first) % 64) & 1 == 1
    }

    private func ancestors() -> [[UInt64]] {
        let words = after.count / 64 + 1
        var sets: [[UInt64]] = Array(repeating: [], count: after.count)
        for job in sorted {
            var set = [UInt64](repeating: 0, count: words)
            for other in after[job] {
                for word in 0..<words { set[word] |= sets[other][word] }
                set[other / 64] |= 1 << (UInt64(other) % 64)
            }
            sets[job] = set
        }
        return sets
    }
}
