import Foundation
import Testing

/// How ffmpeg makes a stream that we are to read.
struct ForeignStream: CustomTestStringConvertible, Sendable {
    let name: String
    let file: String
    let encode: String
    var testDescription: String { name }

    private static let x264 = "-c:v libx264 -preset veryfast -bf 3 -b_strategy 0"
    private static let x265 = "-c:v libx265 -preset ultrafast -x265-params log-level=error:bframes=3"
    private static let vp8 = "-c:v libvpx -b:v 300k -auto-alt-ref 1 -lag-in-frames 10 -cpu-used 8 -deadline good"
    private static let vp9 = "-c:v libvpx-vp9 -b:v 300k -cpu-used 8 -deadline good"
    private static let av1 = "-c:v libaom-av1 -cpu-used 8 -b:v 300k"

    static let h264 = [
        ForeignStream(name: "H.264, B pictures, Annex B", file: "in.h264", encode: x264),
        ForeignStream(name: "H.264, B pictures, MP4", file: "in.mp4", encode: x264),
        ForeignStream(
            name: "H.264, fragmented MP4",
            file: "in.mp4",
            encode: "\(x264) -movflags frag_keyframe+empty_moov"
        ),
        ForeignStream(name: "H.264, MKV", file: "in.mkv", encode: x264),
        ForeignStream(name: "H.264, MPEG-TS", file: "in.ts", encode: x264),
        ForeignStream(name: "H.264 10 bits 4:2:2", file: "in.mkv", encode: "\(x264) -pix_fmt yuv422p10le"),
        ForeignStream(name: "H.264 4:4:4, baseline times", file: "in.h264", encode: "\(x264) -pix_fmt yuv444p -bf 0"),
    ]
    static let others = [
        ForeignStream(name: "HEVC, Annex B", file: "in.hevc", encode: x265),
        ForeignStream(name: "HEVC, MP4", file: "in.mp4", encode: "\(x265) -tag:v hvc1"),
        ForeignStream(name: "HEVC 10 bits, MKV", file: "in.mkv", encode: "\(x265) -pix_fmt yuv420p10le"),
        ForeignStream(name: "VP8 with hidden frames, IVF", file: "in.ivf", encode: vp8),
        ForeignStream(name: "VP8, WebM", file: "in.webm", encode: vp8),
        ForeignStream(name: "VP9, IVF", file: "in.ivf", encode: vp9),
        ForeignStream(name: "VP9 4:4:4, WebM", file: "in.webm", encode: "\(vp9) -pix_fmt yuv444p"),
        ForeignStream(name: "VP9, MP4", file: "in.mp4", encode: vp9),
        ForeignStream(name: "AV1, OBU", file: "in.obu", encode: av1),
        ForeignStream(name: "AV1, IVF", file: "in.ivf", encode: av1),
        ForeignStream(name: "AV1 10 bits, MP4", file: "in.mp4", encode: "\(av1) -pix_fmt yuv420p10le"),
        ForeignStream(name: "AV1, MKV", file: "in.mkv", encode: av1),
    ]
    static let all = h264 + others

    static let frames = 25

    func make(in folder: TemporaryFolder) throws {
        let source = "testsrc2=size=98x66:rate=25"
        let command = "ffmpeg -v error -y -f lavfi -i \(source) -frames:v \(Self.frames) -pix_fmt yuv420p"
        try folder.succeed("\(command) \(encode) \(file)", timeLimit: 120)
    }
}

