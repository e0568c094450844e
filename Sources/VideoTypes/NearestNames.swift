extension Sequence<String> {
    /// The names that a mistyped one may mean, as suggestions for an error.
    ///
    /// - Parameter name: An unknown name.
    /// - Returns: At most three, the nearest first. A third of the characters may differ, or two of a short name.
    package func nearest(to name: String) -> [String] {
        let scored = map { (name: $0, distance: editDistance($0, name)) }
        let near = scored.filter { $0.distance <= Swift.max(2, name.count / 3) }
        return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }
}

/// The number of bytes to insert, delete or replace to make one name of the other (Levenshtein).
private func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var row = Array(0...b.count)
    for i in a.indices {
        var diagonal = row[0]
        row[0] = i + 1
        for j in b.indices {
            let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}
