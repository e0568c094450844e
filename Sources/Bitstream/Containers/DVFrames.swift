/// The frames of a raw DV stream (IEC 61834, SMPTE 314M and 370M), each of a size that its first blocks tell.
struct DVFrames: FormatUnits {
    static let format = "dv"
    static let beginning: [UInt8] = [0x1F, 0x07, 0x00]
    static let unit = "frame"
    static let end = "a frame"
    static let hasPacketsOfUnits = true

    init() {}

    /// The fourth byte of the source pack of the first video auxiliary block, 48 bytes into the sixth block, is the last that matters.
    var headerLength: Int { 5 * 80 + 48 + 4 }
    var isComplete: Bool { true }

    mutating func take(_ header: [UInt8]) -> FormatStep {
        guard header.starts(with: Self.beginning) else { return .unknown }
        let sequence = header[3] & 0x80 == 0 ? 120_000 : 144_000
        switch header[headerLength - 1] & 0x1F {
        case 0x00, 0x01: return .unit(sequence)
        case 0x04, 0x18: return .unit(2 * sequence)
        case 0x14: return .unit(4 * sequence)
        default: return .unknown
        }
    }
}
