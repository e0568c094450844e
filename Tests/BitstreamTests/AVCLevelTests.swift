import Bitstream
import TestSupport
import Testing
import VideoTypes

@Suite("Levels of H.264")
struct AVCLevelTests {
    @Test(
        "Levels of H.264 are found by the three bytes that x264 writes for their names",
        arguments: AVCLevel.all,
        [66, 77, 100]
    )
    func x264Names(level: AVCLevel, profile: UInt8) throws {
        let name = level.name.hasSuffix(".0") ? String(level.name.dropLast(2)) : level.name
        let profileName = [66: "baseline", 77: "main --bframes 1", 100: "high --8x8dct"][profile] ?? ""
        let options = "--profile \(profileName) --level \(name)"
        let stream = try TestStream(.init(options + " --preset veryfast", size: "128x96"))
        let sps = try SequenceParameterSet(parsing: stream.first(.sequenceParameterSet))
        #expect(AVCLevel.level(of: sps.codecString) == level)
        #expect(level.levelIdc(inProfile: sps.profileIdc) == sps.levelIdc)
        #expect(level.needsConstraintSet3(inProfile: sps.profileIdc) == sps.codecString.hasConstraint(3))
    }

    @Test(
        "Levels of H.264 are the lowest that FFmpeg's guess allows",
        arguments: [
            ("128x96", "10"), ("352x288", "13"), ("720x480", "30"), ("1280x720", "31"), ("1920x1080", "40"),
            ("3840x2160", "51"),
        ]
    )
    func guess(size: String, expected: String) throws {
        let picture = try #require(PictureSize(size))
        let (width, height) = ((picture.width + 15) / 16, (picture.height + 15) / 16)
        let lowest = AVCLevel.all.first { level in
            level.allowsFrame(widthInMacroblocks: width, heightInMacroblocks: height)
                && level.maxMacroblocksPerSecond >= width * height * 25
                && level.maxDpbFrames(widthInMacroblocks: width, heightInMacroblocks: height) >= 3
        }
        let stream = try TestStream(.init("--preset ultrafast --qp 51 --ref 3 --bframes 0", size: size))
        let metadata = ["-c", "copy", "-bsf:v", "h264_metadata=level=auto", "b.h264"]
        try stream.folder.run("ffmpeg", ["-v", "error", "-i", "a.h264"] + metadata)
        #expect(try stream.probe("level", of: "b.h264") == expected)
        #expect(lowest.map { "\($0.levelIdc)" } == expected)
    }

    @Test("Level 1b of H.264 is level_idc 9 in the High profiles and 11 with a flag in the older ones")
    func level1b() {
        #expect(AVCLevel.level(levelIdc: 9, profileIdc: 100, constraints: 0)?.name == "1b")
        #expect(AVCLevel.level(levelIdc: 11, profileIdc: 66, constraints: 0x10)?.name == "1b")
        #expect(AVCLevel.level(levelIdc: 11, profileIdc: 66, constraints: 0xE0)?.name == "1.1")
        #expect(AVCLevel.level(levelIdc: 11, profileIdc: 110, constraints: 0x10)?.name == "1.1")
        #expect(AVCLevel.level(levelIdc: 9, profileIdc: 66, constraints: 0) == nil)
        #expect(AVCLevel.level(levelIdc: 43, profileIdc: 100, constraints: 0) == nil)
    }

    @Test("Levels of H.264 bound the decoded picture buffer, the longest side and the bit rate")
    func bounds() throws {
        let level = try #require(AVCLevel.level(levelIdc: 40, profileIdc: 100, constraints: 0))
        #expect(level.maxDpbFrames(widthInMacroblocks: 120, heightInMacroblocks: 68) == 4)
        #expect(level.maxDpbFrames(widthInMacroblocks: 8, heightInMacroblocks: 8) == 16)
        #expect(level.maxDpbFrames(widthInMacroblocks: .max, heightInMacroblocks: .max) == 0)
        #expect(level.maxDpbFrames(widthInMacroblocks: 0, heightInMacroblocks: -1) == 0)
        #expect(level.maxSideInMacroblocks == 256)
        #expect(!level.allowsFrame(widthInMacroblocks: 257, heightInMacroblocks: 1))
        #expect(level.maxBitrate(profileIdc: 77) == 20_000_000)
        #expect(level.maxBitrate(profileIdc: 100) == 25_000_000)
        #expect(level.maxCPB(profileIdc: 110) == 75_000_000)
        #expect(level.maxCPB(profileIdc: 244) == 100_000_000)
        #expect([66, 77, 100, 110, 122].map(AVCLevel.cpbBrNalFactor) == [1200, 1200, 1500, 3600, 4800])
    }
}
