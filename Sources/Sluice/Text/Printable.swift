extension String {
    /// The same with control characters written out: what names from outside say is not for a terminal to obey.
    ///
    /// - Parameter keepsLines: Line feeds stay.
    package func printable(keepsLines: Bool = false) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.generalCategory == .control && !(keepsLines && scalar == "\n")
        }
        guard unicodeScalars.contains(where: isControl) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if isControl(scalar) {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }
}
