import Foundation
import Testing

@Suite("Segments that are encoded side by side")
struct ParallelTests {
    let folder: TemporaryFolder
    private static let size = "-s 64x48 -r 30"

    init() throws { folder = try TemporaryFolder() }

    private func encode(_ source: String, _ carriage: Carriage, _ flags: String, to output: String) throws {
        let format = "--format \(carriage.format) --overwrite -o \(output)"
        try folder.succeed("\(source) \(Quick.flags(carriage.codec)) \(flags) \(format)")
    }

    private static let carriages = [
        ("h264", "mp4"), ("h264", "annexb"), ("hevc", "mkv"), ("hevc", "annexb"), ("vp8", "ivf"), ("vp9", "webm"),
        ("av1", "obu"),
        ("av1", "mp4"),
    ].map { Carriage(codec: $0.0, format: $0.1, file: "out.\($0.1)") }

    @Test(
        "Segments that are encoded side by side give the same bytes for every number of encoders, from a file, a pipe and Y4M, on one core and on all",
        .mustEnd,
        arguments: carriages
    )
    func sameBytes(_ carriage: Carriage) throws {
        let source = try folder.source(frames: 50)
        let raw = "sluice \(Self.size) -p i420"
        try encode("\(raw) \(source)", carriage, "--parallel 1 --segment-frames 12", to: "one")
        let expected = try folder.sha256("one")
        for count in [2, 3, 7] {
            try encode("\(raw) \(source)", carriage, "--parallel \(count) --segment-frames 12", to: "more")
            #expect(try folder.sha256("more") == expected, "\(count) encoders")
        }
        try encode("cat \(source) | \(raw)", carriage, "--parallel 3 --segment-frames 12", to: "piped")
        #expect(try folder.sha256("piped") == expected)
        try encode("taskset -c 0 \(raw) \(source)", carriage, "--parallel 2 --segment-frames 12", to: "core")
        #expect(try folder.sha256("core") == expected)
        // Y4M describes itself, and so has its own color.
        try folder.succeed("ffmpeg -v error -f rawvideo -s 64x48 -r 30 -i \(source) -pix_fmt yuv420p in.y4m")
        try encode("sluice in.y4m", carriage, "--parallel 1 --segment-frames 12", to: "y4m")
        try encode("cat in.y4m | sluice", carriage, "--parallel 2 --segment-frames 12", to: "y4m-piped")
        #expect(try folder.sha256("y4m") == folder.sha256("y4m-piped"))
    }

