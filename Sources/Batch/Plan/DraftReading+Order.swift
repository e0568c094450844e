// Who waits for whom.
extension DraftReading {
    /// Finds out who waits for whom. Jobs of one entry may share a name; those of two may not.
    mutating func order(_ jobs: inout [BatchJob]) {
        for indices in names.groups {
            let name = drafts[indices[0]].name
            guard !name.isEmpty else { continue }
            let origins = Dictionary(
                indices.map { (drafts[$0].entry.origin, $0) },
                uniquingKeysWith: { first, _ in first }
            )
            for second in origins.values.sorted().dropFirst() where drafts[second].entry.keys["name"] != nil {
                note("another job is already named \(name)", at: drafts[second].place(of: "name"))
            }
        }
        for draft in drafts {
            for (name, place) in draft.after where names[name] == nil { note("unknown job \(name)", at: place) }
        }
        if let job = order.excess {
            let most = ManifestLimits.dependencies
            note("after: makes more than \(most) pairs of jobs", at: drafts[job].place(of: "after"))
        } else {
            refuseCycles()
        }
        guard jobs.count == drafts.count else { return }
        for index in jobs.indices { jobs[index].after = order.after[index] }
    }

    private mutating func refuseCycles() {
        let inCycles = Set(order.inCycles)
        for index in order.inCycles {
            let others = order.after[index].filter { inCycles.contains($0) }.map { drafts[$0].name }
            var seen: Set<[UInt8]> = []
            let names = others.filter { seen.insert(Array($0.utf8)).inserted }
            let rest = names.count > 3 ? " and \(names.count - 3) more" : ""
            note(
                "\(drafts[index].name) waits for \(names.prefix(3).joined(separator: ", "))\(rest), which waits for it",
                at: drafts[index].place(of: "after")
            )
        }
    }
}
