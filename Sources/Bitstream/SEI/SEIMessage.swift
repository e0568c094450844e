/// A message of supplemental enhancement information (H.264 7.3.2.3.1, H.265 7.3.5).
package struct SEIMessage: Hashable, Sendable {
    /// `payloadType`.
    package let type: Int
    /// The payload, without emulation prevention bytes.
    package let payload: ArraySlice<UInt8>

    /// A message.
    package init(type: Int, payload: ArraySlice<UInt8>) { (self.type, self.payload) = (type, payload) }

    /// Reads the messages of an SEI NAL unit.
    ///
    /// - Parameters:
    ///   - nalUnit: The NAL unit as it is in a stream, from its header on.
    ///   - headerBytes: Bytes of its header: 1 in H.264, 2 in HEVC.
    /// - Returns: The complete messages, and whether all are complete.
    package static func read(
        _ nalUnit: ArraySlice<UInt8>,
        headerBytes: Int
    ) -> (messages: [SEIMessage], areWhole: Bool) {
        var rest = EmulationPrevention.unescape(nalUnit)[...].dropFirst(headerBytes)
        var messages: [SEIMessage] = []
        while rest.count > 1 || rest.first.map({ $0 != 0x80 }) == true {
            guard let type = number(&rest), let size = number(&rest), size <= rest.count else {
                return (messages, false)
            }
            messages.append(SEIMessage(type: type, payload: rest.prefix(size)))
            rest = rest.dropFirst(size)
            // Only zeros may follow the trailing bits.
            if rest.allSatisfy({ $0 == 0 }) { return (messages, rest.isEmpty) }
        }
        return (messages, true)
    }

    /// A number in bytes of 255 and a last one that is less; `nil` if the bytes end within it.
    private static func number(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        var sum = 0
        while let byte = bytes.popFirst() {
            sum += Int(byte)
            if byte < 255 { return sum }
        }
        return nil
    }

    /// The message's bytes, without emulation prevention.
    package var bytes: [UInt8] { Self.coded(type) + Self.coded(payload.count) + payload }

    private static func coded(_ number: Int) -> [UInt8] {
        [UInt8](repeating: 255, count: number / 255) + [UInt8(number % 255)]
    }
}
