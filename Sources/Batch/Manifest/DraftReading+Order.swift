// Who waits for whom.
extension DraftReading {
    /// Finds out who waits for whom. Jobs of one entry may share a name; those of two may not.
    mutating func order(_ jobs: inout [BatchJob]) {
        let names = Dictionary(drafts.indices.map { (drafts[$0].name, [$0]) }, uniquingKeysWith: +)
        for (name, indices) in names where !name.isEmpty {
            let origins = Dictionary(
                indices.map { (drafts[$0].entry.origin, $0) },
                uniquingKeysWith: { first, _ in first }
            )
            for second in origins.values.sorted().dropFirst() where drafts[second].entry.keys["name"] != nil {
                note("another job is called \(name) already", at: drafts[second].place(of: "name"))
            }
        }
        var after: [[Int]] = []
        for draft in drafts {
            for (name, place) in draft.after where names[name] == nil { note("there is no job \(name)", at: place) }
            after.append(draft.after.flatMap { names[$0.name] ?? [] })
        }
        refuseCycles(after)
        guard jobs.count == drafts.count else { return }
        for index in jobs.indices { jobs[index].after = after[index] }
    }

    /// What is left when every job has been taken away that waits for none that is left (Kahn's algorithm).
    private mutating func refuseCycles(_ after: [[Int]]) {
        var left = after.map(\.count)
        var followers: [[Int]] = Array(repeating: [], count: after.count)
        for (index, before) in after.enumerated() { for other in before { followers[other].append(index) } }
        var ready = left.indices.filter { left[$0] == 0 }
        var done: Set<Int> = []
        while let next = ready.popLast() {
            done.insert(next)
            for follower in followers[next] {
                left[follower] -= 1
                if left[follower] == 0 { ready.append(follower) }
            }
        }
        for index in after.indices where !done.contains(index) {
            let others = after[index].filter { !done.contains($0) }.map { drafts[$0].name }.joined(separator: ", ")
            note(
                "\(drafts[index].name) waits for \(others), which cannot be done before it",
                at: drafts[index].place(of: "after")
            )
        }
    }
}
