import Testing

@Suite("Odd and small sizes of every codec")
struct EveryOddSizeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "Odd and small sizes of every codec are coded as they are by VP8, VP9 and AV1",
        .mustEnd,
        arguments: ["vp8", "vp9", "av1"],
        ["33x17", "67x35", "17x16", "1x1"]
    )
    func asTheyAre(codec: String, size: String) throws {
        let source = try folder.source(size: size, frames: 3)
        let encode = "sluice -s \(size) -r 30 -p i420 \(Quick.flags(codec))"
        for flags in ["", "--odd-size pad"] {
            try folder.succeed("\(encode) \(flags) --quantizer 4 -o out.mkv --overwrite \(source)")
            #expect(try folder.probe("out.mkv", "width,height") == size.replacing("x", with: ","))
            #expect(try folder.frameCount("out.mkv") == 3)
        }
    }

    @Test(
        "Odd and small sizes of every codec are the picture to its last column and row",
        .mustEnd,
        arguments: ["vp8", "vp9", "av1"]
    )
    func lastColumn(codec: String) throws {
        // Gray, but for the last column and row, which are bright.
        let luma = (0..<(33 * 17)).map { $0 % 33 == 32 || $0 / 33 == 16 ? UInt8(220) : 60 }
        let frame = luma + [UInt8](repeating: 128, count: 2 * 17 * 9)
        try folder.write(frame + frame, to: "in.raw")
        let encode = "sluice -s 33x17 -r 30 -p i420 \(Quick.flags(codec)) --quantizer 1"
        try folder.succeed("\(encode) -o out.mkv in.raw")
        let decoded = try folder.decode("out.mkv", "yuv420p")
        try #require(decoded.count == 2 * frame.count)
        #expect(zip(decoded, luma).allSatisfy { abs(Int($0) - Int($1)) < 12 })
    }

    @Test("Odd sizes are refused by HEVC with alternatives, which work", .mustEnd)
    func hevc() throws {
        let source = try folder.source(size: "131x67", frames: 3)
        let encode = "sluice -s 131x67 -r 30 -p i420 --codec hevc --preset veryfast -o out.mkv --overwrite"
        try folder.fail(
            "\(encode) \(source)",
            status: 69,
            saying: "odd size 131x67",
            "--odd-size pad",
            "--odd-size crop"
        )
        for (way, size) in [("pad", "132,68"), ("crop", "130,66")] {
            try folder.succeed("\(encode) --odd-size \(way) \(source)")
            #expect(try folder.probe("out.mkv", "width,height") == size)
            #expect(try folder.frameCount("out.mkv") == 3)
        }
    }

    @Test(
        "Sizes next to 16 are coded by HEVC, or refused with a message",
        .mustEnd,
        arguments: ["14x14", "18x18", "66x34", "34x18"]
    )
    func hevcSmall(size: String) throws {
        let source = try folder.source(size: size, frames: 3)
        let outcome = try folder.run("sluice -s \(size) -r 30 -p i420 --codec hevc -o out.mkv \(source)")
        if outcome.ending == .exited(0) {
            #expect(try folder.probe("out.mkv", "width,height") == size.replacing("x", with: ","))
            #expect(try folder.frameCount("out.mkv") == 3)
        } else {
            #expect(outcome.ending == .exited(69) && outcome.errors.contains("at least 64x16"), "\(outcome.errors)")
        }
    }

    @Test(
        "Odd and small sizes of every codec in 4:4:4 are coded as they are by all that have it",
        .mustEnd,
        arguments: ["h264", "vp9", "av1"]
    )
    func fullChroma(codec: String) throws {
        let source = try folder.source("i444", size: "33x17", frames: 3)
        let encode = "sluice -s 33x17 -r 30 -p i444 \(Quick.flags(codec)) --chroma 444 --quantizer 4"
        try folder.succeed("\(encode) -o out.mkv \(source)")
        #expect(try folder.probe("out.mkv", "width,height,pix_fmt") == "33,17,yuv444p")
        #expect(try folder.frameCount("out.mkv") == 3)
    }

    @Test("Odd and small sizes of every codec are made by --scale", .mustEnd, arguments: Carriage.mkv)
    func scale(item: Carriage) throws {
        let source = try folder.source("rgba", size: "128x96", frames: 6)
        let encode = "sluice -s 128x96 -r 30 -p rgba --scale 96x80 \(Quick.flags(item.codec)) --quantizer 4"
        try folder.succeed("\(encode) -o out.mkv \(source)")
        #expect(try folder.probe("out.mkv", "width,height") == "96,80")
        let luma = try folder.decode("out.mkv", "gray")
        let numbers = (0..<(luma.count / (96 * 80))).map {
            TestPicture.number(inLuma: luma, frame: $0, width: 96, height: 80)
        }
        #expect(numbers == Array(0..<6))
    }
}
