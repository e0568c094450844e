import Foundation
import Testing

@Suite("Transcoding")
struct TranscodeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let picture = "ffmpeg -v error -y -f lavfi -i testsrc2=size=96x64:rate=25"
    private var source: String { "\(picture) -frames:v 25 -pix_fmt yuv420p" }

    /// Presentation times in seconds as ffprobe has them, in order.
    private func times(_ name: String) throws -> [Double] {
        let script = "ffprobe -v error -select_streams v:0 -show_entries packet=pts_time -of csv=p=0 \(name)"
        return try folder.succeed(script).lines
            .compactMap { Double($0.trimmingCharacters(in: CharacterSet(charactersIn: ", \r"))) }.sorted()
    }

    private func expectSameTimes(_ ours: String, as theirs: String) throws {
        let (ours, theirs) = (try times(ours), try times(theirs))
        #expect(ours.count == theirs.count)
        // Outputs begin at 0, wherever the input does.
        let start = try #require(theirs.first)
        for (a, b) in zip(ours, theirs) { #expect(abs(a - (b - start)) < 0.0015, "\(a) is \(b) - \(start)") }
    }

    @Test(
        "Transcoding keeps frames and times, between all formats",
        .mustEnd,
        arguments: ["in.mp4", "in.mkv", "in.h264", "in.ts"],
        [("h264", "out.mp4"), ("av1", "out.mkv"), ("vp9", "out.webm"), ("hevc", "out.mp4")]
    )
    func times(input: String, output: (codec: String, file: String)) throws {
        try folder.succeed("\(source) -c:v libx264 -preset veryfast -bf 2 \(input)")
        try folder.succeed("sluice encode \(input) \(Quick.flags(output.codec)) -o \(output.file)", timeLimit: 120)
        #expect(try folder.frameCount(output.file) == 25)
        if input != "in.h264" { try expectSameTimes(output.file, as: input) }
    }

    @Test(
        "Transcoding begins at a whole frame if the audio makes the video begin later, with the same times",
        .mustEnd
    )
    func lateVideo() throws {
        for (codec, late) in [("aac", 0.02), ("libopus", 0.007)] {
            let sound = "-f lavfi -i sine=duration=1:sample_rate=48000 -c:a \(codec)"
            try folder.succeed("\(source) video.mkv")
            try folder.succeed("ffmpeg -v error -y -i video.mkv \(sound) -c:v copy in.mkv")
            #expect(try #require(try times("in.mkv").first) >= late)
            try folder.succeed("sluice encode in.mkv --verify --overwrite --preset veryfast -o out.mp4")
            #expect(try times("out.mp4") == (0..<25).map { Double($0) * 0.04 })
        }
    }

    @Test("Transcoding keeps times without a constant rate", .mustEnd, arguments: ["mkv", "mp4"])
    func variable(format: String) throws {
        let times = "setpts='(N+mod(N\\,3)*0.4+floor(N/7)*2)/25/TB'"
        let encode = "-vf \"\(times)\" -fps_mode passthrough -enc_time_base 1:1000 -video_track_timescale 1000"
        try folder.succeed("\(source) \(encode) -c:v libx264 -preset veryfast -bf 2 in.\(format)")
        try folder.succeed("sluice encode in.\(format) --preset veryfast -o out.mp4")
        try expectSameTimes("out.mp4", as: "in.\(format)")
        try folder.succeed("sluice encode in.\(format) \(Quick.flags("vp9")) -o out.webm")
        try expectSameTimes("out.webm", as: "in.\(format)")
    }

    @Test("Transcoding keeps color, sample aspect ratio and HDR metadata", .mustEnd)
    func metadata() throws {
        let hdr = "--mastering-display 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)'"
        let color = "--color-primaries bt2020 --color-transfer pq --color-matrix bt2020-ncl --color-range limited"
        let raw = try folder.source("i420p10")
        let aspect = "--display-size 128x48"
        try folder.succeed(
            "sluice -s 64x48 -r 25 -p i420p10 --codec hevc --preset ultrafast \(color) \(hdr) --max-cll 1000,400"
                + " \(aspect) -o in.mp4 \(raw)"
        )
        try folder.succeed("sluice encode in.mp4 --codec av1 --preset 6 -o out.mkv")
        let fields = "color_range,color_space,color_transfer,color_primaries,sample_aspect_ratio,pix_fmt"
        #expect(try folder.probe("out.mkv", fields) == folder.probe("in.mp4", fields))
        let side = "ffprobe -v error -show_entries stream_side_data -of default=nw=1"
        let (theirs, ours) = (try folder.succeed("\(side) in.mp4").lines, try folder.succeed("\(side) out.mkv").lines)
        let kept = theirs.filter { $0.contains("max_") || $0.contains("red_x") || $0.contains("white_point") }
        #expect(kept.count >= 4)
        for line in kept {
            let (name, value) = try Self.ratio(line)
            let other = try #require(ours.first { $0.hasPrefix(name + "=") }, "\(name) is kept")
            #expect(abs(value - (try Self.ratio(other).value)) < 0.001 * max(1, value), "\(line) is \(other)")
        }
    }

    @Test(
        "Transcoding keeps HDR metadata of the bitstream, and reports if the output cannot store it",
        .mustEnd,
        arguments: [("hevc", "hevc"), ("av1", "obu")]
    )
    func bitstreamHDR(_ codec: String, _ format: String) throws {
        let hdr = "--mastering-display 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)'"
        let raw = try folder.source("i420p10", frames: 3)
        let flags = "-s 64x48 -r 25 -p i420p10 \(Quick.flags(codec)) \(hdr) --max-cll 1000,400"
        try folder.succeed("sluice \(flags) -o in.\(format) \(raw)")
        try folder.succeed("sluice encode in.\(format) -r 25 \(Quick.flags("vp9")) -o out.mkv")
        let seen = try folder.succeed("ffprobe -v error -show_entries stream_side_data -of default=nw=1 out.mkv").lines
        for wanted in ["max_content=1000", "max_average=400", "red_x=17/25", "min_luminance=1/200"] {
            #expect(seen.contains { $0 == wanted }, "\(wanted)")
        }
        let outcome = try folder.succeed("sluice encode in.\(format) -r 25 \(Quick.flags("h264")) -o out.mp4")
        #expect(outcome.errors.contains("HDR metadata, which is dropped: H.264 in MP4 cannot store it"))
        try folder.fail("sluice encode in.\(format) -r 25 \(Quick.flags("h264")) --max-cll 1,1 -o out.h264", status: 69)
    }

    private static func ratio(_ line: Substring) throws -> (name: String, value: Double) {
        let parts = line.split(separator: "=").map(String.init)
        let numbers = try #require(parts.last).split(separator: "/").compactMap { Double($0) }
        return (parts[0], numbers.count == 2 ? numbers[0] / numbers[1] : try #require(numbers.first))
    }

    @Test(
        "Transcoding keeps rotation and flip",
        .mustEnd,
        arguments: OrientationTests.Case.all
    )
    func orientation(item: OrientationTests.Case) throws {
        let raw = try folder.source(frames: 3)
        try folder.succeed("sluice -s 64x48 -r 30 -p i420 \(Quick.flags("h264")) \(item.flags) -o in.mp4 \(raw)")
        try folder.succeed("sluice encode in.mp4 \(Quick.flags("vp9")) -o out.mp4")
        let show = "ffprobe -v error -show_entries stream_side_data=displaymatrix -of default=nw=1:nk=1"
        let ours = try folder.succeed("\(show) out.mp4").text
        #expect(ours == (try folder.succeed("\(show) in.mp4").text))
        #expect(ours.contains("0000000"))
    }

    @Test("Transcoding reports which streams it drops", .mustEnd)
    func otherStreams() throws {
        try folder.succeed("\(source) -c:v libx264 -preset veryfast video.mp4")
        let sound = "-f lavfi -i sine=duration=1 -c:v copy -c:a aac"
        try folder.succeed("ffmpeg -v error -i video.mp4 \(sound) in.mp4")
        let outcome = try folder.succeed("sluice encode in.mp4 --preset veryfast -o out.mp4")
        #expect(outcome.errors.contains("audio") && outcome.errors.contains("aac"))
        #expect(try folder.succeed("sluice encode in.mp4 --quiet --preset veryfast -o b.mp4").errors == "")
    }

    @Test(
        "Transcoding a damaged file is an error, and keeps the complete frames if that is accepted",
        .mustEnd
    )
    func damaged() throws {
        try folder.succeed("\(source) -c:v libx264 -preset veryfast -movflags +faststart in.mp4")
        let size = try folder.bytes("in.mp4").count
        try folder.succeed("head -c \(size * 70 / 100) in.mp4 > cut.mp4")
        try folder.fail("sluice encode cut.mp4 --preset veryfast -o out.mkv", status: 65, saying: "accept-partial")
        #expect(!folder.exists("out.mkv"))
        try folder.succeed("sluice encode cut.mp4 --accept-partial --preset veryfast -o out.mkv --receipt out.json")
        let count = try #require(try folder.frameCount("out.mkv"))
        #expect(count > 5 && count < 25)
        let receipt = try folder.text("out.json")
        #expect(receipt.contains("\"status\":\"partial\"") && receipt.contains("\"loss\":\""))
    }

    @Test("Transcoding encodes only the requested frames of a stream", .mustEnd)
    func selection() throws {
        try folder.succeed("\(source) -c:v libx264 -preset veryfast in.mkv")
        try folder.succeed("sluice encode in.mkv --skip 5 --frames 10 --preset veryfast -o out.mp4")
        #expect(try times("out.mp4").first == 0)
        #expect(try folder.frameCount("out.mp4") == 10)
        try folder.fail("sluice encode in.mkv --expect-frames 24 -o x.mp4", status: 65, saying: "24")
        try folder.fail("sluice encode in.mkv -s 64x64 -o x.mp4", status: 64, saying: "contradicts")
        try folder.fail("sluice encode in.mkv -r 25 -o x.mp4", status: 64, saying: "--framerate")
    }

    @Test("Transcoding gives the same bytes as decode and encode through a pipe", .mustEnd)
    func pipe() throws {
        try folder.succeed("\(source) -c:v libx264 -preset veryfast in.h264")
        let encode = "sluice -s 96x64 -r 25 -p i420 \(Quick.flags("h264")) --threads 1"
        try folder.succeed("sluice decode in.h264 -o - | \(encode) -o a.h264")
        try folder.succeed("cat in.h264 | sluice encode - \(Quick.flags("h264")) --threads 1 -o b.h264")
        #expect(try folder.frameHashes("a.h264") == folder.frameHashes("b.h264"))
    }

    @Test(
        "Transcoding MP4 with its index at the end is refused from a pipe, and works from a file or with the index first"
    )
    func lateIndex() throws {
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=128x96:r=30:d=4 -pix_fmt yuv420p -c:v libx264"
        try folder.succeed("\(source) late.mp4 && ffmpeg -v error -i late.mp4 -c copy -movflags faststart first.mp4")
        let encode = "sluice encode - --preset ultrafast -o o.mp4 --overwrite"
        try folder.fail("cat late.mp4 | \(encode)", status: 69, saying: "its index is at its end", "faststart")
        try folder.succeed("\(encode) < late.mp4")
        try folder.succeed("cat first.mp4 | \(encode)")
        #expect(try folder.frameCount("o.mp4") == 120)
    }
}
