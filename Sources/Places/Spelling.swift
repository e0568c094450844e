#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// File names as texts and back, byte for byte.
///
/// A name is bytes, and a Swift `String` is Unicode. A byte that is not part of valid UTF-8 is spelled as a code point of a
/// private-use area, U+10FE00 plus its value; bytes that are valid UTF-8 for one of those code points are spelled one by one in
/// the same way, so that no two names have the same spelling. The result is a valid text wherever one is needed: for the
/// argument parser, in manifests, and in JSON. ``printable(_:)`` is for people.
package enum Spelling {
    private static let base: UInt32 = 0x10FE00
    private static let escapes: ClosedRange<UInt32> = 0x10FE80...0x10FEFF

    /// The text that spells these bytes.
    package static func text(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        if let text = String(validating: bytes, as: UTF8.self), !hasEscapes(text) { return text }
        var (text, position) = (String.UnicodeScalarView(), 0)
        while position < bytes.count {
            if let (scalar, length) = scalar(bytes[position...]), !escapes.contains(scalar.value) {
                text.append(scalar)
                position += length
            } else {
                text.append(escape(bytes[position]))
                position += 1
            }
        }
        return String(text)
    }

    /// The text that spells the bytes of a string that ends with a NUL.
    package static func text(cString: UnsafePointer<CChar>) -> String {
        // SAFETY: the string ends with a NUL, and is copied.
        text(unsafe UnsafeBufferPointer(start: cString, count: strlen(cString)).map { UInt8(bitPattern: $0) })
    }

    /// The bytes that a text spells.
    package static func bytes(_ text: String) -> [UInt8] {
        guard hasEscapes(text) else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar in byte(of: scalar).map { [$0] } ?? Array(String(scalar).utf8) }
    }

    /// The byte that a code point spells; `nil` if it is just itself.
    package static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        escapes.contains(scalar.value) ? UInt8(truncatingIfNeeded: scalar.value - base) : nil
    }

    private static func hasEscapes(_ text: String) -> Bool {
        // All of them begin with the same two bytes.
        text.utf8.contains(0xF4) && text.unicodeScalars.contains { escapes.contains($0.value) }
    }

    private static func escape(_ byte: UInt8) -> Unicode.Scalar {
        // Bytes below 0x80 are always valid, and every value above is a code point.
        Unicode.Scalar(base + UInt32(byte)) ?? "\u{FFFD}"
    }

    /// The code point that valid UTF-8 begins with, and its bytes.
    private static func scalar(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        for length in 1...4 where length <= bytes.count {
            guard let text = String(validating: bytes.prefix(length), as: UTF8.self) else { continue }
            return text.unicodeScalars.first.map { ($0, length) }
        }
        return nil
    }
}
