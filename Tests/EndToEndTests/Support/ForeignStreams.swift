/// H.264 streams as others write them, made of ffmpeg's.
enum ForeignAVC {
    /// The access units of a byte stream, each the NAL units of one picture.
    static func accessUnits(_ bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
        var (units, current, hasPicture) = ([[ArraySlice<UInt8>]](), [ArraySlice<UInt8>](), false)
        for unit in AnnexB(bytes).units {
            let type = AnnexB.type(unit)
            let isPicture = type == 1 || type == 5
            let isFirst = isPicture && unit.dropFirst().first.map { $0 & 0x80 != 0 } == true
            if hasPicture, isFirst || (6...9).contains(type) {
                units.append(current)
                (current, hasPicture) = ([], false)
            }
            current.append(unit)
            hasPicture = hasPicture || isPicture
        }
        return units + [current]
    }

    /// NAL units with start codes.
    static func stream(_ units: some Sequence<ArraySlice<UInt8>>) -> [UInt8] { units.flatMap { [0, 0, 0, 1] + $0 } }

    /// A sequence parameter set (no scaling lists) without its VUI parameters, and so without the bound on reordering.
    /// - Parameter cycle: Order type 2 becomes type 1, with the same order.
    static func rewriting(_ sps: ArraySlice<UInt8>, keepsVUI: Bool = false, cycle: Bool = false) -> [UInt8] {
        var bits = Bits(unescaped(Array(sps.dropFirst())))
        var made = bits.take(24) + bits.ue().bits
        if bits.value(0, 8) >= 100 { made += bits.ue().bits + bits.ue().bits + bits.ue().bits + bits.take(2) }
        made += bits.ue().bits
        let order = bits.ue()
        if order.value == 2, cycle {
            // Type 1, deltas always 0, -1 for others than reference pictures, 0 for fields, a cycle of one, of 2.
            made += [0, 1, 0] + [1] + [0, 1, 1] + [1] + [0, 1, 0] + [0, 0, 1, 0, 0]
        } else {
            made += order.bits
            if order.value == 0 { made += bits.ue().bits }
        }
        made += bits.ue().bits + bits.take(1) + bits.ue().bits + bits.ue().bits
        let framesOnly = bits.take(1)
        made += framesOnly
        if framesOnly == [0] { made += bits.take(1) }
        made += bits.take(1)
        let crops = bits.take(1)
        made += crops
        if crops == [1] { for _ in 0..<4 { made += bits.ue().bits } }
        made += keepsVUI ? bits.rest : [0, 1]
        return [sps.first ?? 0] + escaped(Bits.bytes(made))
    }

    static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var (made, zeros) = ([UInt8](), 0)
        for byte in bytes {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            made.append(byte)
            zeros = byte == 0 ? zeros + 1 : 0
        }
        return made
    }

    static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        var (made, zeros) = ([UInt8](), 0)
        for byte in bytes {
            if zeros >= 2, byte <= 3 {
                made.append(3)
                zeros = 0
            }
            made.append(byte)
            zeros = byte == 0 ? zeros + 1 : 0
        }
        return made
    }
}

/// Bits of a parameter set.
struct Bits {
    private let bits: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { bits = bytes.flatMap { byte in (0..<8).reversed().map { byte >> $0 & 1 } } }

    var rest: [UInt8] { Array(bits[place...]) }

    mutating func take(_ count: Int) -> [UInt8] {
        defer { place += count }
        return Array(bits[place..<place + count])
    }

    /// A number without moving.
    func value(_ start: Int, _ count: Int) -> Int { bits[start..<start + count].reduce(0) { $0 << 1 | Int($1) } }

    /// `ue(v)`.
    mutating func ue() -> (value: Int, bits: [UInt8]) {
        var zeros = 0
        while bits[place + zeros] == 0 { zeros += 1 }
        let value = value(place, 2 * zeros + 1) - 1
        return (value, take(2 * zeros + 1))
    }

    /// Bytes of bits, with zeros at the end.
    static func bytes(_ bits: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bits.count, by: 8).map { start in
            (0..<8).reduce(0) { $0 << 1 | (start + $1 < bits.count ? bits[start + $1] : 0) }
        }
    }
}
