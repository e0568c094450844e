import Testing
import VideoTypes

@testable import Bitstream

@Suite("The needs of a stream and the limits of levels, in every codec")
struct LevelNeedsTests {
    private let picture = PictureSize(width: 1280, height: 720)
    private let string = VP9CodecString(profile: 0, level: 30, bitDepth: 8)

    @Test("720p at 30 frames a second needs the level that each standard's table gives it")
    func lowestLevels() {
        #expect(AVCLevelNeeds(size: picture, framerate: 30, profileIdc: 100).lowestLevel?.name == "3.1")
        #expect(HEVCLevelNeeds(size: picture, framerate: 30, tier: .main).lowestLevel?.name == "3.1")
        #expect(VP9LevelNeeds(size: picture, framerate: 30).lowestLevel?.name == "3.1")
        #expect(AV1LevelNeeds(size: picture, framerate: 30).lowestLevel?.name == "3.1")
    }

    @Test("A property exactly at a level's limit does not exceed it, and one more does")
    func exactLimit() throws {
        let level = try #require(VP9Level(number: 30))
        var needs = VP9LevelNeeds(size: PictureSize(width: 768, height: 720), bitrate: level.maxBitrate)
        #expect(needs.excess(over: level) == nil)
        needs.bitrate = level.maxBitrate + 1
        #expect(needs.excess(over: level)?.property == "bits a second")
    }

    @Test("A fractional frame rate is rounded up for the limits of levels")
    func fractionalRate() throws {
        let film = try #require(FrameRate(24000, 1001))
        #expect(film.perSecond(1000) == 23_977)
        #expect(FrameRate(25).perSecond(1000) == 25_000)
    }

    @Test("A level that a tier does not have is not chosen for it")
    func tiers() {
        let small = PictureSize(width: 64, height: 64)
        #expect(HEVCLevelNeeds(size: small, tier: .high).lowestLevel?.name == "4")
        #expect(AV1LevelNeeds(size: small, tier: .high).lowestLevel?.name == "4.0")
        #expect(HEVCLevelNeeds(size: small, tier: .main).lowestLevel?.name == "1")
    }

    @Test("Unknown or unbounded properties of a stream exceed no level")
    func unknown() {
        let needs = AVCLevelNeeds(size: PictureSize(width: 16, height: 16), profileIdc: 100)
        #expect(needs.limits(of: AVCLevel.all[0]).filter(\.isExceeded).isEmpty)
    }

    @Test("A refusal by a level names the setting, the codec string, the limit, the value and the level to use")
    func refusal() throws {
        let level = try #require(VP9Level(number: 30))
        let error = #expect(throws: EncoderConfigError.self) {
            try VP9LevelNeeds(size: picture).check(level, of: string)
        }
        #expect(
            error.map { "\($0)" }
                == "size 1280x720 exceeds \(string) (level 3.0 allows 552960 luma samples of a picture,"
                + " this has 921600; use level 3.1)"
        )
    }

    @Test("A refusal by a level reports if no level allows the stream")
    func noLevel() throws {
        let needs = VP9LevelNeeds(size: PictureSize(width: 16384, height: 16384))
        #expect(needs.lowestLevel == nil)
        #expect("\(needs.refusal(by: .vp9))".hasPrefix("no level of VP9 allows size 16384x16384: level 6.2 allows"))
        let level = try #require(VP9Level(number: 30))
        let error = #expect(throws: EncoderConfigError.self) { try needs.check(level, of: string) }
        #expect(error.map { "\($0)" }?.hasSuffix("no level allows it)") == true)
    }

    @Test("The first of several rates that some level allows decides the level")
    func firstRate() {
        let needs = VP9LevelNeeds(size: PictureSize(width: 8192, height: 4352))
        #expect(needs.lowestLevel(atFirstOf: [FrameRate(10_000), FrameRate(30)])?.name == "6.0")
    }
}

@Suite("Frames of a variable rate against a level's rate")
struct LevelRateWatchTests {
    /// 25 frames a second.
    private func watch() throws -> LevelRateWatch {
        let string = try #require(AVCCodecString("avc1.64001E"))
        return LevelRateWatch(try #require(LevelRate(.avc(string), PictureSize(width: 720, height: 576))))
    }

    @Test("A second with as many intervals as a level allows is accepted, and one more is refused")
    func seconds() throws {
        var even = try watch()
        for number in 0..<100 { try even.take(Int64(number) * 40_000) }
        var dense = try watch()
        #expect(throws: EncoderConfigError.self) {
            for number in 0..<100 { try dense.take(Int64(number) * 38_000) }
        }
    }

    @Test("A codec string without a level has no limit of the rate")
    func none() {
        #expect(LevelRate(.vp8, PictureSize(width: 64, height: 64)) == nil)
        #expect(LevelRate(.lowest(.h264), PictureSize(width: 64, height: 64)) == nil)
    }
}
