/// A table of words in columns that are as wide as they have to be.
struct TextTable {
    /// A column's heading, and on which side its words stand.
    struct Column {
        let heading: String
        var isNumber = false
    }

    let columns: [Column]
    var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// The lines; the last column is as long as its words.
    var lines: [String] {
        let all = [columns.map(\.heading)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
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
}
