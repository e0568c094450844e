import Foundation
import Testing

@Suite("Every codec in every format that carries it")
struct ContainerTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func encode(_ item: Carriage, _ flags: String = "", input: String = "i420", to output: String? = nil)
        throws
    {
        let target = output ?? "-o \(item.file)"
        let source = try folder.source(input)
        let command = "sluice \(Quick.size) -p \(input) \(Quick.flags(item.codec)) --format \(item.format)"
        try folder.succeed("\(command) \(flags) --overwrite \(target) \(source)")
    }

    @Test(
        "Every codec in every format that carries it has every frame, its size and its pixel format, in a file and in a pipe",
        .mustEnd,
        arguments: Carriage.all
    )
    func frames(item: Carriage) throws {
        try encode(item)
        try encode(item, to: "-o - > pipe-\(item.file)")
        for name in [item.file, "pipe-\(item.file)"] {
            #expect(try folder.frameCount(name) == Quick.frames)
            #expect(try folder.probe(name, "codec_name") == item.codec)
            #expect(try folder.probe(name, "width,height,pix_fmt") == "64,48,yuv420p")
        }
        #expect(try folder.frameHashes(item.file) == folder.frameHashes("pipe-\(item.file)"))
    }

    @Test(
        "Every codec in every format that carries it has the frames in their order",
        .mustEnd,
        arguments: Carriage.all
    )
    func order(item: Carriage) throws {
        try encode(item, "--quantizer 10", input: "rgba")
        let luma = try folder.decode(item.file, "gray")
        let numbers = (0..<(luma.count / (64 * 48))).map {
            TestPicture.number(inLuma: luma, frame: $0, width: 64, height: 48)
        }
        #expect(numbers == Array(0..<Quick.frames))
    }

    @Test(
        "Every codec in every format that carries it is the same bytes for the same input",
        .mustEnd,
        arguments: Carriage.all
    )
    func same(item: Carriage) throws {
        try encode(item, "--threads 2")
        try folder.succeed("mv \(item.file) first")
        try encode(item, "--threads 2")
        #expect(try folder.bytes("first") == folder.bytes(item.file))
    }

    @Test(
        "Every codec in every format that carries it has in its receipt the digest of the file",
        .mustEnd,
        arguments: Carriage.all
    )
    func receipt(item: Carriage) throws {
        try encode(item, "--receipt out.json")
        let receipt = try folder.receipt("out.json")
        #expect(try receipt.output.sha256 == folder.sha256(item.file))
        #expect(try receipt.output.bytes == folder.bytes(item.file).count)
        #expect(receipt.output.format == item.format)
        #expect(receipt.output.chunks == Quick.frames && receipt.input.frames == Quick.frames)
    }

    @Test(
        "Every codec in every format that carries it is found in the file by the chunk lines",
        .mustEnd,
        arguments: Carriage.withChunks
    )
    func chunks(item: Carriage) throws {
        try encode(item, "--chunks out.jsonl")
        let lines = try folder.chunks("out.jsonl")
        #expect(lines.count == Quick.frames)
        #expect(lines.map(\.index) == Array(0..<Quick.frames))
        #expect(lines.first?.type == "key")
        let rebuilt = try folder.rebuild(item.file, "out.jsonl", item)
        #expect(try folder.frameHashes(rebuilt) == folder.frameHashes(item.file))
    }

    @Test(
        "Every codec in every format that carries it has no chunk lines where WebCodecs does not take its chunks",
        .mustEnd
    )
    func noChunks() throws {
        let source = try folder.source()
        let encode = "sluice \(Quick.size) -p i420 \(Quick.flags("av1")) --format obu-annexb"
        try folder.fail("\(encode) -o out.obu --chunks out.jsonl \(source)", status: 69, saying: "--chunks", "obu, ivf")
        #expect(folder.names == [source])
    }

    @Test(
        "Every codec in every format that carries it as AVCC, is found in it too, HEVC as H.264",
        .mustEnd,
        arguments: ["h264", "hevc"]
    )
    func avcc(codec: String) throws {
        let item = Carriage(codec: codec, format: "avcc", file: "out.avcc")
        try encode(item, "--chunks out.jsonl --description out.record")
        try encode(Carriage(codec: codec, format: "annexb", file: "plain.\(codec)"))
        let hashes = try folder.frameHashes(try folder.rebuild("out.avcc", "out.jsonl", item))
        #expect(hashes.count == Quick.frames)
        #expect(try hashes == folder.frameHashes("plain.\(codec)"))
        let text = try #require(try folder.chunks("out.jsonl").first?.decoderConfig?.description)
        #expect(Data(base64Encoded: text) == Data(try folder.bytes("out.record")))
    }

    struct Packet: Decodable, Equatable {
        let pts: Int
        /// Missing before the first frame that MKV's demuxer has put in order.
        let dts: Int?
        let duration: Int?
    }

    private struct Packets: Decodable { let packets: [Packet] }

    private func packets(_ name: String) throws -> [Packet] {
        let text = try folder.succeed("ffprobe -v error -show_entries packet=pts,dts,duration -of json \(name)").output
        return try JSONDecoder().decode(Packets.self, from: text).packets
    }

    @Test(
        "Every codec in every format that carries it has exact times at 30000/1001 in MP4, whole and in fragments",
        .mustEnd,
        arguments: Carriage.mp4,
        ["-o out.mp4", "--fragment -o out.mp4", "-o - > out.mp4"]
    )
    func timesInMP4(item: Carriage, output: String) throws {
        try encode(item, to: output)
        #expect(try folder.probe("out.mp4", "time_base") == "1/30000")
        let packets = try packets("out.mp4")
        #expect(packets.map(\.pts).sorted() == (0..<Quick.frames).map { $0 * 1001 })
        // Of fragments without B-frames ffprobe gives no durations, of ffmpeg's own files neither.
        let durations = Set(packets.map(\.duration))
        #expect(durations == [1001] || (output != "-o out.mp4" && durations == [nil]))
        #expect(try folder.probe("out.mp4", "duration_ts") == "12012")
        let decoding = packets.map { $0.dts ?? .max }
        #expect(zip(decoding, packets).allSatisfy { $0 <= $1.pts })
        #expect(zip(decoding, decoding.dropFirst()).allSatisfy { $0 < $1 })
        #expect(try folder.probe("out.mp4", "start_pts,r_frame_rate") == "30000/1001,0")
    }

    @Test(
        "Every codec in every format that carries it has times to the millisecond in MKV and WebM",
        .mustEnd,
        arguments: Carriage.mkv + Carriage.webm
    )
    func timesInMKV(item: Carriage) throws {
        try encode(item)
        let times = try packets(item.file).map(\.pts).sorted()
        #expect(times == (0..<Quick.frames).map { ($0 * 1001 + 15) / 30 })
    }

    @Test(
        "Every codec in every format that carries it has in IVF times in units of the frame rate",
        .mustEnd,
        arguments: Carriage.ivf
    )
    func timesInIVF(item: Carriage) throws {
        try encode(item)
        let name = item.file
        let text = try folder.succeed("ffprobe -v error -show_entries packet=pts_time -of csv=p=0 \(name)").lines
        let times = text.compactMap { Double($0.trimmingCharacters(in: .init(charactersIn: ","))) }
        #expect(times.count == Quick.frames)
        #expect(times.enumerated().allSatisfy { abs($0.element - Double($0.offset) * 1001 / 30000) < 2e-6 })
    }

    @Test(
        "Every codec in every format that carries it has the color of RGB, which is BT.709, and of VP8, which is BT.601",
        .mustEnd,
        arguments: Carriage.containers
    )
    func color(item: Carriage) throws {
        try encode(item, input: "rgba")
        let seen = try folder.probe(item.file, "color_range,color_space,color_transfer,color_primaries")
        let expected = item.codec == "vp8" ? "tv,smpte170m,smpte170m,smpte170m" : "tv,bt709,bt709,bt709"
        #expect(seen == expected)
    }

    @Test(
        "Every codec in every format that carries it has the colors that were asked for",
        .mustEnd,
        arguments: Carriage.containers.filter { $0.codec != "vp8" }
    )
    func otherColor(item: Carriage) throws {
        let flags = "--color-primaries bt2020 --color-transfer hlg --color-matrix bt2020-ncl --color-range full"
        try encode(item, flags)
        let seen = try folder.probe(item.file, "color_range,color_space,color_transfer,color_primaries")
        #expect(seen == "pc,bt2020nc,arib-std-b67,bt2020")
    }

    @Test(
        "Every codec in every format that carries it shows red as red, whatever the codec",
        .mustEnd,
        arguments: Carriage.containers
    )
    func patches(item: Carriage) throws {
        let frames = Array(repeating: Patches.rgb24, count: 3).flatMap { $0 }
        let size = "-s \(Patches.width)x\(Patches.height) -r 30 -p rgb24"
        try folder.write(frames, to: "patches.raw")
        let flags = "\(Quick.flags(item.codec)) --quantizer 4"
        try folder.succeed("sluice \(size) \(flags) -o \(item.file) patches.raw")
        let matrix = item.codec == "vp8" ? "smpte170m" : "bt709"
        let filter = "scale=in_color_matrix=\(matrix):in_range=tv:flags=accurate_rnd+full_chroma_int"
        let decoded = try folder.decode(item.file, "rgb24", filter: filter)
        #expect(decoded.count == frames.count)
        #expect(Patches.largestError(decoded) <= 4)
    }

    @Test(
        "Every codec in every format that carries it has its display size as its sample aspect ratio",
        .mustEnd,
        arguments: Carriage.containers
    )
    func aspect(item: Carriage) throws {
        try encode(item, "--display-size 128x48")
        #expect(try folder.probe(item.file, "sample_aspect_ratio") == "2:1")
    }

    @Test(
        "Every codec in every format that carries it follows from the file name, and an extension that states nothing is a usage error",
        .mustEnd,
        arguments: [
            ("h264", "h264", "h264"), ("264", "h264", "h264"), ("hevc", "hevc", "hevc"), ("265", "hevc", "hevc"),
            ("ivf", "vp8", "ivf"), ("obu", "av1", "obu"), ("mp4", "av1", "mov,mp4,m4a,3gp,3g2,mj2"),
            ("mkv", "hevc", "matroska,webm"), ("webm", "vp9", "matroska,webm"),
        ]
    )
    func extensions(ending: String, codec: String, demuxer: String) throws {
        let encode = "sluice \(Quick.size) -p i420 \(Quick.flags(codec))"
        let source = try folder.source()
        try folder.succeed("\(encode) -o out.\(ending) \(source)")
        let script = "ffprobe -v error -show_entries format=format_name -of default=nw=1:nk=1 out.\(ending)"
        #expect(try folder.succeed(script).text == "\(demuxer)\n")
        try folder.fail("\(encode) -o out.xyz \(source)", status: 64, saying: "--format")
        try folder.fail("\(encode) -o out \(source)", status: 64, saying: "--format")
    }

    @Test("WebM has the document type webm, MKV matroska", .mustEnd)
    func documentType() throws {
        for item in [Carriage.webm[0], Carriage.mkv[2]] {
            try encode(item)
            let head = String(decoding: try folder.bytes(item.file).prefix(64), as: UTF8.self)
            #expect(head.contains(item.format == "webm" ? "webm" : "matroska"), "\(item.testDescription)")
        }
    }

    @Test("MP4 is in fragments only where it was asked for or in a pipe", .mustEnd)
    func fragments() throws {
        let item = Carriage.mp4[0]
        for (output, isFragmented) in [
            ("-o out.mp4", false), ("--fragment -o out.mp4", true), ("-o - > out.mp4", true),
        ] {
            try encode(item, to: output)
            #expect(try Self.boxes(folder.bytes("out.mp4")).contains("moof") == isFragmented, "\(output)")
        }
    }

    /// The names of the boxes on top.
    private static func boxes(_ bytes: [UInt8]) -> [String] {
        var (place, names) = (0, [String]())
        while place + 8 <= bytes.count {
            names.append(String(decoding: bytes[(place + 4)..<(place + 8)], as: UTF8.self))
            place += max(8, bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) })
        }
        return names
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        let codec: String
        let formats: [String]
        let words: String
        var testDescription: String { codec }
    }

    static let refusals = [
        Refusal(codec: "h264", formats: ["ivf", "obu", "obu-annexb", "webm"], words: "annexb, avcc, mp4, mov or mkv"),
        Refusal(codec: "hevc", formats: ["ivf", "obu", "obu-annexb", "webm"], words: "annexb, avcc, mp4, mov or mkv"),
        Refusal(codec: "vp8", formats: ["annexb", "avcc", "obu", "obu-annexb", "mp4"], words: "ivf, mkv or webm"),
        Refusal(codec: "vp9", formats: ["annexb", "avcc", "obu", "obu-annexb"], words: "ivf, mp4, mkv or webm"),
        Refusal(codec: "av1", formats: ["annexb", "avcc"], words: "ivf, obu, obu-annexb, mp4, mkv or webm"),
    ]

    @Test(
        "Every codec in every format that carries it is refused elsewhere before a frame is read, with what works instead",
        .mustEnd,
        arguments: refusals
    )
    func refused(refusal: Refusal) throws {
        for format in refusal.formats {
            let command = "sluice -s 64x48 -r 30 -p i420 --codec \(refusal.codec) --format \(format) -o out.bin"
            let outcome = try folder.run(
                "rm -f frames; mkfifo frames; exec 9<>frames; \(command) frames",
                timeLimit: 10
            )
            #expect(outcome.ending == .exited(69), "\(format)")
            #expect(outcome.errors.contains("cannot store") && outcome.errors.contains(refusal.words), "\(format)")
            #expect(folder.names == ["frames"])
        }
    }
}
