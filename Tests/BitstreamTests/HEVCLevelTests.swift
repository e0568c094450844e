import Bitstream
import Testing
import VideoTypes

@Suite("Levels of HEVC")
struct HEVCLevelTests {
    @Test("Levels of HEVC grow from each one to the next")
    func grow() {
        for (low, high) in zip(HEVCLevel.all, HEVCLevel.all.dropFirst()) {
            #expect(low.levelIdc < high.levelIdc)
            #expect(low.maxLumaSamples <= high.maxLumaSamples)
            #expect(low.maxLumaSamplesPerSecond <= high.maxLumaSamplesPerSecond)
            #expect(low.maxBitrateMain <= high.maxBitrateMain)
        }
    }

    @Test(
        "Levels of HEVC have the numbers of tables A.8 and A.9",
        arguments: [
            (93, "3.1", 983_040, 33_177_600, 10_000_000, 10_000_000),
            (120, "4", 2_228_224, 66_846_720, 12_000_000, 30_000_000),
            (153, "5.1", 8_912_896, 534_773_760, 40_000_000, 160_000_000),
        ]
    )
    func table(idc: Int, name: String, samples: Int, rate: Int, main: Int, high: Int) throws {
        let level = try #require(HEVCLevel.level(idc: idc))
        #expect(level.name == name && level.maxLumaSamples == samples && level.maxLumaSamplesPerSecond == rate)
        #expect(level.maxBitrate(.main, factor: 1000) == main && level.maxBitrate(.high, factor: 1000) == high)
    }

    @Test("Levels of HEVC hold 6 pictures of the largest size, and up to 16 of smaller ones (A-2)")
    func decodedPictures() throws {
        let level = try #require(HEVCLevel.level(idc: 120))
        #expect(level.maxDecodedPictures(lumaSamples: 1920 * 1088) == 6)
        #expect(level.maxDecodedPictures(lumaSamples: 2_228_224 * 3 / 4) == 8)
        #expect(level.maxDecodedPictures(lumaSamples: 1280 * 720) == 12)
        #expect(level.maxDecodedPictures(lumaSamples: 640 * 360) == 16)
    }
}
