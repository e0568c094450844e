/// The bytes that keep start codes out of NAL units (H.264 7.3.1 and 7.4.1, `emulation_prevention_three_byte`).
package enum EmulationPrevention {
    /// The NAL unit (or RBSP) with a 3 wherever two zeros and a byte of 0 to 3 would follow each other, and after two
    /// zeros at the end.
    package static func escape(_ bytes: [UInt8]) -> [UInt8] {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(bytes.count + bytes.count / 64 + 1)
        var zeros = 0
        for byte in bytes {
            if zeros == 2, byte <= 3 {
                escaped.append(3)
                zeros = 0
            }
            escaped.append(byte)
            zeros = byte == 0 ? zeros + 1 : 0
        }
        if zeros == 2 { escaped.append(3) }
        return escaped
    }

    /// The NAL unit without its emulation prevention bytes.
    ///
    /// - Parameters:
    ///   - nalUnit: A NAL unit as it is in a stream.
    ///   - limit: Stop after this many bytes of `nalUnit`. `nil`, the default, means the whole unit.
    package static func unescape(_ nalUnit: ArraySlice<UInt8>, limit: Int? = nil) -> [UInt8] {
        let part = nalUnit.prefix(max(0, limit ?? nalUnit.count))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.count)
        var zeros = 0
        for byte in part {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            bytes.append(byte)
            zeros = byte == 0 ? zeros + 1 : 0
        }
        return bytes
    }

    /// The NAL unit without its emulation prevention bytes.
    package static func unescape(_ nalUnit: [UInt8], limit: Int? = nil) -> [UInt8] {
        unescape(nalUnit[...], limit: limit)
    }
}
