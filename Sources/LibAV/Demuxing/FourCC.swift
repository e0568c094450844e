/// Codes of four characters, as containers name things with.
enum FourCC {
    /// The code's characters, the first in the highest byte; those that cannot be printed as dots.
    static func name(bigEndian code: UInt32) -> String {
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: code >> $0) }
        return String(decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    }

    /// The code's characters, the first in the lowest byte, as libavformat has them; `nil` for 0.
    static func name(_ code: UInt32) -> String? { code == 0 ? nil : name(bigEndian: code.byteSwapped) }
}
