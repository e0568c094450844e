/// A piece of text that a container stores about its contents, under a key such as `title` or `artist`.
public struct MetadataTag: Hashable, Sendable {
    /// libavformat's name of it, such as `title`, `artist`, `comment`, `date`, `location` or `creation_time`.
    public let key: String
    /// The text.
    public let value: String

    /// Bytes of a value, at most.
    package static let valueLimit = 32_000
    /// Bytes of a key, at most.
    package static let keyLimit = 64

    /// A tag; `nil` if the key is not of 1 to 64 ASCII letters, digits, dots and underscores, or the value has control characters other
    /// than tabs and line feeds, or more than 32,000 bytes.
    public init?(key: String, value: String) {
        guard (1...Self.keyLimit).contains(key.utf8.count), key.utf8.allSatisfy(Self.isOfKey),
            value.utf8.count <= Self.valueLimit, value.unicodeScalars.allSatisfy(Self.isOfValue)
        else { return nil }
        (self.key, self.value) = (key, value)
    }

    /// Matroska has keys in capitals, and libavformat takes either.
    package var name: String { key.lowercased() }

    private static func isOfKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isOfValue(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 32 ? scalar.value != 127 : scalar == "\t" || scalar == "\n"
    }
}
