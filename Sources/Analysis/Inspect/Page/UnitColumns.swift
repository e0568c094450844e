internal import Jobs

/// The units' numbers as columns, each of them numbers of seven bits a byte in base64: about a dozen characters a unit.
struct UnitColumns {
    /// Different lists of parts that the page names; the rest is "others".
    static let partsLimit = 250

    private(set) var columns: [String: String] = [:]
    /// The parts of units; the column `parts` has indices into these.
    private(set) var parts: [String] = []
    /// Microseconds from one unit to the next, in decoding order, as most of them have it.
    let interval: Int64

    init(_ units: [InspectedUnit], interval: Int64) {
        self.interval = interval
        write("flags", units.map(Self.flags))
        write("sizes", units.map(\.size))
        write("times", signed: Self.steps(units, interval))
        let levels = units.map { Int((($0.quantizer?.average ?? 0) * 10).rounded()) }
        write("qp", signed: Self.differences(levels))
        if units.contains(where: { $0.quantizer.map { $0.min < $0.max } ?? false }) {
            write("low", zip(units, levels).map { unit, level in max(0, level - (unit.quantizer?.min ?? 0) * 10) })
            write("high", zip(units, levels).map { unit, level in max(0, (unit.quantizer?.max ?? 0) * 10 - level) })
        }
        if units.contains(where: { $0.psnr != nil }) { write("psnr", units.map { Self.hundredths($0.psnr) }) }
        let skips = units.enumerated().map { $0.element.index - $0.offset }
        if skips.last != 0 { write("skips", Self.differences(skips)) }
        write("parts", numbers(of: units))
    }

    /// Type, and a bit for each thing that a unit is or is not; the layer above them.
    private static func flags(_ unit: InspectedUnit) -> Int {
        let types: [InspectedUnit.PictureType] = [.intra, .predicted, .bipredicted, .none]
        let bits = [unit.isKey, unit.isReference, unit.isShown, unit.quantizer != nil]
        let traits = bits.enumerated().reduce(types.firstIndex(of: unit.type) ?? 3) { sum, bit in
            bit.element ? sum | 4 << bit.offset : sum
        }
        return traits | ((unit.temporalLayer ?? -1) + 1) << 6
    }

    private static func steps(_ units: [InspectedUnit], _ interval: Int64) -> [Int] {
        var last = (units.first?.timestamp ?? 0) - interval
        return units.map { unit in
            defer { last = unit.timestamp }
            return Int(unit.timestamp &- last &- interval)
        }
    }

    private static func differences(_ values: [Int]) -> [Int] {
        zip(values, [0] + values).map { $0 - $1 }
    }

    /// 0 represents a missing value, 1 an infinite one, and numbers begin at 2.
    private static func hundredths(_ decibels: Double?) -> Int {
        guard let decibels else { return 0 }
        return decibels.isFinite ? Int((max(0, decibels) * 100).rounded()) + 2 : 1
    }

    private mutating func numbers(of units: [InspectedUnit]) -> [Int] {
        var known: [String: Int] = [:]
        return units.map { unit in
            let words = unit.words
            if let number = known[words] { return number }
            let isRoom = parts.count < Self.partsLimit
            if isRoom || parts.count == Self.partsLimit { parts.append(isRoom ? words : "others") }
            let number = min(parts.count - 1, Self.partsLimit)
            if isRoom { known[words] = number }
            return number
        }
    }

    /// Signs go to the lowest bit.
    private mutating func write(_ name: String, signed values: [Int]) {
        write(name, values.map { $0 < 0 ? -2 &* ($0 &+ 1) &+ 1 : 2 &* $0 })
    }

    private mutating func write(_ name: String, _ values: [Int]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 2)
        for value in values {
            // What a page's numbers cannot hold, no stream has.
            var rest = UInt64(max(0, min(value, 1 << 52)))
            repeat {
                bytes.append(UInt8(rest & 127) | (rest > 127 ? 128 : 0))
                rest >>= 7
            } while rest > 0
        }
        columns[name] = JSON.base64(bytes)
    }
}
