/// The data units of a Dirac or VC-2 stream (SMPTE ST 2042-1, 10.5), which ends with the end of a sequence.
struct DiracUnits: FormatUnits {
    static let format = "dirac"
    static let beginning = Array("BBCD".utf8)
    static let unit = "data unit"
    static let end = "the end of its sequence"

    private static let endOfSequence: UInt8 = 0x10

    private(set) var isComplete = false

    init() {}

    var headerLength: Int { 13 }

    mutating func take(_ header: [UInt8]) -> FormatStep {
        guard header.starts(with: Self.beginning) else { return .unknown }
        isComplete = header[4] == Self.endOfSequence
        guard !isComplete else { return .unit(headerLength) }
        // Zero says nothing.
        let length = header[5..<9].reduce(0) { $0 << 8 | Int($1) }
        return length == 0 ? .unknown : .unit(length)
    }
}
