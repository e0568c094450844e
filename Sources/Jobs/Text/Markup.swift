internal import Places

/// Text from outside in markup.
package enum Markup {
    /// Text that can be neither an element nor the end of an attribute; what XML cannot express is left out.
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars.flatMap(Self.shown) {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case _ where scalar.value < 32 && ![9, 10, 13].contains(scalar.value): continue
            case "\u{FFFE}", "\u{FFFF}": continue
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A byte of a file name that is not UTF-8 is written out.
    private static func shown(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        Spelling.byte(of: scalar) == nil ? [scalar] : Array(String(scalar).printable().unicodeScalars)
    }
}
