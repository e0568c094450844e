package import VideoTypes

/// A level of AV1: what a decoder of this level can do (AV1 A.3).
package struct AV1Level: Hashable, Sendable {
    /// `seq_level_idx`.
    package let index: Int
    /// `MaxPicSize`: luma samples of a frame.
    package let maxPictureSize: Int
    /// `MaxHSize`: luma samples in a row.
    package let maxWidth: Int
    /// `MaxVSize`: rows.
    package let maxHeight: Int
    /// `MaxDisplayRate`: luma samples a second that are shown.
    package let maxDisplayRate: Int
    /// `MaxDecodeRate`: luma samples a second that are decoded.
    package let maxDecodeRate: Int
    /// `MaxHeaderRate`: frame headers a second.
    package let maxHeaderRate: Int
    /// `MainMbps` in bits a second.
    package let mainBitrate: Int
    /// `HighMbps` in bits a second; `nil` for a level without a high tier.
    package let highBitrate: Int?
    /// `MaxTiles`: tiles of a frame.
    package let maxTiles: Int
    /// `MaxTileCols`: tile columns of a frame.
    package let maxTileColumns: Int

    /// The level's number, such as `4.1`.
    package var name: String { "\(2 + index >> 2).\(index & 3)" }

    /// The highest bit rate in bits a second; a decoder's buffer holds one second of it (AV1 annex E).
    package func maxBitrate(_ tier: AV1CodecString.Tier) -> Int { tier == .high ? highBitrate ?? 0 : mainBitrate }

    /// The level with this `seq_level_idx`; `nil` for those that AV1 has left undefined and for 31, which has no bounds.
    package static func level(index: Int) -> AV1Level? { all.first { $0.index == index } }

    /// `seq_level_idx` of a stream that keeps to no level.
    package static let unbounded = 31

    private init(
        _ index: Int,
        picture: (size: Int, width: Int, height: Int),
        display: Int,
        decode: Int,
        headers: Int,
        kilobits: (main: Int, high: Int?),
        tiles: (all: Int, columns: Int)
    ) {
        (self.index, maxPictureSize, maxWidth, maxHeight) = (index, picture.size, picture.width, picture.height)
        (maxDisplayRate, maxDecodeRate, maxHeaderRate) = (display, decode, headers)
        (mainBitrate, highBitrate) = (kilobits.main * 1000, kilobits.high.map { $0 * 1000 })
        (maxTiles, maxTileColumns) = tiles
    }

    private init(level5 index: Int, display: Int, decode: Int, kilobits: (main: Int, high: Int?)) {
        let picture = (8_912_896, 8192, 4352)
        self.init(
            index,
            picture: picture,
            display: display,
            decode: decode,
            headers: 300,
            kilobits: kilobits,
            tiles: (64, 8)
        )
    }

    private init(level6 index: Int, display: Int, decode: Int, kilobits: (main: Int, high: Int?)) {
        let picture = (35_651_584, 16384, 8704)
        self.init(
            index,
            picture: picture,
            display: display,
            decode: decode,
            headers: 300,
            kilobits: kilobits,
            tiles: (128, 16)
        )
    }

    /// Every level that has bounds, each one above the one before it.
    package static let all = [
        AV1Level(
            0,
            picture: (147_456, 2048, 1152),
            display: 4_423_680,
            decode: 5_529_600,
            headers: 150,
            kilobits: (1500, nil),
            tiles: (8, 4)
        ),
        AV1Level(
            1,
            picture: (278_784, 2816, 1584),
            display: 8_363_520,
            decode: 10_454_400,
            headers: 150,
            kilobits: (3000, nil),
            tiles: (8, 4)
        ),
        AV1Level(
            4,
            picture: (665_856, 4352, 2448),
            display: 19_975_680,
            decode: 24_969_600,
            headers: 150,
            kilobits: (6000, nil),
            tiles: (16, 6)
        ),
        AV1Level(
            5,
            picture: (1_065_024, 5504, 3096),
            display: 31_950_720,
            decode: 39_938_400,
            headers: 150,
            kilobits: (10000, nil),
            tiles: (16, 6)
        ),
        AV1Level(
            8,
            picture: (2_359_296, 6144, 3456),
            display: 70_778_880,
            decode: 77_856_768,
            headers: 300,
            kilobits: (12000, 30000),
            tiles: (32, 8)
        ),
        AV1Level(
            9,
            picture: (2_359_296, 6144, 3456),
            display: 141_557_760,
            decode: 155_713_536,
            headers: 300,
            kilobits: (20000, 50000),
            tiles: (32, 8)
        ),
        AV1Level(level5: 12, display: 267_386_880, decode: 273_715_200, kilobits: (30000, 100_000)),
        AV1Level(level5: 13, display: 534_773_760, decode: 547_430_400, kilobits: (40000, 160_000)),
        AV1Level(level5: 14, display: 1_069_547_520, decode: 1_094_860_800, kilobits: (60000, 240_000)),
        AV1Level(level5: 15, display: 1_069_547_520, decode: 1_176_502_272, kilobits: (60000, 240_000)),
        AV1Level(level6: 16, display: 1_069_547_520, decode: 1_176_502_272, kilobits: (60000, 240_000)),
        AV1Level(level6: 17, display: 2_139_095_040, decode: 2_189_721_600, kilobits: (100_000, 480_000)),
        AV1Level(level6: 18, display: 4_278_190_080, decode: 4_379_443_200, kilobits: (160_000, 800_000)),
        AV1Level(level6: 19, display: 4_278_190_080, decode: 4_706_009_088, kilobits: (160_000, 800_000)),
    ]
}
