/// A place in a manifest; lines and columns begin at 1, columns count characters.
package struct ManifestPlace: Hashable, Sendable {
    /// The line.
    package var line: Int
    /// The column.
    package var column: Int

    /// A place.
    package init(line: Int, column: Int) { (self.line, self.column) = (line, column) }

    /// Where a file begins.
    static let start = ManifestPlace(line: 1, column: 1)
}

/// A value of a manifest, with its place. Scalars stay as they are written: `0755`, `yes` and `1e3` are text.
struct ManifestNode: Hashable, Sendable {
    /// A key of a mapping and its value.
    struct Entry: Hashable, Sendable {
        let key: String
        let place: ManifestPlace
        var value: ManifestNode
    }

    indirect enum Content: Hashable, Sendable {
        /// A scalar; plain if it is without quotes, so that `true` is a Boolean and `"true"` is text.
        case scalar(String, isPlain: Bool)
        case sequence([ManifestNode])
        case mapping([Entry])
    }

    let place: ManifestPlace
    var content: Content

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .scalar: "a word"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The text, if it is a scalar.
    var word: String? { if case .scalar(let text, _) = content { text } else { nil } }

    /// The truth, if it is one that is without quotes.
    var truth: Bool? {
        guard case .scalar(let text, isPlain: true) = content else { return nil }
        return ["true": true, "false": false][text]
    }

    /// No value, as after a key alone.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null"].contains(text)
    }

    /// The elements of a list; a scalar is a list of one.
    var elements: [ManifestNode] { if case .sequence(let nodes) = content { nodes } else { [self] } }
}

extension [ManifestNode.Entry] {
    /// The value of a key.
    subscript(key: String) -> ManifestNode? { first { $0.key == key }?.value }
}
