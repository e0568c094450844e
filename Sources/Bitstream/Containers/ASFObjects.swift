/// The outermost objects of an ASF file (Advanced Systems Format 2.2), one of which has all packets.
struct ASFObjects: FormatUnits {
    static let format = "asf"
    static let beginning: [UInt8] = [0x30, 0x26, 0xB2, 0x75]
    static let unit = "object"
    static let end = "a whole object"
    static let allowsRemainder = true

    /// An object of packets without any: live streams leave its size so.
    private static let empty: UInt64 = 50

    private var isFirst = true

    init() {}

    var headerLength: Int { 24 }
    var isComplete: Bool { true }

    mutating func take(_ header: [UInt8]) -> FormatStep {
        let size = header[16..<24].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        defer { isFirst = false }
        guard isFirst || size > Self.empty, size >= 24, size < UInt64(Int.max / 2) else { return .unknown }
        return .unit(Int(size))
    }
}
