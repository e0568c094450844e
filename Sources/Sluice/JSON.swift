#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// How Sluice writes JSON: one line, keys in order, slashes as they are.
enum JSON {
    static func line(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        // Our own values have no part that cannot be encoded.
        guard let data = try? encoder.encode(value) else { fatalError("\(value) cannot be encoded as JSON") }
        return Array(data) + [UInt8(ascii: "\n")]
    }

    static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
