import Containers
import Jobs
import Testing

@Suite("A list of chapters")
struct ChapterFileTests {
    private func read(_ text: String) throws -> [Chapter] { try ChapterFile.parse(Array(text.utf8), name: "c") }

    @Test("Lines of times and titles are chapters, by microseconds")
    func lines() throws {
        let text = "\u{FEFF}# comment\r\n00:00 One\r\n\r\n1:02.5\tTwo words \r\n01:00:00.123456789 Drei é\n"
        #expect(
            try read(text) == [
                Chapter(start: 0, title: "One"), Chapter(start: 62_500_000, title: "Two words"),
                Chapter(start: 3_600_123_457, title: "Drei é"),
            ]
        )
    }

    @Test("FFmpeg's metadata file has chapters with their ends, and escaped text")
    func ffmetadata() throws {
        let text = """
            ;FFMETADATA1
            title=Not a chapter
            [STREAM]
            title=Nor this
            [CHAPTER]
            TIMEBASE=1/1000
            START=0
            END=1500
            title=a\\=b\\;c\\
            d
            [CHAPTER]
            START=2000000000
            """
        #expect(
            try read(text) == [
                Chapter(start: 0, end: 1_500_000, title: "a=b;c d"), Chapter(start: 2_000_000, title: "Chapter 2"),
            ]
        )
    }

    @Test(
        "A damaged list is refused with the number of the line",
        arguments: [
            ("", "no chapters"), ("0:00 A\nabc\n", "c:2:"), ("0:00 A\n\n0:61 B\n", "c:3:"), ("0:00\n", "c:1:"),
            ("0:01 A\n0:01 B\n", "c:2:"), ("0:02 A\n0:01 B\n", "c:2:"), ("99999:00:00 A\n", "c:1:"),
            ("0:00. A\n", "c:1:"),
            ("-0:01 A\n", "c:1:"), (";FFMETADATA1\n", "no chapters"), (";FFMETADATA1\n[CHAPTER]\nEND=1\n", "c:2:"),
            (";FFMETADATA1\n[CHAPTER]\nSTART=x\n", "c:3:"), (";FFMETADATA1\n[CHAPTER]\nSTART=5\nEND=1\n", "c:2:"),
            (";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/0\n", "c:3:"), (";FFMETADATA1\n[CHAPTER]\nwords\n", "c:3:"),
            (";FFMETADATA1\n[CHAPTER]\nTIMEBASE=9/1\nSTART=9223372036854775807\n", "c:2:"), ("0:00 A\u{7}\n", "c:1:"),
        ]
    )
    func damaged(text: String, words: String) {
        let error = #expect(throws: JobError.self) { try read(text) }
        #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
    }

    @Test("Bytes that are not UTF-8, and too many chapters, are refused")
    func bounds() {
        #expect(throws: JobError.self) { try ChapterFile.parse([0x30, 0x3A, 0x30, 0x30, 0x20, 0xFF], name: "c") }
        let many = (0..<10_001).map { "\($0 / 60):\($0 % 60 < 10 ? "0" : "")\($0 % 60).0 T\n" }.joined()
        #expect(throws: JobError.self) { try read(many) }
    }
}
