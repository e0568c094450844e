/// The outermost chunks of an AVI file, of which long ones have several (OpenDML 1.02).
struct RIFFChunks: FormatUnits {
    static let format = "avi"
    static let beginning = Array("RIFF".utf8)
    static let unit = "RIFF chunk"
    static let end = "a whole chunk"
    static let allowsRemainder = true

    init() {}

    var headerLength: Int { 8 }
    var isComplete: Bool { true }

    mutating func take(_ header: [UInt8]) -> FormatStep {
        // What follows may be anything.
        guard header.starts(with: Self.beginning) else { return .end }
        let size = header[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        // A writer that cannot go back leaves the size out.
        guard size > 0, size < 0xFFFF_FFFF else { return .unknown }
        return .unit(8 + size + size % 2)
    }
}
