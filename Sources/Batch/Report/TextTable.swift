/// A table of text in columns of the necessary width.
struct TextTable {
    /// A column's heading and alignment.
    struct Column {
        let heading: String
        var isNumber = false
    }

    let columns: [Column]
    var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// The lines; the last column is not padded.
    ///
    /// - Parameter limit: Maximum characters of a line, as far as the first and the last column can be cut; 0: no limit.
    func lines(within limit: Int = 0) -> [String] {
        let all = fitted([columns.map(\.heading)] + rows, limit)
        let widths = widths(all)
        return all.map { row in
            var line = ""
            for (index, word) in row.enumerated() {
                let space = String(repeating: " ", count: widths[index] - word.count)
                line += (index > 0 ? "  " : "") + (columns[index].isNumber ? space + word : word + space)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private func widths(_ rows: [[String]]) -> [Int] {
        columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    }

    /// No name is cut shorter than this.
    private static let shortest = 12

    /// Cuts the names, which are in the first and the last column, the longer ones first.
    private func fitted(_ rows: [[String]], _ limit: Int) -> [[String]] {
        let widths = widths(rows)
        let excess = widths.reduce(0, +) + 2 * (widths.count - 1) - limit
        guard limit > 0, excess > 0, let first = widths.first, let last = widths.last, widths.count > 1 else {
            return rows
        }
        // What both can have: the shorter keeps its width if the other can give enough.
        let room = max(2 * Self.shortest, first + last - excess)
        let half = room / 2
        let firstWidth = first <= half ? first : last <= half ? room - last : half
        let lastWidth = room - firstWidth
        return rows.map { row in
            var row = row
            row[0] = Self.cut(row[0], firstWidth)
            row[row.count - 1] = Self.cut(row[row.count - 1], lastWidth)
            return row
        }
    }

    private static func cut(_ word: String, _ width: Int) -> String {
        word.count <= width ? word : "…" + word.suffix(max(0, width - 1))
    }
}
