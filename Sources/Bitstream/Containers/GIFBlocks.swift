/// The blocks of a GIF (GIF89a, 17 to 27), which ends with a trailer.
struct GIFBlocks: FormatUnits {
    static let format = "gif"
    static let beginning = Array("GIF8".utf8)
    static let unit = "block"
    static let end = "a trailer"

    private enum Next { case screen, block, part }

    private var next = Next.screen

    init() {}

    var headerLength: Int { next == .screen ? 13 : 1 }
    // The trailer ends a file.
    var isComplete: Bool { false }

    mutating func take(_ header: [UInt8]) -> FormatStep {
        switch next {
        case .screen:
            next = .block
            return .unit(13 + Self.tableLength(header[10]))
        case .block: return block(header)
        case .part:
            if header[0] == 0 { next = .block }
            return .unit(1 + Int(header[0]))
        }
    }

    private mutating func block(_ header: [UInt8]) -> FormatStep {
        switch header[0] {
        case 0x3B: return .end
        case 0x21:
            guard header.count == 2 else { return .more(2) }
            next = .part
            return .unit(2)
        case 0x2C:
            guard header.count == 10 else { return .more(10) }
            next = .part
            // After the colors comes the length of the first code.
            return .unit(10 + Self.tableLength(header[9]) + 1)
        default: return .unknown
        }
    }

    /// Bytes of a table of colors.
    private static func tableLength(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }
}
