internal import Places

extension String {
    /// The same with control characters and bidirectional controls escaped, so that a terminal does not interpret names from
    /// outside. A byte of a file name that is not UTF-8 is `\xFF`.
    ///
    /// - Parameter keepsLines: Line feeds stay.
    package func printable(keepsLines: Bool = false) -> String {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            !scalar.isObeyed && Spelling.byte(of: scalar) == nil || (keepsLines && scalar == "\n")
        }
        guard !unicodeScalars.allSatisfy(isPlain) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if isPlain(scalar) {
                text.unicodeScalars.append(scalar)
            } else if let byte = Spelling.byte(of: scalar) {
                text += "\\x\(String(byte, radix: 16))"
            } else {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
    }
}

extension Unicode.Scalar {
    /// A terminal or a page does something about it instead of showing it.
    fileprivate var isObeyed: Bool {
        switch value {
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: properties.generalCategory == .control
        }
    }
}
