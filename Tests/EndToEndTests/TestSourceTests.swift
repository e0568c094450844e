import Foundation
import Testing

@Suite("sluice testsrc")
struct TestSourceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("sluice testsrc has the frame's number in its pixels, in every format", .mustEnd, arguments: RawFormat.all)
    func pixels(format: RawFormat) throws {
        let raw = "-f rawvideo -pix_fmt \(format.ffmpeg) -s 128x72 -i -"
        let lastTwo = 2 * 128 * 72 / 16 * format.bytesOf16Pixels
        let source = "sluice testsrc -s 128x72 -p \(format.name) --frames 300 | tail -c \(lastTwo)"
        let gray = try folder.succeed("\(source) | ffmpeg -v error \(raw) -f rawvideo -pix_fmt gray -").output
        let numbers = (0..<2).map { TestPicture.number(inLuma: Array(gray), frame: $0, width: 128, height: 72) }
        #expect(numbers == [298, 299])
    }

    @Test("sluice testsrc has the number after encoding too", .mustEnd, arguments: RawFormat.all)
    func encoded(format: RawFormat) throws {
        let source = "sluice testsrc -s 128x72 -p \(format.name) --frames 40"
        try folder.succeed("\(source) | sluice -s 128x72 -r 30 -p \(format.name) --crf 30 -o out.h264")
        let gray = try folder.decode("out.h264", "gray")
        let numbers = (0..<40).map { TestPicture.number(inLuma: gray, frame: $0, width: 128, height: 72) }
        #expect(numbers == Array(0..<40))
    }

    @Test("sluice testsrc writes Y4M that ffmpeg reads", .mustEnd, arguments: ["i420", "i422", "i444"])
    func y4m(format: String) throws {
        try folder.succeed("sluice testsrc -s 33x17 -r 24000/1001 -p \(format) --format y4m --frames 4 -o out.y4m")
        #expect(try folder.frameCount("out.y4m") == 4)
        #expect(try folder.probe("out.y4m", "width,height,r_frame_rate") == "33,17,24000/1001")
    }

    @Test("sluice testsrc exits with 74 when its disk is full, and with 73 when its output exists", .mustEnd)
    func failures() throws {
        try folder.fail("sluice testsrc -o /dev/full", status: 74, saying: "No space left on device")
        try folder.fail("touch a; sluice testsrc --frames 1 -o a", status: 73, saying: "a exists")
        try folder.fail("sluice testsrc -p rgba --format y4m -o b", status: 64, saying: "Y4M does not support rgba")
        #expect(folder.names == ["a"])
    }

    @Test("sluice testsrc ends when its reader does", .mustEnd)
    func reader() throws {
        let outcome = try folder.run("sluice testsrc --frames 1000000 | head -c 100 > /dev/null; echo ${PIPESTATUS[0]}")
        #expect(["74", "141"].contains(outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)), "\(outcome)")
    }
}
