/// Follows the tile groups of each frame (AV1 5.11.1), which have to cover its tiles one after the other: a decoder may drop a
/// frame that lacks some, without an error.
struct AV1TileCoverage: Sendable {
    /// The tiles of the frame that is being read; `nil` if it has none of its own, or if their number is unknown.
    private var tiles: AV1FrameHeader.Tiles?
    /// The tile that comes next; `nil` where that is not known.
    private var next: Int?

    /// A frame begins; throws if the one before lacks tiles.
    mutating func begin(_ header: AV1FrameHeader, in obu: OBU) throws(BitstreamError) {
        try finish()
        tiles = header.showsExisting ? nil : header.tiles
        // In a frame OBU, the first tile group is after parts of the header that are not read.
        next = obu.type == .frame ? nil : 0
    }

    /// Takes a tile group OBU; throws if it is not the next.
    mutating func take(_ obu: OBU) throws(BitstreamError) {
        guard let tiles else { return }
        var reader = BitReader(obu.payload)
        let count = tiles.columns * tiles.rows
        var group = 0...count - 1
        if count > 1, try reader.flag("tile_start_and_end_present_flag") {
            let start = try reader.bits(tiles.numberBits, "tg_start")
            let end = try reader.bits(tiles.numberBits, "tg_end")
            guard start <= end, end < count else { throw .outOfRange("tg_end", end, in: start...count - 1, at: 1) }
            group = start...end
        }
        if let next, group.lowerBound != next {
            let what = "a tile group begins with tile \(group.lowerBound)"
            throw BitstreamError(.invalid, what, at: .bit(0), expected: "tile \(next)")
        }
        next = group.upperBound + 1
    }

    /// The frame has ended; throws if it lacks tiles.
    mutating func finish() throws(BitstreamError) {
        defer { (tiles, next) = (nil, nil) }
        guard let tiles, let next, next < tiles.columns * tiles.rows else { return }
        let what = "a frame ends before its tile \(next)"
        throw BitstreamError(.truncated, what, at: .bit(0), expected: "\(tiles.columns * tiles.rows) tiles")
    }
}