    @Test(
        "Segments that are encoded side by side decode elsewhere with every frame, and a key frame at every border",
        .mustEnd,
        arguments: carriages
    )
    func whole(_ carriage: Carriage) throws {
        let source = try folder.source(frames: 50)
        let lines = carriage.hasChunks ? "--chunks out.jsonl" : ""
        try encode(
            "sluice \(Self.size) -p i420 \(source)",
            carriage,
            "--parallel 2 --segment-frames 12 --verify --min-psnr 25 \(lines)",
            to: carriage.file
        )
        #expect(try folder.frameCount(carriage.file) == 50)
        let chunks = try folder.chunks("out.jsonl")
        for border in [0, 12, 24, 36] { #expect(chunks[border].type == "key", "frame \(border)") }
        #expect(chunks.filter { $0.decoderConfig != nil }.count == 1)
    }

    @Test(
        "Segments that are encoded side by side are verified from standard input, which cannot be opened again",
        .mustEnd
    )
    func redirected() throws {
        let source = try folder.source(frames: 30)
        let flags = "\(Self.size) -p i420 \(Quick.flags("vp8")) --parallel 2 --segment-frames 10"
        try folder.succeed("sluice \(flags) --verify -o redirected.ivf - < \(source)")
        try folder.succeed("sluice \(flags) -o file.ivf \(source)")
        #expect(try folder.sha256("redirected.ivf") == folder.sha256("file.ivf"))
    }

    @Test(
        "Segments that are encoded side by side have the quantizers that one encoder gives, to each frame",
        .mustEnd,
        arguments: ["h264", "vp8", "vp9", "av1"]
    )
    func quantizers(_ codec: String) throws {
        let source = try folder.source(frames: 30)
        try folder.write(Array("{\"frame\":17,\"quantizer\":12}\n".utf8), to: "frames.jsonl")
        let flags = "--quantizer 30 --frame-options frames.jsonl --chunks out.jsonl --overwrite"
        let format = codec == "h264" ? "annexb" : "ivf"
        try folder.succeed(
            "sluice \(Self.size) -p i420 \(source) \(Quick.flags(codec)) \(flags) --parallel 2 --segment-frames 10 --format \(format) -o out"
        )
        let quantizers = try folder.chunks("out.jsonl").sorted { $0.timestamp < $1.timestamp }.map(\.quantizer)
        #expect(quantizers == (0..<30).map { $0 == 17 ? 12 : 30 })
    }

    @Test(
        "Segments that are encoded side by side have IDR pictures whose numbers differ from one to the next, and the pictures that they had",
        .mustEnd,
        arguments: ["baseline", "main"],
        ["annexb", "mkv"]
    )
    func idrNumbers(profile: String, format: String) throws {
        let source = try folder.source(frames: 40)
        let codec = profile == "baseline" ? "avc1.42E00D" : "avc1.4D000D"
        let flags = "--codec \(codec) --quantizer 20 --key-frame-interval 1 --format \(format)"
        let raw = "sluice \(Self.size) -p i420 \(source) \(flags)"
        try folder.succeed("\(raw) --parallel 2 --segment-frames 13 -o segments")
        try folder.succeed("\(raw) --threads 1 -o whole")
        let trace = "ffmpeg -v trace -i segments -c copy -bsf:v trace_headers -f null - 2>&1"
        let numbers = try folder.succeed("\(trace) | grep ' idr_pic_id ' | awk '{print $NF}'").lines
        #expect(numbers.count >= 40 && zip(numbers, numbers.dropFirst()).allSatisfy { $0 != $1 })
        #expect(try folder.frameHashes("segments") == folder.frameHashes("whole"))
    }

    @Test("Segments that are encoded side by side of a film are one film: times, and every frame", .mustEnd)
    func media() throws {
        let natural = Content.natural(size: "64x48", seconds: 2)
        try folder.succeed("\(natural) -c:v libx264 -bf 2 -g 20 -pix_fmt yuv420p in.mp4")
        try folder.succeed("sluice in.mp4 --parallel 1 --segment-frames 16 -o one.mp4 --verify")
        try folder.succeed("sluice in.mp4 --parallel 3 --segment-frames 16 -o three.mp4")
        #expect(try folder.sha256("one.mp4") == folder.sha256("three.mp4"))
        let packets = "ffprobe -v error -select_streams v:0 -show_entries packet=pts_time -of csv=p=0"
        let before = try folder.succeed("\(packets) in.mp4 | sort -n")
        let after = try folder.succeed("\(packets) one.mp4 | sort -n")
        #expect(before.text == after.text)
    }

    @Test("Segments that are encoded side by side of a film keep its audio, from a file and from a pipe", .mustEnd)
    func audio() throws {
        let inputs = "-f lavfi -i testsrc2=s=64x48:r=30:d=2 -f lavfi -i sine=frequency=440:duration=2"
        try folder.succeed("ffmpeg -v error \(inputs) -pix_fmt yuv420p -c:a aac -movflags +faststart in.mp4")
        let flags = "--copy-audio --segment-frames 16"
        try folder.succeed("sluice in.mp4 \(flags) --parallel 3 -o file.mp4 --verify")
        try folder.succeed("cat in.mp4 | sluice \(flags) --parallel 2 --input-format media -o pipe.mp4")
        let audio = "-map 0:a -c copy -f md5 -"
        let expected = try folder.succeed("ffmpeg -v error -i in.mp4 \(audio)").text
        for name in ["file.mp4", "pipe.mp4"] {
            #expect(try folder.succeed("ffmpeg -v error -i \(name) \(audio)").text == expected)
            #expect(try folder.frameCount(name) == folder.frameCount("in.mp4"))
        }
    }

    @Test("Segments with --parallel auto report the choice", .mustEnd)
    func auto() throws {
        let source = try folder.source(frames: 30)
        let command = "sluice \(Self.size) -p i420 \(source) --parallel auto --segment-frames 10 --overwrite"
        let one = try folder.succeed("\(command) -o out.h264")
        #expect(one.errors.contains("one encoder with its own threads, because libx264 uses all cores by itself"))
        let alone = try folder.succeed("taskset -c 0 \(command) --codec vp9 -o out.webm")
        #expect(alone.errors.contains("the machine has one core"))
        let short = try folder.succeed("\(command) --codec vp9 --frames 10 -o out.webm")
        #expect(short.errors.contains("the machine has one core") || short.errors.contains("the input has one segment"))
        let live = try folder.succeed(
            "cat \(source) | sluice \(Self.size) -p i420 --codec vp9 --latency-mode realtime --parallel auto -o live.webm"
        )
        #expect(live.errors.contains("one core") || live.errors.contains("cannot wait for a segment"))
    }
}

@Suite("Segments that are refused or incomplete")
struct ParallelFailureTests {
    let folder: TemporaryFolder
    private static let size = "-s 64x48 -r 30"

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "Segments of a pipe that do not fit into the memory are refused, with an alternative",
        .mustEnd
    )
    func memory() throws {
        let source = try folder.source(frames: 30)
        let command = "cat \(source) | sluice \(Self.size) -p i420 -o out.h264 --parallel 3 --segment-frames 10"
        try folder.fail(
            "\(command) --max-memory 64k",
            status: 69,
            saying: "2 whole segments of 10 pictures and half of one",
            "use --max-memory"
        )
        #expect(!folder.exists("out.h264"))
        let words = try folder.run("\(command) --max-memory 64k").errors
        let enough = try #require(words.split { !$0.isNumber }.compactMap { Int($0) }.last)
        try folder.succeed("\(command) --max-memory \(enough)")
    }

