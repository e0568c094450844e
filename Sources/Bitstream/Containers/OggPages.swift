/// The pages of an Ogg file (RFC 3533, 6); the last one of each stream says that it is.
struct OggPages: FormatUnits {
    static let format = "ogg"
    static let beginning = Array("OggS".utf8)
    static let unit = "page"
    static let end = "the last page of each stream"
    static let opensIntactFilesSilently = true

    private static let (headerLength, most) = (27, 1000)

    /// The numbers of the streams that go on.
    private var open: Set<[UInt8]> = []

    init() {}

    var headerLength: Int { Self.headerLength }
    var isComplete: Bool { open.isEmpty }

    mutating func take(_ header: [UInt8]) -> FormatStep {
        guard header.starts(with: Self.beginning), open.count < Self.most else { return .unknown }
        let length = Self.headerLength + Int(header[26])
        guard header.count == length else { return .more(length) }
        let serial = Array(header[14..<18])
        if header[5] & 4 != 0 { open.remove(serial) } else { open.insert(serial) }
        return .unit(header[Self.headerLength...].reduce(length) { $0 + Int($1) })
    }
}
