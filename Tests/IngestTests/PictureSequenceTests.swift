import Foundation
import Ingest
import Places
import SystemPackage
import TestSupport
import Testing

@Suite("Sequences of pictures")
struct PictureSequenceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func names(_ pattern: String, _ files: [String], from start: Int? = nil) throws -> [String]? {
        for file in files { try folder.write("", to: file) }
        let sequence = try PictureSequence(folder.path(pattern), startNumber: start)
        return sequence?.names.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test("A counted number has the digits of the pattern, or more that do not begin with 0")
    func digits() throws {
        let files = ["a_8.png", "a_08.png", "a_09.png", "a_10.png", "a_007.png", "a_.png", "a_x.png", "b_08.png"]
        #expect(try names("a_%02d.png", files) == ["a_08.png", "a_09.png", "a_10.png"])
        #expect(try names("c_%d.png", ["c_9.png", "c_10.png", "c_011.png"]) == ["c_9.png", "c_10.png"])
    }

    @Test("Numbers are compared as numbers, and names without them as bytes")
    func order() throws {
        #expect(
            try names(
                "*.exr",
                ["2.exr", "10.exr", "1.exr", "3.exr", "4.exr", "5.exr", "6.exr", "7.exr", "8.exr", "9.exr"]
            )
                == (1...10).map { "\($0).exr" }
        )
        #expect(
            try names("*.tif", ["b.tif", "a.tif", "a2b3.tif", "a2b11.tif", "a10.tif"])
                == ["a2b3.tif", "a2b11.tif", "a10.tif", "a.tif", "b.tif"]
        )
    }

    @Test("A gap in the numbers is an error, unless the names differ in more than a number")
    func gaps() throws {
        #expect(throws: IngestError.self) { try names("*.png", ["s1.png", "s2.png", "s4.png"]) }
        #expect(try names("*.bmp", ["s1.bmp", "s2.bmp", "t9.bmp"])?.count == 3)
        #expect(throws: IngestError.self) { try names("*.jpg", ["s01.jpg", "s1.jpg"]) }
    }

    @Test("A sequence starts at the lowest number, or at the one that is wanted")
    func start() throws {
        let files = (5...9).map { "f\($0).png" }
        #expect(try names("f%d.png", files)?.first == "f5.png")
        #expect(try names("f%d.png", [], from: 7)?.first == "f7.png")
        #expect(throws: IngestError.self) { try names("f%d.png", [], from: 4) }
        #expect(throws: IngestError.self) { try names("f%d.png", [], from: 10) }
    }

    @Test("A wildcard takes any bytes, a question mark one, and hidden files are hidden")
    func wildcards() throws {
        let files = ["ab.png", "aab.png", "b.png", ".ab.png", "a.b.png.png"]
        #expect(try names("a*b.png", files) == ["aab.png", "ab.png"])
        #expect(try names("?b.png", []) == ["ab.png"])
        #expect(try names("*.png", [])?.contains(".ab.png") == false)
        #expect(try names("*.p*g*.png", []) == ["a.b.png.png"])
    }

    @Test("A path without a pattern, or of a file that is there, is no sequence")
    func plain() throws {
        #expect(try names("a.png", ["a.png"]) == nil)
        #expect(try names("a%04d*.png", ["a%04d*.png"]) == nil)
        #expect(try names("a%s.png", []) == nil)
        #expect(try names("100%.png", []) == nil)
    }

    @Test("In names with several numbers, the last that differs counts, for each of the others by itself")
    func severalNumbers() throws {
        let views = ["shot01_f0001.png", "shot01_f0002.png", "shot02_f0007.png", "shot02_f0008.png"]
        #expect(try names("shot*.png", views) == views)
        try folder.write("", to: "shot01_f0004.png")
        #expect(throws: IngestError.self) { try names("shot*.png", []) }
        let sizes = ["r_0001_1080p.png", "r_0002_1080p.png", "r_0003_1080p.png"]
        #expect(try names("r_*.png", sizes) == sizes)
        try folder.write("", to: "r_0005_1080p.png")
        #expect(throws: IngestError.self) { try names("r_*.png", []) }
    }

    @Test("Numbers may be negative, after a sign that is not part of a word")
    func negative() throws {
        let frames = ["f_-002.exr", "f_-001.exr", "f_0000.exr", "f_0001.exr"]
        #expect(try names("f_*.exr", Array(frames.reversed())) == frames)
        #expect(try names("f_%04d.exr", []) == frames)
        #expect(try names("f_%04d.exr", [], from: -1) == Array(frames.dropFirst()))
        #expect(throws: IngestError.self) { try names("f_%04d.exr", [], from: -3) }
        // As long as the others with the sign, or without it.
        #expect(try names("g_%03d.exr", ["g_-01.exr", "g_000.exr"]) == ["g_-01.exr", "g_000.exr"])
        #expect(try names("h_%03d.exr", ["h_-001.exr", "h_000.exr"]) == ["h_-001.exr", "h_000.exr"])
        #expect(try names("i_%d.exr", ["i_-1.exr", "i_0.exr", "i_-0.exr", "i_-.exr"]) == ["i_-1.exr", "i_0.exr"])
        // A dash within a name is none.
        #expect(try names("take-*.exr", ["take-002.exr", "take-001.exr"]) == ["take-001.exr", "take-002.exr"])
        try folder.write("", to: "f_0003.exr")
        #expect(throws: IngestError.self) { try names("f_*.exr", []) }
    }

    @Test("Two percent signs in a pattern with a number are one in the names")
    func percent() throws {
        let files = ["50%_1.png", "50%_2.png"]
        #expect(try names("50%%_%d.png", files) == files)
        #expect(try names("%d_100%%.bmp", ["1_100%.bmp"]) == ["1_100%.bmp"])
    }
}
