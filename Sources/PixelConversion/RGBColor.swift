/// A color of 8 bits a channel, full range, in the transfer characteristics of the pictures that it is used with.
public struct RGBColor: Hashable, Sendable {
    /// Red, 0...255.
    public var red: UInt8
    /// Green, 0...255.
    public var green: UInt8
    /// Blue, 0...255.
    public var blue: UInt8

    /// A color of its channels.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// No light.
    public static let black = RGBColor(red: 0, green: 0, blue: 0)
    /// All light.
    public static let white = RGBColor(red: 255, green: 255, blue: 255)

    /// Reads `RRGGBB` in hexadecimal digits of either case, as CSS writes colors, with or without a `#` before it.
    ///
    /// - Returns: `nil` if the text is anything else.
    public init?(hexadecimal text: some StringProtocol) {
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        guard digits.utf8.count == 6, digits.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(digits, radix: 16)
        else { return nil }
        self.init(
            red: UInt8(truncatingIfNeeded: value >> 16),
            green: UInt8(truncatingIfNeeded: value >> 8),
            blue: UInt8(truncatingIfNeeded: value)
        )
    }
}
