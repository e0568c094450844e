package import VideoTypes

/// A level of HEVC: what a decoder of this level can do (H.265 tables A.8 and A.9).
package struct HEVCLevel: Hashable, Sendable {
    /// The level's number: `1`, `2`, `2.1` and so on.
    package let name: String
    /// `general_level_idc`: thirty times the number.
    package let levelIdc: Int
    /// `MaxLumaPs`: luma samples of a picture.
    package let maxLumaSamples: Int
    /// `MaxLumaSr`: luma samples a second.
    package let maxLumaSamplesPerSecond: Int
    /// `MaxBR` of the Main tier, in units of the profile's factor, bits a second.
    package let maxBitrateMain: Int
    /// `MaxBR` of the High tier; `nil` below level 4, which has none.
    package let maxBitrateHigh: Int?
    /// `MaxCPB` of the Main tier, in units of the profile's factor, bits.
    package let maxCPBMain: Int
    /// `MaxCPB` of the High tier; `nil` below level 4, which has none.
    package let maxCPBHigh: Int?
    /// `MaxSliceSegmentsPerPicture`.
    package let maxSliceSegments: Int
    /// `MaxTileRows`.
    package let maxTileRows: Int
    /// `MaxTileCols`.
    package let maxTileColumns: Int

    private typealias Tiers = (main: Int, high: Int?)

    private init(
        _ name: String,
        _ idc: Int,
        samples: Int,
        rate: Int,
        bitrate: Tiers,
        buffer: Tiers,
        parts: (slices: Int, rows: Int, columns: Int)
    ) {
        (self.name, levelIdc, maxLumaSamples, maxLumaSamplesPerSecond) = (name, idc, samples, rate)
        (maxBitrateMain, maxBitrateHigh) = bitrate
        (maxCPBMain, maxCPBHigh) = buffer
        (maxSliceSegments, maxTileRows, maxTileColumns) = parts
    }

    private static func low(
        _ name: String,
        _ idc: Int,
        _ samples: Int,
        _ rate: Int,
        _ bitrate: Int,
        _ buffer: Int,
        _ parts: (slices: Int, rows: Int, columns: Int)
    ) -> HEVCLevel {
        HEVCLevel(
            name,
            idc,
            samples: samples,
            rate: rate,
            bitrate: (bitrate, nil),
            buffer: (buffer, nil),
            parts: parts
        )
    }

    /// From level 4 on, the bit rate and the buffer are the same number in each tier.
    private static func high(
        _ name: String,
        _ idc: Int,
        _ samples: Int,
        _ rate: Int,
        _ tiers: (Int, Int),
        _ parts: (slices: Int, rows: Int, columns: Int)
    ) -> HEVCLevel {
        HEVCLevel(name, idc, samples: samples, rate: rate, bitrate: tiers, buffer: tiers, parts: parts)
    }

    /// Every level, each one above the one before it.
    package static let all = [
        low("1", 30, 36864, 552_960, 128, 350, (16, 1, 1)),
        low("2", 60, 122_880, 3_686_400, 1500, 1500, (16, 1, 1)),
        low("2.1", 63, 245_760, 7_372_800, 3000, 3000, (20, 1, 1)),
        low("3", 90, 552_960, 16_588_800, 6000, 6000, (30, 2, 2)),
        low("3.1", 93, 983_040, 33_177_600, 10000, 10000, (40, 3, 3)),
        high("4", 120, 2_228_224, 66_846_720, (12000, 30000), (75, 5, 5)),
        high("4.1", 123, 2_228_224, 133_693_440, (20000, 50000), (75, 5, 5)),
        high("5", 150, 8_912_896, 267_386_880, (25000, 100_000), (200, 11, 10)),
        high("5.1", 153, 8_912_896, 534_773_760, (40000, 160_000), (200, 11, 10)),
        high("5.2", 156, 8_912_896, 1_069_547_520, (60000, 240_000), (200, 11, 10)),
        high("6", 180, 35_651_584, 1_069_547_520, (60000, 240_000), (600, 22, 20)),
        high("6.1", 183, 35_651_584, 2_139_095_040, (120_000, 480_000), (600, 22, 20)),
        high("6.2", 186, 35_651_584, 4_278_190_080, (240_000, 800_000), (600, 22, 20)),
    ]
}

extension HEVCLevel {
    /// The level with this `general_level_idc`; `nil` for an unknown level.
    package static func level(idc: Int) -> HEVCLevel? { all.first { $0.levelIdc == idc } }

    /// The highest bit rate in bits a second.
    ///
    /// - Parameters:
    ///   - tier: The tier; where the level has no High tier, the Main tier's.
    ///   - factor: `CpbBrVclFactor` of the profile.
    package func maxBitrate(_ tier: HEVCCodecString.Tier, factor: Int) -> Int {
        (tier == .high ? maxBitrateHigh ?? maxBitrateMain : maxBitrateMain) * factor
    }

    /// The largest coded picture buffer in bits.
    package func maxCPB(_ tier: HEVCCodecString.Tier, factor: Int) -> Int {
        (tier == .high ? maxCPBHigh ?? maxCPBMain : maxCPBMain) * factor
    }

    /// `CpbBrVclFactor` (table A.10) of the format range extensions' profile that has this chroma and depth, and of Main and
    /// Main 10.
    package static func bitrateFactor(chroma: ChromaSubsampling, bitDepth: Int) -> Int {
        switch (chroma, bitDepth) {
        case (.yuv420, ...10): 1000
        case (.yuv420, _): 1500
        case (.yuv422, ...10): 1667
        case (.yuv422, _): 2000
        case (.yuv444, ...8): 2000
        case (.yuv444, ...10): 2500
        case (.yuv444, _): 3000
        }
    }

    /// The longest side of a picture: the root of 8 times `MaxLumaPs`, rounded down (A.4.1 b and c).
    package var maxSide: Int { Int(Double(8 * maxLumaSamples).squareRoot()) }

    /// `MaxDpbSize` (equation A-2) for pictures of this many luma samples: how many the decoded picture buffer holds.
    package func maxDecodedPictures(lumaSamples: Int) -> Int {
        switch lumaSamples {
        case ...(maxLumaSamples / 4): 16
        case ...(maxLumaSamples / 2): 12
        case ...(3 * maxLumaSamples / 4): 8
        default: 6
        }
    }
}
