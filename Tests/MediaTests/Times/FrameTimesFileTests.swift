import Testing
import VideoTypes

@testable import Media

@Suite("A list of frame times")
struct FrameTimesFileTests {
    private func times(_ text: String) throws -> FrameTimes {
        try FrameTimesFile.parse(Array(text.utf8), name: "times")
    }

    @Test("A list of frame times may have a byte order mark, comments, empty lines and other line ends")
    func forms() throws {
        let text = "\u{FEFF}# TimeCode Format V2\r\n# a comment\r\n0\r\n\r\n  16.7\t\r\n33.3666666667\r\n"
        #expect(try times(text).timestamps == [0, 16_700, 33_367])
        #expect(try times("{\"timestamp\":5}\n\n{\"timestamp\":6,\"duration\":9}").timestamps == [5, 6])
        #expect(try times("{\"timestamp\":5}\n{\"timestamp\":6,\"duration\":9}").durations == [1: 9])
    }

    @Test(
        "A list of frame times that are not whole microseconds is counted in a unit that all of them have",
        arguments: [
            (["0", "33.3", "73.367"], 1_000_000), (["0", "33.366667", "100.1"], 30_000),
            (["0", "41.708333", "83.416667"], 24_000), (["0", "11.1111", "22.2222"], 90_000),
            (["0", "33.3666", "66.7333"], 30_000), (["0", "33.1234567", "70.7654321"], 1_000_000),
        ]
    )
    func unit(lines: [String], unit: Int) throws {
        #expect(try times("# timestamp format v2\n" + lines.joined(separator: "\n")).ticksPerSecond == unit)
    }

    @Test("A list of frame times has at most 285 years")
    func bounds() throws {
        #expect(try times("# timestamp format v2\n0\n9007199254739.999999").timestamps.last == 9_007_199_254_740_000)
        #expect(throws: (any Error).self) { try times("# timestamp format v2\n0\n9007199254741") }
    }
}
