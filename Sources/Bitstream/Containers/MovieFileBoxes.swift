/// The outermost boxes of an MP4 or QuickTime file (ISO/IEC 14496-12 4.2), of which a fragmented one has many.
struct MovieFileBoxes: FormatUnits {
    static let format = "mov,mp4,m4a,3gp,3g2,mj2"
    static let beginning: [UInt8] = []
    static let unit = "box"
    static let end = "a whole box"

    private static let beginnings = ["ftyp", "styp", "moov", "wide"]

    static func isBeginning(_ bytes: [UInt8]) -> Bool {
        beginnings.contains { bytes[4..<8].elementsEqual($0.utf8) }
    }

    init() {}

    var headerLength: Int { 8 }
    var isComplete: Bool { true }

    mutating func take(_ header: [UInt8]) -> FormatStep {
        let size = Self.number(header[0..<4])
        // It reaches to the end.
        guard size != 0 else { return .end }
        guard size == 1 else { return size < 8 ? .unknown : .unit(Int(size)) }
        guard header.count == 16 else { return .more(16) }
        let long = Self.number(header[8..<16])
        return long < 16 || long > UInt64(Int.max / 2) ? .unknown : .unit(Int(long))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
