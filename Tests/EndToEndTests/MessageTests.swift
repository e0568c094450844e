import Foundation
import TestSupport
import Testing

@Suite("A message", .mustEnd)
struct MessageTests {
    let folder: TemporaryFolder
    private let raw = "-s 64x48 -r 30 -p i420"

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 10 -o in.yuv")
    }

    @Test("A message about a file of far too many tracks names their number, and not a lack of memory (fault N7)")
    func tracks() throws {
        try folder.succeed("sluice in.yuv \(raw) -o one.mp4 --index-at-end")
        for count in [1001, 3000] {
            let file = try folder.bytes("one.mp4")
            try folder.write(Boxes.repeating("trak", count, in: file), to: "many.mp4")
            for command in [
                "many.mp4 -o out.mp4", "decode many.mp4 -o out.yuv", "inspect many.mp4", "compare many.mp4 one.mp4",
            ] {
                try folder.fail(
                    "sluice \(command)",
                    status: 65,
                    saying: "it has \(count) tracks, more than the limit of 1000"
                )
            }
        }
        try folder.write(Boxes.repeating("trak", 900, in: try folder.bytes("one.mp4")), to: "many.mp4")
        try folder.succeed("sluice decode many.mp4 -o out.yuv && test $(stat -c %s out.yuv) = $(stat -c %s in.yuv)")
        try folder.write(Boxes.repeating("trak", 20_000, in: try folder.bytes("one.mp4")), to: "many.mp4")
        try folder.fail("sluice many.mp4 -o out.mp4", status: 65, saying: "more tracks than the limit of 1000")
    }

    @Test("A message about a stream in AVCC names the flags that belong together (fault N7)")
    func description() throws {
        try folder.succeed("sluice in.yuv \(raw) --format avcc --description d -o a.avcc --chunks c")
        let frames = "--format framehash -o -"
        for (flags, words) in [
            ("--input-format avcc", "--input-format avcc needs --description, the record (avcC, hvcC), or --chunks"),
            ("--input-format avcc --chunks c --description d", "--description and --chunks exclude each other"),
            ("--chunks c --description d", "--description and --chunks exclude each other"),
            ("--description d", "which needs --input-format avcc"),
        ] {
            try folder.fail("sluice decode a.avcc \(flags) \(frames)", status: 64, saying: words)
        }
        let byRecord = try folder.succeed("sluice decode a.avcc --input-format avcc --description d -o a.yuv")
        try folder.succeed("sluice decode a.avcc --input-format avcc --chunks c -o b.yuv && cmp a.yuv b.yuv")
        #expect(byRecord.output.isEmpty)
    }

    @Test("A message about an output that is a folder, or a file of the kernel, names that reason (fault N7)")
    func outputs() throws {
        try folder.succeed("mkdir there; sluice in.yuv \(raw) -o a.mp4; cp a.mp4 b.mp4")
        let folders = ["new.mp4/", "a.mp4/", "there/", ".", "there/..", "new/."]
        let words = "cannot be an output: it is a folder"
        for (number, name) in folders.enumerated() {
            let flag = number % 2 == 0 ? "" : "--overwrite"
            try folder.fail("sluice in.yuv \(raw) --format mp4 -o \(name) \(flag)", status: 73, saying: words)
        }
        for command in [
            "decode a.mp4 --format raw -o", "inspect a.mp4 --html", "in.yuv \(raw) -o c.mp4 --chunks",
            "in.yuv \(raw) -o c.mp4 --receipt", "testsrc --frames 1 -o", "plan in.yuv \(raw) --format mp4 -o",
        ] {
            try folder.fail("sluice \(command) new.mp4/", status: 73, saying: words)
        }
        try folder.write(Array("jobs: [{input: a.mp4, output: new.mp4/}]".utf8), to: "m.yaml")
        try folder.fail("sluice batch m.yaml", status: 78, saying: "new.mp4/ is a folder")
        for name in ["/proc/self/mem", "/proc/nothing"] {
            for flag in ["", "--overwrite"] {
                let words = "\(name) cannot be an output: it is in a kernel file system"
                try folder.fail("sluice in.yuv \(raw) --format mp4 -o \(name) \(flag)", status: 73, saying: words)
            }
        }
        try folder.succeed("cmp a.mp4 b.mp4 && sluice in.yuv \(raw) --format mp4 -o /dev/null")
        try folder.succeed("sluice in.yuv \(raw) --format mp4 -o /dev/fd/5 5>five.mp4; test -s five.mp4 || true")
        #expect(folder.names.filter { $0.hasPrefix("new") || $0.hasPrefix("c.") } == [])
    }

    @Test("A message about JSON that has a key twice names the key and the line (fault N7)")
    func keys() throws {
        let options = "sluice in.yuv \(raw) -o out.mp4 --frame-options f.jsonl"
        for (line, key) in [
            (#"{"frame":1,"frame":2,"keyFrame":true}"#, "frame"),
            (#"{"frame":2,"quantizer":3,"quantizer":30}"#, "quantizer"),
            (#"{"frame":2,"keyFrame":true,"key\u0046rame":false}"#, "keyFrame"),
        ] {
            try folder.write(Array("{\"frame\":0}\n\n\(line)\n".utf8), to: "f.jsonl")
            try folder.fail(options, status: 64, saying: "f.jsonl:3: the key \"\(key)\" is repeated")
        }
        try folder.succeed("sluice in.yuv \(raw) -o a.ivf --codec vp8 --chunks c.jsonl --receipt r.json")
        let lines = try folder.text("c.jsonl")
        for (before, after, line) in [
            ("\"timestamp\":33333", "\"timestamp\":33333,\"timestamp\":33334", 2),
            ("\"codec\":\"vp8\"", "\"codec\":\"vp8\",\"codec\":\"vp9\"", 1),
        ] {
            try folder.write(Array(lines.replacing(before, with: after).utf8), to: "wrong.jsonl")
            try folder.fail(
                "sluice decode a.ivf --chunks wrong.jsonl --format framehash -o -",
                status: 65,
                saying: "line \(line): the key \"\(before.split(separator: "\"")[0])\" is repeated"
            )
        }
        let receipt = try folder.text("r.json").replacing("\"config\":", with: "\"config\":{},\n\"config\":")
        try folder.write(Array(receipt.utf8), to: "r.json")
        try folder.fail("sluice inspect a.ivf --receipt r.json", status: 65, saying: "line 2: the key \"config\"")
        try folder.succeed("sluice plan in.yuv \(raw) --format mp4 -o plan.json")
        let plan = try folder.text("plan.json").replacing("\"version\":1", with: "\"version\":1,\"version\":1")
        try folder.write(Array(plan.utf8), to: "plan.json")
        try folder.fail(
            "sluice shard plan.json --index 0",
            status: 78,
            saying: "line 1: the key \"version\" is repeated"
        )
    }

    @Test("A message about chunk lines with the same bytes reports an error of the lines (fault N7)")
    func ranges() throws {
        try folder.succeed("sluice in.yuv \(raw) -o a.ivf --codec vp8 --chunks c.jsonl")
        let lines = try folder.text("c.jsonl").split(separator: "\n")
        let decode = "sluice decode a.ivf --chunks wrong.jsonl --format framehash -o -"
        func write(_ lines: [Substring]) throws {
            try folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "wrong.jsonl")
        }
        try write([lines[0]] + Array(repeating: lines[1], count: 100_000))
        try folder.fail(decode, status: 65, saying: "line 3: bytes", "overlap those of an earlier line")
        let size = try #require(lines[2].firstMatch(of: /"offset":(\d+)/)?.output.1)
        let shifted = lines[2].replacing("\"offset\":\(size)", with: "\"offset\":\((Int(size) ?? 0) - 13)")
        try write(Array(lines[..<2]) + [shifted[...]] + Array(lines[3...]))
        try folder.fail(decode, status: 65, saying: "line 3: bytes", "overlap those of an earlier line")
        // The frames in another order are still frames, each of its own bytes.
        try folder.succeed("sluice in.yuv \(raw) -o k.ivf --codec vp8 --key-frame-interval 1 --chunks k.jsonl")
        try folder.succeed("(head -n 1 k.jsonl; tail -n +2 k.jsonl | tac) > r.jsonl")
        let count = try folder.run("sluice decode k.ivf --chunks r.jsonl --format framehash -o - | grep -vc '#'")
        #expect(count.ending != .exited(0) ? !count.errors.contains("overlap") : count.text == "10\n")
    }

    @Test("A message has no plural for one (fault L)")
    func one() throws {
        try folder.succeed("head -c 4608 in.yuv > one.yuv; head -c 9215 in.yuv > part.yuv")
        let encoded = try folder.succeed("sluice one.yuv \(raw) -o one.mp4")
        #expect(encoded.errors.hasPrefix("sluice: 1 frame in one.mp4"), "\(encoded.errors)")
        let encode = "one.yuv \(raw) -o out.mp4"
        try folder.fail("sluice \(encode) --skip 1", status: 65, saying: "the input has 1 frame, so skipping 1")
        try folder.fail("sluice \(encode) --frames 2", status: 65, saying: "the input has 1 frame, fewer than the 2")
        try folder.fail(
            "sluice in.yuv \(raw) -o out.mp4 --expect-frames 9",
            status: 65,
            saying: "frames, more than the 9"
        )
        try folder.fail("sluice part.yuv \(raw) -o out.mp4", status: 65, saying: "after 1 complete frame ")
        let plan = try folder.succeed("sluice plan one.yuv \(raw) --format mp4 -o p.json")
        #expect(plan.errors.contains("1 frame in 1 segment of"), "\(plan.errors)")
        try folder.succeed("sluice one.yuv \(raw) --codec vp8 -o one.ivf")
        var stream = try folder.bytes("one.ivf")
        stream[25] = 3
        try folder.write(stream, to: "one.ivf")
        let decoded = try folder.succeed("sluice decode one.ivf --format framehash -o -")
        #expect(decoded.errors.contains("but 1 frame was read"), "\(decoded.errors)")
    }

    @Test("A message of libx264 about what Sluice chose itself is not passed on, and no level is exceeded (fault L)")
    func x264() throws {
        for rate in ["1/3", "1", "60"] {
            for flags in [
                "--bitrate 500k --bitrate-mode constant",
                "--bitrate 500k --bitrate-mode constant --latency-mode realtime",
                "--bitrate 50M --bitrate-mode constant", "--crf 20 --codec avc1.64000A",
                "--bitrate 60k --codec avc1.64000A",
            ] where rate != "60" || !flags.contains("64000A") {
                let encode = "sluice in.yuv -s 64x48 -r \(rate) -p i420 \(flags) -o out.h264 --overwrite"
                let outcome = try folder.succeed(encode)
                #expect(!outcome.errors.contains("x264:"), "\(encode): \(outcome.errors)")
                let report = try folder.succeed("sluice inspect out.h264 -r \(rate)")
                #expect(report.text.contains("within level"), "\(encode): \(report.text.prefix(600))")
            }
        }
        try folder.fail(
            "sluice in.yuv \(raw) --codec avc1.64000A --encoder-option mvrange=511 -o out.h264 --overwrite",
            status: 69,
            saying: "motion vector range of 511",
            "use level 3.1"
        )
        let free = try folder.succeed("sluice in.yuv \(raw) --encoder-option mvrange=511 -o out.h264 --overwrite")
        #expect(!free.errors.contains("x264:") && free.errors.contains("avc1.64001F"), "\(free.errors)")
    }

    @Test(
        "A message of inspect gives the sizes of a stream that changes them, from unit to unit (fault L)",
        arguments: ["x264", "x265"]
    )
    func sizes(encoder: String) throws {
        for size in ["320x180", "640x360", "160x96"] {
            let source = "-f lavfi -i testsrc2=s=\(size):r=25:d=0.2 -pix_fmt yuv420p"
            let flags = encoder == "x265" ? "-x265-params log-level=none -f hevc" : "-f h264"
            try folder.succeed("ffmpeg -v error \(source) -c:v lib\(encoder) \(flags) \(size).part")
        }
        try folder.succeed("cat 320x180.part 640x360.part 160x96.part > both")
        let codec = encoder == "x265" ? "--codec hevc" : ""
        let table = try folder.succeed("sluice inspect both \(codec)")
        let words = "320x180, 640x360 from unit 5 on, 160x96 from unit 10 on,"
        #expect(table.text.contains(words), "\(table.text.prefix(400))")
        let report = try folder.succeed("sluice inspect both \(codec) --json")
        let object = try #require(try JSONSerialization.jsonObject(with: report.output) as? [String: Any])
        #expect(object["width"] as? Int == 640 && object["height"] as? Int == 360)
        let pictures = try #require(object["pictures"] as? [[String: Int]])
        #expect(pictures.map { $0["unit"] } == [0, 5, 10] && pictures.map { $0["width"] } == [320, 640, 160])
    }

    @Test("A message of help offers no flag that a command refuses in any case (fault L)")
    func flags() throws {
        #expect(try !folder.succeed("sluice join --help").text.contains("--copy-audio"))
        #expect(try folder.succeed("sluice encode --help").text.contains("--copy-audio"))
    }
}

/// Boxes of MP4 (ISO/IEC 14496-12 4.2).
private enum Boxes {
    /// A file whose movie header has a box so many times that it has once; the header comes last.
    static func repeating(_ name: String, _ count: Int, in file: [UInt8]) -> [UInt8] {
        let outer = boxes(in: file[...])
        guard let movie = outer.first(where: { $0.name == "moov" }) else { return file }
        let inner = boxes(in: movie.bytes.dropFirst(8)).flatMap { box in
            Array(repeating: Array(box.bytes), count: box.name == name ? count : 1).joined()
        }
        let size = inner.count + 8
        let header = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } + Array("moov".utf8)
        return outer.filter { $0.name != "moov" }.flatMap { Array($0.bytes) } + header + inner
    }

    private static func boxes(in bytes: ArraySlice<UInt8>) -> [(name: String, bytes: ArraySlice<UInt8>)] {
        var (boxes, rest) = ([(name: String, bytes: ArraySlice<UInt8>)](), bytes)
        while rest.count >= 8 {
            let size = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8 else { break }
            boxes.append((String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self), rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return boxes
    }
}
