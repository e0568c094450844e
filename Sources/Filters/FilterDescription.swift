internal import VideoTypes

/// A graph of filters as libavfilter reads it (`ffmpeg -vf`), checked: which filters it has, and what they open.
///
/// A graph may have only filters that take pictures and give pictures: none that keep any number of them by themselves, and none
/// that read or write anything but the files that their own options name.
public struct FilterDescription: Hashable, Sendable {
    /// The graph.
    public let text: String
    private let uses: [FilterUse]
    /// `sws_flags=…;`, which only the beginning of a text can have; empty without it.
    private let scalerFlags: String
    /// The rest of the text.
    private let body: String

    /// Reads a graph.
    ///
    /// - Parameter text: What `ffmpeg -vf` takes: one open input, and one open output.
    /// - Throws: ``FilterRefusal`` if it is empty, or has a filter or an option that is not allowed.
    public init(_ text: String) throws(FilterRefusal) {
        self.text = text
        guard text.utf8.count <= 65536, !text.utf8.contains(0) else {
            throw FilterRefusal("is longer than 65536 bytes")
        }
        var scanner = FilterScanner(text)
        scalerFlags = try Self.scalerFlags(&scanner)
        body = scanner.rest
        uses = try Self.uses(&scanner)
        guard !uses.isEmpty else { throw FilterRefusal("has no filter") }
        for use in uses { try FilterTable.check(use) }
    }

    /// A picture depends on no other one, nor on anything that was seen before.
    public var isForEachPicture: Bool { uses.allSatisfy { FilterTable.traits(of: $0.name)?.looksAcross == false } }

    /// The first filter that looks at more than one picture; `nil` if none does.
    public var filterAcrossPictures: String? {
        uses.first { FilterTable.traits(of: $0.name)?.looksAcross != false }?.name
    }

    /// Files that filters read.
    public var files: [String] { uses.flatMap { FilterTable.files(of: $0) } }

    /// A filter is told to give the pictures other primaries or another transfer, and tags them so.
    package var changesColor: Bool {
        let options = [
            "zscale": ["p", "primaries", "t", "transfer"], "setparams": ["color_primaries", "color_trc"],
            "colorspace": ["all", "primaries", "trc"],
        ]
        return uses.contains { $0.value(options[$0.name] ?? [], at: $0.name == "colorspace" ? 0 : nil) != nil }
    }

    /// A filter is told which matrix the pictures have, or are to have.
    package var statesMatrix: Bool {
        let options = [
            "setparams": ["colorspace"], "scale": ["in_color_matrix", "out_color_matrix"],
            "colormatrix": ["src", "dst"],
            "zscale": ["m", "matrix", "min", "matrixin"], "colorspace": ["all", "space", "iall", "ispace"],
        ]
        let first = ["colormatrix", "colorspace"]
        return uses.contains { $0.value(options[$0.name] ?? [], at: first.contains($0.name) ? 0 : nil) != nil }
    }

    /// The matrix that the last scaler was told to make of RGB, by libavfilter's name; `nil` if none was told. Its pictures do not
    /// have it as a tag.
    package var scalersMatrix: String? {
        uses.last { $0.name == "scale" && $0.value(["out_color_matrix"]) != nil }?.value(["out_color_matrix"])
    }

    /// The text between others. Ends that have labels keep them.
    ///
    /// - Parameters:
    ///   - first: The filters before it; empty if there are none.
    ///   - last: Those after it.
    package func text(after first: String, before last: String) -> String {
        let (input, output) = (Self.label(body[...]), Self.label(atEndOf: body[...]))
        let start = first.isEmpty ? "" : input.map { "\(first)[\($0)];" } ?? "\(first),"
        let end = last.isEmpty ? "" : output.map { ";[\($0)]\(last)" } ?? ",\(last)"
        return scalerFlags + start + body + end
    }

    /// The label that a text begins with.
    private static func label(_ text: Substring) -> String? {
        let inner = text.drop(while: \.isWhitespace)
        guard inner.first == "[", let end = inner.firstIndex(of: "]") else { return nil }
        return String(inner[inner.index(after: inner.startIndex)..<end])
    }

    /// The label that a text ends with.
    private static func label(atEndOf text: Substring) -> String? {
        guard let last = text.lastIndex(where: { !$0.isWhitespace }), text[last] == "]",
            let start = text.lastIndex(of: "[")
        else {
            return nil
        }
        return String(text[text.index(after: start)..<last])
    }

    private static func uses(_ scanner: inout FilterScanner) throws(FilterRefusal) -> [FilterUse] {
        var uses: [FilterUse] = []
        while true {
            scanner.skipSpaces()
            guard scanner.next != nil else { return uses }
            try skipLabels(&scanner)
            let name = scanner.token(until: "=,;[")
            guard !name.isEmpty else { throw FilterRefusal("has no filter where one is expected") }
            let options = scanner.take("=") ? scanner.token(until: "[],;") : ""
            uses.append(FilterUse(name: name, options: options))
            try skipLabels(&scanner)
            guard scanner.next != nil else { return uses }
            guard scanner.take(",") || scanner.take(";") else {
                throw FilterRefusal("cannot be read after the filter \(name)")
            }
        }
    }

    /// Takes `sws_flags=…;`, which libavfilter ends at the first semicolon, be it quoted or not.
    private static func scalerFlags(_ scanner: inout FilterScanner) throws(FilterRefusal) -> String {
        scanner.skipSpaces()
        let whole = scanner.rest
        guard scanner.take("sws_flags=") else { return "" }
        let isPlain = scanner.skip { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-:=|.".contains($0)) }
        guard isPlain, scanner.take(";") else {
            throw FilterRefusal("has sws_flags=, whose value is not names and numbers up to a semicolon")
        }
        return String(whole.prefix { $0 != ";" }) + ";"
    }

    private static func skipLabels(_ scanner: inout FilterScanner) throws(FilterRefusal) {
        scanner.skipSpaces()
        while scanner.take("[") {
            _ = scanner.token(until: "]")
            guard scanner.take("]") else { throw FilterRefusal("has a label without its closing bracket") }
            scanner.skipSpaces()
        }
    }
}

/// Why a graph is not taken: the text follows the graph.
public struct FilterRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to use instead.
    public let description: String

    package init(_ description: String) { self.description = description }
}
