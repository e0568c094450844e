/// The KLV packets of an MXF file (SMPTE ST 377-1, 6.3 and 7), which has a footer partition unless its header is closed without.
struct MXFPackets: FormatUnits {
    static let format = "mxf"
    static let beginning: [UInt8] = [0x06, 0x0E, 0x2B, 0x34]
    static let unit = "KLV packet"
    static let end = "footer partition"

    /// The key of a partition pack, up to its kind.
    private static let partition: [UInt8] = beginning + [2, 5, 1, 1, 0x0D, 1, 2, 1, 1]
    private static let keyLength = 16

    /// Where the footer is, by the header.
    private(set) var leastLength = 0
    private var (needsFooter, hasFooter) = (false, false)

    init() {}

    var headerLength: Int { Self.keyLength + 1 }
    var isComplete: Bool { hasFooter || !needsFooter }

    mutating func take(_ header: [UInt8]) -> FormatStep {
        guard header.starts(with: Self.beginning) else { return .unknown }
        let first = Int(header[Self.keyLength])
        let start = headerLength + (first < 0x80 ? 0 : first & 0x7F)
        guard start <= headerLength + 8 else { return .unknown }
        guard header.count >= start else { return .more(start) }
        let length = first < 0x80 ? UInt64(first) : Self.number(header[headerLength..<start])
        guard length < UInt64(Int.max / 2) else { return .unknown }
        if header.starts(with: Self.partition), length >= 32 {
            guard header.count >= start + 32 else { return .more(start + 32) }
            note(kind: header[13], status: header[14], footer: Self.number(header[start + 24..<start + 32]))
        }
        return .unit(start + Int(length))
    }

    private mutating func note(kind: UInt8, status: UInt8, footer: UInt64) {
        switch kind {
        case 2:
            leastLength = Int(clamping: footer)
            // What is open is closed by another partition.
            needsFooter = footer > 0 || status % 2 == 1
        case 4: hasFooter = true
        default: break
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
