import Foundation
import Testing

@Suite("Temporal layers")
struct LayersTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let frames = 25
    private static let files = ["h264": "out.h264", "vp8": "out.ivf", "vp9": "out.ivf", "av1": "out.obu"]
    private static let patterns = ["L1T2": [0, 1], "L1T3": [0, 2, 1, 2]]

    struct Case: CustomTestStringConvertible, Sendable {
        let codec: String
        let mode: String
        let flags: String
        let isIVF: Bool
        var file: String { isIVF ? "out.ivf" : LayersTests.files[codec] ?? "" }
        var testDescription: String { "\(codec) \(mode) \(flags) \(file)" }

        static let all = ["h264", "vp8", "vp9", "av1"].flatMap { codec in
            ["L1T2", "L1T3"].flatMap { mode in
                [
                    Case(codec: codec, mode: mode, flags: "--bitrate 200k", isIVF: false),
                    Case(
                        codec: codec,
                        mode: mode,
                        flags: "--quantizer 20 --latency-mode realtime",
                        isIVF: codec == "av1"
                    ),
                ]
            }
        }
    }

    private func encode(_ item: Case, _ more: String = "") throws {
        let natural = Content.natural(size: "96x64", seconds: 1)
        if !folder.exists("in.raw") {
            try folder.succeed("\(natural) -frames:v \(Self.frames) -f rawvideo -pix_fmt yuv420p in.raw")
        }
        let encode = "sluice -s 96x64 -r 30 -p i420 \(Quick.flags(item.codec)) --scalability-mode \(item.mode)"
        try folder.succeed("\(encode) \(item.flags) \(more) -o \(item.file) --chunks out.jsonl --overwrite in.raw")
    }

    private func filter(_ item: Case, _ layer: Int, to output: String) throws {
        let flags = "--max-temporal-layer \(layer) --scalability-mode \(item.mode)"
        try folder.succeed("sluice layers \(item.file) \(flags) -o \(output) --overwrite")
    }

    /// For each k the pictures of the layers up to k are those of the whole stream.
    private func check(_ item: Case, _ layers: [Int]) throws {
        #expect(try folder.chunks("out.jsonl").map(\.temporalLayerId) == layers)
        let all = try folder.frameHashes(item.file)
        try #require(all.count == Self.frames)
        #expect(Set(all).count > Self.frames / 2, "the pictures differ from each other")
        for layer in 0...(layers.max() ?? 0) {
            let name = "layer\(layer).\(item.file)"
            try filter(item, layer, to: name)
            let kept = try folder.frameHashes(name)
            #expect(kept == zip(all, layers).filter { $0.1 <= layer }.map(\.0), "layers up to \(layer)")
            let strict = "ffmpeg -v warning -xerror -err_detect explode -i \(name) -f null -"
            #expect(try folder.succeed(strict).errors == "", "layers up to \(layer)")
        }
    }

    @Test(
        "Temporal layers that are dropped leave the same pictures, to the bit",
        .mustEnd,
        arguments: Case.all
    )
    func dropped(item: Case) throws {
        try encode(item)
        let pattern = Self.patterns[item.mode] ?? []
        try check(item, (0..<Self.frames).map { pattern[$0 % pattern.count] })
    }

    @Test("Temporal layers restart at a key frame", .mustEnd, arguments: Case.all.filter { $0.mode == "L1T3" })
    func keyFrame(item: Case) throws {
        try folder.write(Array("{\"frame\":6,\"keyFrame\":true}\n{\"frame\":15,\"keyFrame\":true}".utf8), to: "o.jsonl")
        try encode(item, "--frame-options o.jsonl --key-frame-interval 20")
        let pattern = Self.patterns[item.mode] ?? []
        let starts = [0, 6, 15]
        let layers = (0..<Self.frames).map { frame in
            pattern[(frame - (starts.last { $0 <= frame } ?? 0)) % pattern.count]
        }
        try check(item, layers)
        let keys = try folder.chunks("out.jsonl").filter { $0.type == "key" }.map(\.index)
        #expect(keys == starts)
    }

    @Test("Temporal layers are in the OBU headers of AV1, so that no mode has to be named", .mustEnd)
    func withoutMode() throws {
        let item = Case(codec: "av1", mode: "L1T3", flags: "--quantizer 30", isIVF: false)
        try encode(item)
        try filter(item, 1, to: "a.obu")
        try folder.succeed("sluice layers out.obu --max-temporal-layer 1 -o b.obu")
        try folder.succeed("sluice layers --max-temporal-layer 1 -o - < out.obu > c.obu")
        #expect(try folder.bytes("a.obu") == folder.bytes("b.obu"))
        #expect(try folder.bytes("a.obu") == folder.bytes("c.obu"))
        let ids = try folder.headers("out.obu").sections.compactMap { $0.values["temporal_id"] }
        #expect(Set(ids).isSuperset(of: [1, 2]))
        #expect(try folder.frameCount("a.obu") == 13)
    }

    @Test(
        "Temporal layers that are all kept leave the stream as it was",
        .mustEnd,
        arguments: Case.all.filter { $0.mode == "L1T2" }
    )
    func kept(item: Case) throws {
        try encode(item)
        try filter(item, 1, to: "same")
        #expect(try folder.bytes("same") == folder.bytes(item.file))
    }

    @Test("Temporal layers have each its share of the bit rate", .mustEnd, arguments: ["vp8", "vp9", "av1"])
    func rate(codec: String) throws {
        let source = "\(Content.complex(size: "160x96", seconds: 4)) -f yuv4mpegpipe -pix_fmt yuv420p -"
        let flags = "--bitrate 300k --bitrate-mode constant --latency-mode realtime --scalability-mode L1T3"
        try folder.succeed("\(source) | sluice --codec \(codec) \(flags) -o out.ivf --chunks out.jsonl")
        let chunks = try folder.chunks("out.jsonl")
        let bits = (0..<3).map { layer in chunks.filter { $0.temporalLayerId <= layer }.reduce(0) { $0 + $1.size * 8 } }
        #expect(abs(Double(bits[2]) / 4 / 300_000 - 1) < 0.15, "\(bits)")
        // A player that takes half the frames is not sent nearly all the bits.
        #expect(bits[0] < bits[2] * 7 / 10 && bits[1] < bits[2] * 9 / 10 && bits[0] * 4 > bits[2], "\(bits)")
    }

    @Test(
        "Temporal layers that cannot be encoded are unsupported, and an unknown mode is a usage error",
        .mustEnd,
        arguments: [
            ("hevc", "L1T2", 69, "libx265"), ("hevc", "L1T3", 69, "libx265"),
            ("vp9", "L2T1", 69, "L1T1, L1T2 or L1T3"),
            ("av1", "L3T3_KEY", 69, "L1T1, L1T2 or L1T3"), ("h264", "S2T1", 69, "L1T1, L1T2 or L1T3"),
            ("vp9", "LXT", 64, "LXT"), ("vp9", "L1T4", 64, "L1T4"), ("vp9", "l1t2", 64, "l1t2"),
            ("vp9", "''", 64, "scal"),
            ("av1 --encoder libsvtav1", "L1T2", 69, "libsvtav1"), ("av1 --encoder librav1e", "L1T2", 69, "librav1e"),
        ] as [(String, String, Int32, String)]
    )
    func refused(codec: String, mode: String, status: Int32, words: String) throws {
        let encode = "sluice -s 128x96 -r 30 -p i420 --codec \(codec) --scalability-mode \(mode) -o out.mkv"
        try folder.fail("mkfifo frames; exec 9<>frames; \(encode) frames", status: status, saying: words)
        #expect(folder.names == ["frames"])
    }

    @Test("Temporal layers of a file that is not a stream fail with a message", .mustEnd)
    func failures() throws {
        let item = Case(codec: "vp9", mode: "L1T3", flags: "--quantizer 30", isIVF: false)
        try encode(item)
        try folder.write([], to: "empty.ivf")
        try folder.write((0..<500).map { UInt8($0 * 89 % 251) }, to: "garbage.ivf")
        try folder.write(Array(try folder.bytes("out.ivf").prefix(1000)), to: "cut.ivf")
        let names = folder.names
        let end = "--max-temporal-layer 0 --scalability-mode L1T3 -o"
        try folder.fail("sluice layers empty.ivf \(end) new", status: 65, saying: "empty.ivf is empty")
        try folder.fail("sluice layers - \(end) new < empty.ivf", status: 65, saying: "empty")
        try folder.fail("sluice layers garbage.ivf \(end) new", status: 69, saying: "garbage.ivf", "IVF")
        try folder.fail("sluice layers cut.ivf \(end) new", status: 65, saying: "cut.ivf", "within a frame")
        try folder.fail("sluice layers missing.ivf \(end) new", status: 66, saying: "missing.ivf cannot be opened")
        try folder.fail("sluice layers out.ivf --max-temporal-layer 0 -o new", status: 64, saying: "--scalability-mode")
        try folder.fail("sluice layers out.ivf \(end) cut.ivf", status: 73, saying: "cut.ivf exists", "--overwrite")
        try folder.fail("sluice layers out.ivf \(end) out.ivf", status: 64, saying: "out.ivf is the input")
        try folder.fail("sluice layers out.ivf \(end) ./out.ivf --overwrite", status: 64, saying: "is the input")
        try folder.fail("sluice layers out.ivf \(end) /dev/full", status: 74, saying: "No space left on device")
        try folder.fail("sluice layers out.ivf \(end) no/new", status: 73, saying: "no/new cannot be created")
        try folder.fail("sluice layers out.ivf --max-temporal-layer x -o new", status: 64, saying: "max-temporal-layer")
        try folder.fail("sluice layers out.ivf -o new", status: 64, saying: "--max-temporal-layer")
        #expect(folder.names == names)
        #expect(try folder.frameCount("out.ivf") == Self.frames)
    }
}
