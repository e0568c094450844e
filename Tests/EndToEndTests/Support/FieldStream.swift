/// H.264 whose frames are two pictures of a field each, which no encoder here writes: 16x32, of raw macroblocks.
enum FieldStream {
    /// A byte stream.
    static func bytes(frames: Int) -> [UInt8] {
        var units: [[UInt8]] = [sequence, picture]
        for frame in 0..<frames { units += [field(frame, isBottom: false), field(frame, isBottom: true)] }
        return ForeignAVC.stream(units.map { $0[...] })
    }

    private static let sequence = unit(0x67) { bits in
        bits.number(77, 8)  // Main
        bits.number(0, 8)
        bits.number(30, 8)
        // Its number, frame_num and order of 4 bits, one reference, gaps not allowed.
        for value in [0, 0, 0, 0, 1] { bits.ue(value) }
        bits.number(0, 1)
        // A macroblock wide, and as high in each field.
        for value in [0, 0] { bits.ue(value) }
        // Fields; no adaptive macroblocks; inference; no cropping; no VUI.
        for flag in [0, 0, 1, 0, 0] { bits.number(flag, 1) }
    }

    private static let picture = unit(0x68) { bits in
        for value in [0, 0] { bits.ue(value) }
        bits.number(0, 2)
        for value in [0, 0, 0] { bits.ue(value) }
        bits.number(0, 3)
        for value in [0, 0, 0] { bits.ue(value) }
        bits.number(0, 3)
    }

    private static func field(_ frame: Int, isBottom: Bool) -> [UInt8] {
        let isIDR = frame == 0 && !isBottom
        return unit(isIDR ? 0x65 : 0x61) { bits in
            for value in [0, 7, 0] { bits.ue(value) }
            bits.number(frame % 16, 4)
            bits.number(isBottom ? 3 : 2, 2)
            if isIDR { bits.ue(0) }
            bits.number((2 * frame + (isBottom ? 1 : 0)) % 16, 4)
            bits.number(0, isIDR ? 2 : 1)
            bits.ue(0)
            bits.ue(25)  // I_PCM
            bits.align()
            for sample in 0..<384 { bits.number((sample * 7 + frame * 13 + (isBottom ? 50 : 0)) % 200 + 20, 8) }
        }
    }

    private static func unit(_ header: UInt8, _ write: (inout BitText) -> Void) -> [UInt8] {
        var bits = BitText()
        write(&bits)
        bits.number(1, 1)
        bits.align()
        return [header] + ForeignAVC.escaped(Bits.bytes(bits.bits))
    }
}

/// Bits that are written.
struct BitText {
    private(set) var bits: [UInt8] = []

    mutating func number(_ value: Int, _ count: Int) {
        bits += (0..<count).reversed().map { UInt8(value >> $0 & 1) }
    }

    mutating func ue(_ value: Int) {
        let count = Int.bitWidth - (value + 1).leadingZeroBitCount
        number(0, count - 1)
        number(value + 1, count)
    }

    mutating func align() { while bits.count % 8 != 0 { bits.append(0) } }
}
