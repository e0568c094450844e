/// A level of VP9: what a decoder of this level can do (the WebM project's "VP9 Levels and Decoder Testing").
package struct VP9Level: Hashable, Sendable {
    /// Ten times the level's number, as codec strings have it: 31 for level 3.1.
    package let number: Int
    /// Luma samples a second of all coded frames.
    package let maxLumaSampleRate: Int
    /// Luma samples of a frame.
    package let maxLumaPictureSize: Int
    /// The longest side of a frame in luma samples.
    package let maxSide: Int
    /// Bits a second, on average.
    package let maxBitrate: Int
    /// Bits of the coded picture buffer. From level 5.2 on they are tentative.
    package let maxCPB: Int
    /// Raw bits for a coded bit, at least.
    package let minCompressionRatio: Int
    /// Tile columns of a frame.
    package let maxTileColumns: Int
    /// Frames between hidden frames, at least.
    package let minAltRefDistance: Int
    /// Frames that are kept as references.
    package let maxReferenceFrames: Int

    /// A row of the table, with kilobits where the table has them.
    private init(
        _ number: Int,
        _ rate: Int,
        _ size: Int,
        _ side: Int,
        _ kilobits: (rate: Int, buffer: Int),
        _ others: (ratio: Int, tiles: Int, distance: Int, references: Int)
    ) {
        (self.number, maxLumaSampleRate, maxLumaPictureSize, maxSide) = (number, rate, size, side)
        (maxBitrate, maxCPB) = (kilobits.rate * 1000, kilobits.buffer * 1000)
        (minCompressionRatio, maxTileColumns) = (others.ratio, others.tiles)
        (minAltRefDistance, maxReferenceFrames) = (others.distance, others.references)
    }

    /// Every level, each one above the one before it.
    package static let all = [
        VP9Level(10, 829_440, 36864, 512, (200, 400), (2, 1, 4, 8)),
        VP9Level(11, 2_764_800, 73728, 768, (800, 1000), (2, 1, 4, 8)),
        VP9Level(20, 4_608_000, 122_880, 960, (1800, 1500), (2, 1, 4, 8)),
        VP9Level(21, 9_216_000, 245_760, 1344, (3600, 2800), (2, 2, 4, 8)),
        VP9Level(30, 20_736_000, 552_960, 2048, (7200, 6000), (2, 4, 4, 8)),
        VP9Level(31, 36_864_000, 983_040, 2752, (12000, 10000), (2, 4, 4, 8)),
        VP9Level(40, 83_558_400, 2_228_224, 4160, (18000, 16000), (4, 4, 4, 8)),
        VP9Level(41, 160_432_128, 2_228_224, 4160, (30000, 18000), (4, 4, 5, 6)),
        VP9Level(50, 311_951_360, 8_912_896, 8384, (60000, 36000), (6, 8, 6, 4)),
        VP9Level(51, 588_251_136, 8_912_896, 8384, (120_000, 46000), (8, 8, 10, 4)),
        VP9Level(52, 1_176_502_272, 8_912_896, 8384, (180_000, 90000), (8, 8, 10, 4)),
        VP9Level(60, 1_176_502_272, 35_651_584, 16832, (180_000, 90000), (8, 16, 10, 4)),
        VP9Level(61, 2_353_004_544, 35_651_584, 16832, (240_000, 180_000), (8, 16, 10, 4)),
        VP9Level(62, 4_706_009_088, 35_651_584, 16832, (480_000, 360_000), (8, 16, 10, 4)),
    ]

    /// The level with ten times this number; `nil` for an unknown level.
    package init?(number: Int) {
        guard let level = Self.all.first(where: { $0.number == number }) else { return nil }
        self = level
    }

    /// The level's number: `3.1`.
    package var name: String { "\(number / 10).\(number % 10)" }
}