@Suite("Decoding")
struct DecodeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The SHA-256 of each frame as ffmpeg decodes it.
    private func oracle(_ name: String) throws -> [String] {
        let script =
            "ffmpeg -v error -xerror -noautorotate -i \(name) -fps_mode passthrough -f framehash -hash sha256 -"
        return try folder.succeed(script).lines.filter { !$0.hasPrefix("#") }.map { line in
            String(line.split(separator: ",").last ?? "").trimmingCharacters(in: .whitespaces)
        }
    }

    private struct Line: Equatable {
        let number: Int
        let timestamp: Int
        let bytes: Int
        let hash: String
    }

    private func lines(_ text: String) -> [Line] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let fields = line.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            guard fields.count == 4, let number = Int(fields[0]), let time = Int(fields[1]), let bytes = Int(fields[2])
            else { return nil }
            return Line(number: number, timestamp: time, bytes: bytes, hash: fields[3])
        }
    }

    private func hashes(_ arguments: String) throws -> [Line] {
        lines(try folder.succeed("sluice decode \(arguments) --format framehash -o -").text)
    }

    @Test("Decoding gives ffmpeg's frames, to the bit and in order", .mustEnd, arguments: ForeignStream.all)
    func identical(stream: ForeignStream) throws {
        try stream.make(in: folder)
        // AV1's own format does not store a rate.
        let ours = try hashes(stream.file == "in.obu" ? "in.obu -r 25" : stream.file)
        #expect(ours.map(\.hash) == (try oracle(stream.file)))
        #expect(ours.map(\.number) == Array(0..<ForeignStream.frames))
        let start = try #require(ours.first).timestamp
        for line in ours {
            #expect(abs(line.timestamp - start - line.number * 40_000) <= 1000, "frame \(line.number)")
        }
    }

    @Test("Decoding of our own streams gives ffmpeg's frames", .mustEnd, arguments: Carriage.all)
    func own(carriage: Carriage) throws {
        let source = try folder.source()
        let encode = "sluice \(Quick.size) -p i420 \(Quick.flags(carriage.codec)) --format \(carriage.format)"
        try folder.succeed("\(encode) -o \(carriage.file) \(source)")
        let ours = try hashes("\(carriage.file)\(carriage.format.hasPrefix("obu") ? " -r 30000/1001" : "")")
        #expect(ours.map(\.hash) == (try oracle(carriage.file)))
        #expect(ours.count == Quick.frames)
        let times = (0..<Quick.frames).map { Int((Double($0) * 1_001_000 / 30).rounded()) }
        // Matroska has milliseconds.
        let grain = ["mkv", "webm"].contains(carriage.format) ? 500 : 0
        for (time, expected) in zip(ours.map(\.timestamp), times) { #expect(abs(time - expected) <= grain) }
    }

    @Test("Decoding takes the same from a pipe", .mustEnd, arguments: ForeignStream.all)
    func pipe(stream: ForeignStream) throws {
        try stream.make(in: folder)
        // A file whose index is after its frames has to be read from its end.
        if stream.file == "in.mp4", !stream.encode.contains("frag") {
            try folder.succeed(
                "ffmpeg -v error -y -i in.mp4 -c copy -movflags +faststart moved.mp4 && mv moved.mp4 in.mp4"
            )
        }
        let ours = lines(try folder.succeed("cat \(stream.file) | sluice decode - --format framehash -o -").text)
        #expect(ours == (try hashes(stream.file)))
    }

    @Test("Decoding reads AVCC with its description", .mustEnd, arguments: ["h264", "hevc"])
    func avcc(codec: String) throws {
        let source = try folder.source()
        let encode = "sluice \(Quick.size) -p i420 \(Quick.flags(codec))"
        try folder.succeed("\(encode) --format avcc -o out.avcc --description out.bin \(source)")
        try folder.succeed("\(encode) --format annexb -o out.h26x \(source)")
        let ours = try hashes("out.avcc --input-format avcc --description out.bin -r 30000/1001")
        #expect(ours.map(\.hash) == (try oracle("out.h26x")))
        #expect(ours == (try hashes("out.h26x")))
        try folder.fail(
            "sluice decode out.avcc --input-format avcc --format raw -o x",
            status: 64,
            saying: "description"
        )
        try folder.fail(
            "sluice decode out.avcc --input-format avcc --description out.avcc --format raw -o x",
            status: 65
        )
    }

    @Test("Decoding finds chunks by their lines", .mustEnd, arguments: Carriage.all)
    func chunkLines(carriage: Carriage) throws {
        // A decoder does not accept length-delimited units directly.
        guard carriage.format != "obu-annexb" else { return }
        let source = try folder.source()
        let encode = "sluice \(Quick.size) -p i420 \(Quick.flags(carriage.codec)) --format \(carriage.format)"
        try folder.succeed("\(encode) -o \(carriage.file) --chunks out.jsonl \(source)")
        let rate = carriage.format == "obu" ? " -r 30000/1001" : ""
        let (lines, plain) = (
            try hashes("\(carriage.file) --chunks out.jsonl"), try hashes("\(carriage.file)\(rate)")
        )
        #expect(lines.map(\.hash) == plain.map(\.hash))
        for (line, other) in zip(lines, plain) { #expect(abs(line.timestamp - other.timestamp) <= 500) }
    }

    @Test("Decoding refuses chunk lines that are not as they must be", .mustEnd)
    func damagedLines() throws {
        let source = try folder.source()
        try folder.succeed("sluice \(Quick.size) -p i420 \(Quick.flags("h264")) -o a.h264 --chunks a.jsonl \(source)")
        let decode = "sluice decode a.h264 --chunks b.jsonl --format raw -o x"
        try folder.succeed("sed '3s/\"size\":[0-9]*/\"size\":99999999/' a.jsonl > b.jsonl")
        try folder.fail(decode, status: 65, saying: "line 3")
        try folder.succeed("sed '2s/\"offset\":/\"offset\":-/' a.jsonl > b.jsonl")
        try folder.fail(decode, status: 65, saying: "line 2")
        try folder.succeed("sed '4s/delta/key/' a.jsonl > b.jsonl")
        try folder.fail(decode, status: 65, saying: "key chunk")
        try folder.succeed("tail -n +2 a.jsonl > b.jsonl")
        try folder.fail(decode, status: 65, saying: "decoderConfig")
        try folder.succeed("head -c -5 a.jsonl > b.jsonl")
        try folder.fail(decode, status: 65, saying: "line feed")
        #expect(!folder.exists("x"))
    }

    @Test("Decoding writes what raw pipelines read: raw, Y4M and other pixel formats", .mustEnd)
    func formats() throws {
        try ForeignStream.all[1].make(in: folder)
        try folder.succeed(
            "sluice decode in.mp4 -o a.yuv && sluice decode in.mp4 -o a.y4m && sluice decode in.mp4 -o a.nv12"
        )
        #expect(try folder.bytes("a.yuv") == folder.decode("in.mp4", "yuv420p"))
        #expect(try folder.bytes("a.nv12") == folder.decode("in.mp4", "nv12"))
        #expect(try folder.decode("a.y4m", "yuv420p") == folder.decode("in.mp4", "yuv420p"))
        #expect(try folder.probe("a.y4m", "width,height,r_frame_rate") == "98,66,25/1")
        let rgba = Array(try folder.succeed("sluice decode in.mp4 -p rgba -o -").output)
        #expect(rgba.count == 98 * 66 * 4 * ForeignStream.frames)
        try folder.succeed("sluice decode in.mp4 -p rgba --size 64x48 -o small.raw")
        #expect(try folder.bytes("small.raw").count == 64 * 48 * 4 * ForeignStream.frames)
        try folder.fail("sluice decode in.mp4 -o a.yuv", status: 73)
        try folder.fail("sluice decode in.mp4 -p rgba -o b.y4m", status: 64, saying: "rgba")
        try folder.fail("sluice decode in.mp4 -p i420 -o b.rgba", status: 64, saying: "contradicts")
        try folder.fail("sluice decode in.mp4 -o in.mp4 --format raw --overwrite", status: 64, saying: "input")
        try folder.fail("sluice decode a.yuv -o c.yuv", status: 69)
        try folder.fail("sluice decode nothing.mp4 -o c.yuv", status: 66)
    }

    @Test("Decoding returns the requested frames, and counts them", .mustEnd)
    func selection() throws {
        try ForeignStream.all[1].make(in: folder)
        let all = try hashes("in.mp4").map(\.hash)
        #expect(try hashes("in.mp4 --skip 5").map(\.hash) == Array(all[5...]))
        #expect(try hashes("in.mp4 --skip 5 --frames 7").map(\.hash) == Array(all[5..<12]))
        #expect(try hashes("in.mp4 --expect-frames 25").map(\.hash) == all)
        try folder.fail("sluice decode in.mp4 --expect-frames 24 -o x.yuv", status: 65, saying: "24")
        try folder.fail("sluice decode in.mp4 --expect-frames 26 -o x.yuv", status: 65, saying: "25 frames")
        try folder.fail("sluice decode in.mp4 --frames 26 -o x.yuv", status: 65, saying: "25 frames")
        try folder.fail("sluice decode in.mp4 --skip 25 -o x.yuv", status: 65, saying: "25")
        #expect(!folder.exists("x.yuv"))
    }

    @Test(
        "Decoding of a truncated file is an error, at any position",
        .mustEnd,
        arguments: ForeignStream.all.filter { !$0.file.hasSuffix(".ts") }
    )
    func truncated(stream: ForeignStream) throws {
        try stream.make(in: folder)
        let size = try folder.bytes(stream.file).count
        for part in [30, 60, 90, 97] {
            let cut = "cut.\(stream.file)"
            try folder.succeed("rm -f x; head -c \(size * part / 100) \(stream.file) > \(cut)")
            let outcome = try folder.run("sluice decode \(cut) --format framehash -o x")
            // A unit may end where the file does: then an elementary stream does not show that units are missing.
            if outcome.ending == .exited(0), [".h264", ".hevc", ".obu"].contains(where: stream.file.hasSuffix) {
                // HEVC's decoder invents the rest of a picture without a message.
                let whole = try lines(folder.text("x")).map(\.hash).dropLast(stream.file.hasSuffix(".hevc") ? 1 : 0)
                #expect(Array(whole) == Array(try oracle(cut).prefix(whole.count)), "\(part) %")
                continue
            }
            #expect(outcome.ending == .exited(65), "\(part) %: \(outcome.errors)")
            #expect(!folder.exists("x"), "\(part) %")
        }
    }

    @Test("Decoding keeps the complete frames of a truncated file, if that is accepted", .mustEnd)
    func partial() throws {
        let stream = ForeignStream(
            name: "H.264, MP4 that begins with its index",
            file: "in.mp4",
            encode: "-c:v libx264 -preset veryfast -bf 2 -movflags +faststart"
        )
        try stream.make(in: folder)
        let (size, all) = (try folder.bytes("in.mp4").count, try oracle("in.mp4"))
        try folder.succeed("head -c \(size * 70 / 100) in.mp4 > cut.mp4")
        try folder.fail("sluice decode cut.mp4 --format framehash -o x", status: 65, saying: "accept-partial")
        let outcome = try folder.succeed("sluice decode cut.mp4 --accept-partial --json --format framehash -o x")
        let kept = lines(try folder.text("x")).map(\.hash)
        #expect(kept.count > 5 && kept.count < 25)
        // Pictures that are shown before one that was kept may be lost.
        var rest = all[...]
        for frame in kept {
            let place = try #require(rest.firstIndex(of: frame), "a frame of the whole stream, in order")
            rest = rest[(place + 1)...]
        }
        #expect(outcome.text.contains("\"status\":\"partial\"") && outcome.text.contains("\"loss\":"))
    }

    @Test("Decoding of damaged bytes is an error", .mustEnd, arguments: ["in.h264", "in.mp4", "in.mkv"])
    func damaged(file: String) throws {
        try ForeignStream(name: "", file: file, encode: "-c:v libx264 -preset veryfast -b:v 2M").make(in: folder)
        var bytes = try folder.bytes(file)
        for place in (bytes.count / 2)..<(bytes.count / 2 + 200) { bytes[place] ^= 0x5A }
        try folder.write(bytes, to: "bad.\(file)")
        try folder.fail("sluice decode bad.\(file) --format raw -o x", status: 65)
        #expect(!folder.exists("x"))
    }

    @Test("Decoding waits for a reader who is slow, and reads no further ahead than it must", .mustEnd)
    func slowReader() throws {
        let frames = 200
        let source = "ffmpeg -v error -f lavfi -i testsrc2=size=640x360:rate=25 -frames:v \(frames)"
        try folder.succeed("\(source) -c:v libx264 -preset ultrafast -g 20 in.h264")
        let running = try Running("decode in.h264 -p rgba -o -", in: folder)
        usleep(3_000_000)
        let memory = try #require(running.child.memory("VmRSS"))
        #expect(memory < 200 << 20, "frames do not pile up: \(memory)")
        #expect(running.child.isRunning)
        running.output.closeReadEnd()
        #expect(running.child.wait(atMost: 30) == .exited(74))
    }

    @Test("Decoding that a signal ends leaves the frames so far", .mustEnd)
    func signal() throws {
        try ForeignStream(name: "", file: "in.h264", encode: "-c:v libx264 -preset veryfast -bf 0").make(in: folder)
        let running = try Running("decode - -o out.yuv", in: folder)
        running.input.write(try folder.bytes("in.h264"))
        try #require(running.wait(until: { running.unread == 0 }))
        usleep(500_000)
        running.child.send(SIGINT)
        #expect(running.child.wait(atMost: 15) == .signaled(SIGINT))
        #expect(!folder.exists("out.yuv"))
    }
}
