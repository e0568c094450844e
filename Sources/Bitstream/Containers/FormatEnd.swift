/// How the units of a format follow each other, and how a complete file of it ends.
protocol FormatUnits: Sendable {
    /// libavformat's name of the format.
    static var format: String { get }
    /// What a file begins with, eight bytes at most.
    static var beginning: [UInt8] { get }
    /// What a unit is called.
    static var unit: String { get }
    /// What the end of a complete file has.
    static var end: String { get }
    /// Each packet is a unit, byte by byte. The default is false.
    static var hasPacketsOfUnits: Bool { get }
    /// What libavformat complains of while it opens such a file is damage. The default is false.
    static var opensIntactFilesSilently: Bool { get }
    /// After the last unit may be a few bytes, fewer than the header of another. The default is false.
    static var allowsRemainder: Bool { get }

    /// Whether a file of the format begins with these bytes. The default compares them with ``beginning``.
    ///
    /// - Parameter bytes: The first eight.
    static func isBeginning(_ bytes: [UInt8]) -> Bool
    /// At the beginning of a file.
    init()
    /// Bytes of the next unit that are looked at first; at least 1.
    var headerLength: Int { get }
    /// The units so far may be all of a file.
    var isComplete: Bool { get }
    /// Bytes that the file has at least, as it stores itself. The default is 0.
    var leastLength: Int { get }
    /// Takes the first bytes of a unit.
    mutating func take(_ header: [UInt8]) -> FormatStep
}

extension FormatUnits {
    static var hasPacketsOfUnits: Bool { false }
    static var opensIntactFilesSilently: Bool { false }
    static var allowsRemainder: Bool { false }
    static func isBeginning(_ bytes: [UInt8]) -> Bool { bytes.starts(with: beginning) }
    var leastLength: Int { 0 }
}

/// What the first bytes of a unit tell.
enum FormatStep {
    /// So many bytes of the unit are to be looked at.
    case more(Int)
    /// The unit has so many bytes.
    case unit(Int)
    /// It is the last one, and anything may follow.
    case end
    /// The format has no such unit.
    case unknown
}

/// Follows the units of a file, as far as its format has a row in the table, to know whether the last one is complete:
/// libavformat takes any end of the bytes for the end of the file.
package struct FormatEnd: Sendable {
    private static let table: [any FormatUnits.Type] = [
        GIFBlocks.self, OggPages.self, DVFrames.self, DiracUnits.self, MXFPackets.self, RIFFChunks.self,
        MovieFileBoxes.self, ASFObjects.self,
    ]

    private enum State { case following, ended, lost }

    private var state = State.following
    private var units: (any FormatUnits)?
    /// Where the current unit begins, and its bytes so far.
    private var (start, header) = (0, [UInt8]())
    /// Bytes of it that are looked at: first those by which the format is known.
    private var wanted = 8
    /// The unit before.
    private var last = (start: 0, length: 0)

    /// Nothing has been read.
    package init() {}

    /// Whether errors of opening a file of a format are damage.
    package static func opensIntactFilesSilently(_ format: String) -> Bool {
        table.contains { $0.format == format && $0.opensIntactFilesSilently }
    }

    /// Takes bytes that were read at a position. Others than those of the next unit's beginning are passed over.
    package mutating func take(_ bytes: RawSpan, at position: Int) {
        let end = position + bytes.byteCount
        while state == .following, case let place = start + header.count, place >= position, place < end {
            // SAFETY: the place is within the bytes.
            header.append(unsafe bytes.unsafeLoad(fromByteOffset: place - position, as: UInt8.self))
            if header.count == wanted { takeHeader() }
        }
    }

    private mutating func takeHeader() {
        if units == nil {
            let type = Self.table.first { $0.isBeginning(header) }
            units = type.map { $0.init() }
            wanted = max(wanted, units?.headerLength ?? 0)
            if header.count < wanted { return }
        }
        switch units?.take(header) {
        case .more(let count) where count > header.count: wanted = count
        case .unit(let length) where length >= header.count && length <= Int.max - start: begin(after: length)
        case .end: state = .ended
        default: state = .lost
        }
    }

    private mutating func begin(after length: Int) {
        last = (start, length)
        start += length
        header.removeAll(keepingCapacity: true)
        wanted = units?.headerLength ?? 1
    }

    /// What is missing at the end of a file; `nil` for a complete one, and where that is not known.
    ///
    /// - Parameters:
    ///   - format: libavformat's name of the format.
    ///   - length: The bytes of the file.
    package func truncation(of format: String, length: Int) -> String? {
        guard let units, type(of: units).format == format, state == .following else { return nil }
        let kind = type(of: units)
        if start > length { return "its last \(kind.unit) has \(length - last.start) of \(last.length) bytes" }
        if length <= units.leastLength { return "it has not the \(kind.end) that it announces" }
        guard start + header.count == length else { return nil }
        if !header.isEmpty, kind.allowsRemainder { return nil }
        if !header.isEmpty { return "its last \(kind.unit) has \(header.count) bytes, fewer than its header" }
        return units.isComplete ? nil : "it ends without \(kind.end)"
    }

    /// Whether a packet is not all in the file.
    ///
    /// - Parameters:
    ///   - format: libavformat's name of the format.
    ///   - end: Where the packet ends.
    ///   - length: The bytes of the file.
    package func isCut(_ format: String, packetEnd end: Int, length: Int) -> Bool {
        guard let units, type(of: units).format == format, type(of: units).hasPacketsOfUnits else { return false }
        return end > length
    }
}