    @Test("Segments with missing or invalid options are refused", .mustEnd)
    func usage() throws {
        let command = "sluice \(Self.size) -p i420 -o out.h264 in.raw"
        try folder.fail("\(command) --segment-frames 10", status: 64, saying: "--parallel")
        try folder.fail("\(command) --parallel 2 --segment-frames 0", status: 64, saying: "1...1000000")
        for value in ["0", "129", "many"] {
            try folder.fail("\(command) --parallel \(value)", status: 64, saying: "auto, or a whole number in 1...128")
        }
    }

    @Test(
        "Segments of an input that is truncated, too short or too long fail as without segments",
        .mustEnd
    )
    func input() throws {
        let source = try folder.source(frames: 30)
        let flags = "sluice \(Self.size) -p i420 --parallel 2 --segment-frames 7 -o out.h264"
        try folder.fail("head -c 100000 \(source) | \(flags)", status: 65, saying: "frame 21")
        try folder.succeed("head -c 100000 \(source) > short.raw")
        try folder.fail("\(flags) short.raw", status: 65, saying: "frame 21")
        try folder.fail("\(flags) \(source) --expect-frames 31", status: 65, saying: "30")
        try folder.fail("cat \(source) | \(flags) --expect-frames 29", status: 65, saying: "29")
        try folder.fail(": | \(flags)", status: 65)
        #expect(!folder.exists("out.h264"))
        try folder.succeed("\(flags) --accept-partial short.raw --receipt out.json")
        #expect(try folder.frameCount("out.h264") == 21)
        let receipt = try folder.text("out.json")
        #expect(receipt.contains("\"droppedBytes\":3232") && receipt.contains("\"status\":\"partial\""))
    }

    @Test("Segments with options for a frame that does not exist are refused", .mustEnd)
    func frameOptions() throws {
        let source = try folder.source(frames: 30)
        try folder.write(Array("{\"frame\":30,\"keyFrame\":true}\n".utf8), to: "frames.jsonl")
        let flags = "--parallel 2 --segment-frames 7 --frame-options frames.jsonl -o out.h264"
        try folder.fail("sluice \(Self.size) -p i420 \(source) \(flags)", status: 65, saying: "frame 30")
        #expect(!folder.exists("out.h264"))
    }

    @Test("Segments fail when the disk is full or the reader goes away", .mustEnd)
    func output() throws {
        let noise = try folder.noise(frames: 60)
        let flags = "sluice \(Self.size) -p i420 --parallel 3 --segment-frames 10 --crf 1"
        try folder.fail("\(flags) \(noise) --format annexb -o /dev/full", status: 74, saying: "No space left")
        try folder.fail("\(flags) \(noise) --format annexb -o - | head -c 10 >/dev/null", status: 74, saying: "closed")
        try folder.fail("cat \(noise) | \(flags) --format annexb -o /dev/full", status: 74, saying: "No space left")
    }

    @Test(
        "Segments that are complete from the start are in a playable OUT.partial after a signal",
        .mustEnd
    )
    func signal() throws {
        let frame = Array(try folder.succeed("sluice testsrc -s 64x48 --frames 1").output)
        let running = try Running("\(Self.size) -p rgba --parallel 2 --segment-frames 10 -o out.mp4", in: folder)
        for _ in 0..<35 { try #require(running.input.write(frame) == frame.count) }
        try #require(running.wait(until: { running.unread == 0 }))
        running.child.send(SIGTERM)
        #expect(running.child.wait(atMost: 20) == .signaled(SIGTERM))
        #expect(!folder.exists("out.mp4"))
        // A partial output may be missing, but if it exists it must be a beginning.
        guard folder.exists("out.mp4.partial") else { return }
        let frames = try #require(try folder.frameCount("out.mp4.partial"))
        #expect((1...35).contains(frames))
    }
}
