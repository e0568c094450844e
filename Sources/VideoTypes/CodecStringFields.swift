/// The dot-separated fields of a codec string, each with a fixed number of decimal digits.
struct CodecStringFields {
    private var rest: ArraySlice<Substring>

    /// The fields after the sample entry; `nil` if the string begins with another one.
    init?(_ string: String, sampleEntry: String) {
        let parts = string.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.first.map(String.init) == sampleEntry else { return nil }
        rest = parts.dropFirst()
    }

    var count: Int { rest.count }

    mutating func text() -> Substring? { rest.popFirst() }

    /// A field of exactly this many digits, with a value that is allowed.
    mutating func number(digits: Int, in allowed: ClosedRange<Int> = 0...Int.max) -> Int? {
        guard let field = rest.popFirst() else { return nil }
        return Self.number(field, digits: digits, in: allowed)
    }

    /// The same field, or its default where the string has ended.
    mutating func number(digits: Int, in allowed: ClosedRange<Int>, unlessGiven usual: Int) -> Int? {
        rest.isEmpty ? usual : number(digits: digits, in: allowed)
    }

    static func number(_ field: Substring, digits: Int, in allowed: ClosedRange<Int> = 0...Int.max) -> Int? {
        guard field.utf8.count == digits, field.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard let number = Int(field), allowed.contains(number) else { return nil }
        return number
    }

    /// A number with leading zeros.
    static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

/// The color of a codec string that has one: the last three fields before the range (H.273).
struct CodecStringColor {
    typealias Codes = (ColorPrimaries, TransferCharacteristics, MatrixCoefficients)

    /// Two decimal digits each, of primaries, transfer characteristics and matrix coefficients; BT.709 where the string has
    /// ended, as both registrations have it.
    static func read(_ fields: inout CodecStringFields) -> Codes? {
        func code() -> Int? { fields.number(digits: 2, in: 0...99, unlessGiven: 1) }
        guard let primaries = code(), let transfer = code(), let matrix = code() else { return nil }
        // H.273: 0 is reserved for primaries and transfer, 3 for all.
        guard ![0, 3].contains(primaries), ![0, 3].contains(transfer), matrix != 3 else { return nil }
        return (
            ColorPrimaries(rawValue: UInt8(primaries)), TransferCharacteristics(rawValue: UInt8(transfer)),
            MatrixCoefficients(rawValue: UInt8(matrix))
        )
    }

    static func text(_ color: VideoColorSpace) -> String {
        [color.primaries.rawValue, color.transfer.rawValue, color.matrix.rawValue]
            .map { CodecStringFields.padded(Int($0), 2) }.joined(separator: ".")
    }
}
