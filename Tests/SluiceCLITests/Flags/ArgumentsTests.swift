import Sluice
import Testing

@testable import SluiceCLI

@Suite("The values of flags")
struct ArgumentsTests {
    @Test(
        "The values of flags of bit rates have factors of 1000",
        arguments: [
            ("800k", 800_000), ("5M", 5_000_000), ("2.5M", 2_500_000), ("64000", 64_000), ("1G", 1_000_000_000),
        ]
    )
    func bitrates(text: String, bits: Int) { #expect(Bitrate(argument: text)?.bitsPerSecond == bits) }

    @Test(
        "The values of flags of bit rates are numbers of at least 1",
        arguments: ["", "M", "0", "-5", "5X", "0.2", "nan", "inf", " 5"]
    )
    func wrongBitrates(text: String) { #expect(Bitrate(argument: text) == nil) }

    @Test(
        "The values of flags of memory have factors of 1024",
        arguments: [("64M", 64 << 20), ("2G", 2 << 30), ("512k", 512 << 10), ("1.5G", 3 << 29), ("100", 100)]
    )
    func memory(text: String, bytes: Int) { #expect(MemorySize(argument: text)?.bytes == bytes) }

    @Test(
        "The values of flags of waiting are seconds from a thousandth to a million",
        arguments: [
            ("0.001", Duration?.some(.milliseconds(1))), ("90", .seconds(90)), ("0", nil), ("1e7", nil), ("x", nil),
        ]
    )
    func seconds(text: String, duration: Duration?) { #expect(Seconds(argument: text)?.duration == duration) }

    @Test(
        "The values of flags of time limits have units of seconds, minutes and hours",
        arguments: [
            ("90", Duration?.some(.seconds(90))), ("90s", .seconds(90)), ("15m", .seconds(900)), ("2h", .seconds(7200)),
            ("0.5s", .milliseconds(500)), ("0", nil), ("-1s", nil), ("5d", nil), ("", nil),
        ]
    )
    func limits(text: String, duration: Duration?) { #expect(TimeLimit(argument: text)?.duration == duration) }

    @Test("The values of flags of --parallel are auto, or 1 to 128 workers")
    func workers() {
        #expect(Workers(argument: "auto")?.workers == .auto)
        #expect(Workers(argument: "1")?.workers == .count(1))
        #expect(Workers(argument: "128")?.workers == .count(128))
        #expect(["0", "129", "-1", "all", ""].allSatisfy { Workers(argument: $0) == nil })
    }

    @Test("The values of flags of --jobs are auto, or a number of 1 or more")
    func jobs() {
        #expect(JobCount(argument: "auto") == .auto)
        #expect(JobCount(argument: "3") == .atMost(3))
        #expect(["0", "-2", "many"].allSatisfy { JobCount(argument: $0) == nil })
    }

    @Test("The values of flags of --encoder-option are a key and what comes after the first equals sign, or 1")
    func options() {
        #expect(EncoderOption(argument: "aq-mode=2") == EncoderOption(key: "aq-mode", value: "2"))
        #expect(EncoderOption(argument: "zones=0,9,q=20") == EncoderOption(key: "zones", value: "0,9,q=20"))
        #expect(EncoderOption(argument: "open-gop") == EncoderOption(key: "open-gop", value: "1"))
        #expect(EncoderOption(argument: "x=") == EncoderOption(key: "x", value: ""))
        #expect(EncoderOption(argument: "=2") == nil)
    }

    @Test(
        "The values of flags of codecs are their usual names in either case",
        arguments: [
            ("h264", VideoCodec.h264), ("H264", .h264), ("h265", .hevc), ("hevc", .hevc), ("VP9", .vp9), ("av1", .av1),
        ]
    )
    func codecs(text: String, codec: VideoCodec) { #expect(VideoCodec(argument: text) == codec) }

    @Test("The values of flags of colors are six hexadecimal digits, with or without a number sign")
    func colors() {
        #expect(RGBColor(argument: "00FF7f") == RGBColor(red: 0, green: 255, blue: 127))
        #expect(RGBColor(argument: "#102030") == RGBColor(red: 16, green: 32, blue: 48))
        #expect(["", "12345", "1234567", "gg0000"].allSatisfy { RGBColor(argument: $0) == nil })
    }

    @Test("The values of flags of frame rates are whole, decimal or fractions")
    func rates() {
        #expect(FrameRate(argument: "30") == FrameRate(30, 1))
        #expect(FrameRate(argument: "30000/1001") == FrameRate(30000, 1001))
        #expect(FrameRate(argument: "23.976") == FrameRate(24000, 1001))
        #expect(["0", "-5", "x", "1/0", ""].allSatisfy { FrameRate(argument: $0) == nil })
    }

    @Test("The values of flags of sizes are WIDTHxHEIGHT, each side from 1 to 16384")
    func sizes() {
        #expect(PictureSize(argument: "1920x1080") == PictureSize(width: 1920, height: 1080))
        #expect(
            ["1920", "x", "0x2", "-1x2", "2x2x2", "a x b"].allSatisfy { PictureSize(argument: $0)?.isValid != true }
        )
    }

    @Test("The values of flags of chroma locations are left and center")
    func siting() {
        #expect(ChromaSiting(argument: "left")?.location == .left)
        #expect(ChromaSiting(argument: "center")?.location == .center)
    }
}
