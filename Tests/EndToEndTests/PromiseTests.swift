import Foundation
import Testing

@Suite("Requests that cannot be met", .mustEnd)
struct PromiseTests {
    let folder: TemporaryFolder
    private let raw = "a.yuv -s 64x48 -p i420"

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 64x48 -p i420 --frames 10 > a.yuv")
    }

    private func refuse(_ command: String, status: Int32 = 69, saying words: String) throws {
        try folder.fail("sluice \(command)", status: status, saying: words)
        #expect(folder.names.filter { $0.hasPrefix("o") } == [], "\(command)")
    }

    @Test("Colors that a stream cannot store are refused")
    func colors() throws {
        for codec in ["vp8", "vp9"] {
            for flag in ["--color-transfer pq", "--color-primaries bt2020"] {
                try refuse(
                    "\(raw) -r 30 --codec \(codec) \(flag) -o o.ivf",
                    saying: "cannot store primaries and transfer"
                )
            }
        }
        // The chunks' lines have it, and so has a container.
        try folder.succeed("sluice \(raw) -r 30 --codec vp9 --color-transfer pq -o o.ivf --chunks o.jsonl")
        try folder.succeed("sluice \(raw) -r 30 --codec vp9 --color-transfer pq -o o.webm")
        #expect(try folder.probe("o.webm", "color_transfer") == "smpte2084")
        for output in ["av1 -o o.obu", "av1 -o o.mp4", "vp9 -o o.ivf", "vp8 -o o.ivf"] {
            let flags = "--chroma-location center --overwrite --codec"
            try folder.fail(
                "sluice \(raw) -r 30 \(flags) \(output)",
                status: 69,
                saying: "cannot store chroma at the center"
            )
        }
        for output in ["av1 -o o.mkv", "vp9 -o o.webm", "h264 -o o.mp4"] {
            try folder.succeed("sluice \(raw) -r 30 --overwrite --chroma-location center --codec \(output)")
            #expect(
                try folder.probe(String(output.split(separator: " ")[2]), "chroma_location") == "center",
                "\(output)"
            )
        }
    }

    @Test("Times that a format does not store are refused if requested")
    func times() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i \"testsrc=s=64x48:r=25,setpts='(N*0.04+gte(N,5)*0.013)/TB'\" -frames:v 10"
                + " -fps_mode passthrough -enc_time_base 1:1000 -c:v libx264 -bf 0 -threads 1 u.mkv"
        )
        for name in ["o.h264", "o.avcc"] {
            try refuse("u.mkv --variable-rate -o \(name)", saying: "does not store times (use ivf, mp4, mov, mkv, webm")
        }
        let outcome = try folder.succeed("sluice u.mkv --variable-rate --codec vp8 -o o.ivf")
        #expect(!outcome.errors.contains("times"))
        try folder.succeed("sluice u.mkv --variable-rate -o o.h264 --chunks o.jsonl")
    }

    @Test("More frames a second than a container can count are refused")
    func rates() throws {
        for name in ["o.webm", "o.mkv"] {
            try refuse("\(raw) -r 10000 --codec vp8 -o \(name)", saying: "stores milliseconds")
        }
        try folder.succeed("sluice \(raw) -r 10000 --codec vp9 -o o.mp4; sluice \(raw) -r 1000 --codec vp8 -o o.webm")
        #expect(try folder.frameCount("o.mp4") == 10)
    }

    @Test("Pauses that readers of MP4 take for damage are refused")
    func pauses() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i \"testsrc=s=64x48:r=25,setpts='(N*0.04+gte(N,25)*300)/TB+0.2'\" -frames:v 50"
                + " -fps_mode passthrough -enc_time_base 1:1000 -c:v libx264 -bf 0 -threads 1 h.mkv"
        )
        try refuse(
            "h.mkv --variable-rate -o o.mp4",
            saying: "the pause between two frames is longer than readers of MP4 accept"
        )
        for (flags, name) in [("", "o.mkv"), ("--fragment", "o.mp4"), ("--latency-mode realtime --overwrite", "o.mp4")]
        {
            try folder.succeed("sluice h.mkv --variable-rate \(flags) -o \(name)")
            #expect(try folder.frameCount(name) == 50, "\(flags) \(name)")
        }
    }

    @Test("Another matrix for planar RGB is refused")
    func planarRGB() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc=s=64x48:r=25 -frames:v 10 -c:v libx264rgb -crf 10 -threads 1 rgb.mkv"
        )
        try refuse("rgb.mkv --color-matrix bt709 -o o.mp4", saying: "planar RGB")
        try refuse("rgb.mkv -o o.mp4", saying: "--chroma 444")
        try folder.succeed("sluice rgb.mkv --chroma 444 -o o.mp4")
        #expect(try folder.probe("o.mp4", "color_space") == "gbr")
    }

    @Test("A codec that contradicts the output's extension is refused")
    func names() throws {
        for name in ["o.h264", "o.264", "o.avc"] {
            try refuse("\(raw) -r 30 --codec hevc -o \(name)", status: 64, saying: "is a file name for H.264")
        }
        try refuse(
            "\(raw) -r 30 --codec avc1.42E01F -o o.hevc",
            status: 64,
            saying: "is a file name for HEVC, not for H.264"
        )
        for name in ["o.hevc", "o.h265", "o.265"] {
            try folder.succeed("sluice \(raw) -r 30 -o \(name)")
            #expect(try folder.probe(name, "codec_name") == "hevc")
        }
        try folder.succeed("sluice \(raw) -r 30 --codec hevc --format annexb -o p.h264")
        try folder.succeed("sluice plan --segment-frames 5 -o p.json \(raw) -r 30 --codec hevc --format annexb")
        try folder.succeed("sluice shard p.json --index 0 && sluice shard p.json --index 1")
        try folder.fail(
            "sluice join p.json -o q.h264",
            status: 64,
            saying: "q.h264 is a file name for H.264, not for HEVC"
        )
    }

    @Test("An encoder of another codec, and options under alias names, are refused")
    func others() throws {
        try refuse(
            "probe --codec vp8 --encoder libaom",
            status: 64,
            saying: "libaom does not encode VP8 (available: libvpx"
        )
        try refuse("probe --codec vp8 --junit -", status: 64, saying: "a report needs a file")
        try refuse(
            "\(raw) -r 30 --codec hevc --encoder-option crop-rect=8,8,8,8 -o o.hevc",
            status: 64,
            saying: "encoder option crop-rect=8,8,8,8 is not passed on"
        )
    }

    @Test("Shards of one format with the extension of another are refused")
    func shards() throws {
        try folder.succeed("sluice plan --segment-frames 5 -o p.json \(raw) -r 30 --format mp4")
        try folder.succeed("sluice shard p.json --index 0 && sluice shard p.json --index 1")
        try refuse("join p.json -o o.mkv", status: 64, saying: "o.mkv is a name for mkv, but the plan has mp4")
        try folder.succeed("sluice join p.json -o o.mp4")
    }

    @Test("Rotation and flip are the input's by default, and --rotation 0 removes a rotation")
    func orientation() throws {
        try folder.succeed("sluice \(raw) -r 30 --rotation 270 -o r.mp4")
        for (flags, rotation) in [("", 270), ("--flip", 270), ("--rotation 0", 0), ("--rotation 90", 90)] {
            try folder.succeed("sluice r.mp4 \(flags) --json -o o.mp4 --overwrite > o.json")
            let receipt = try JSONSerialization.jsonObject(with: Data(folder.bytes("o.json"))) as? [String: Any]
            let config = try #require(receipt?["config"] as? [String: Any])
            #expect(config["rotation"] as? Int == rotation, "\(flags)")
            #expect(config["flip"] as? Bool == (flags == "--flip"), "\(flags)")
        }
        try folder.succeed("sluice r.mp4 --rotation 0 -o o.h264")
        // A manifest can also have false.
        try folder.succeed("sluice \(raw) -r 30 --flip -o m.mp4")
        for (value, flip) in [("true", true), ("false", false)] {
            let manifest = "jobs: [{input: m.mp4, output: f.mp4, flip: \(value)}]"
            try folder.write(Array(manifest.utf8), to: "m.yaml")
            try folder.succeed("sluice batch m.yaml --quiet")
            #expect(try folder.text("f.mp4.receipt.json").contains("\"flip\":\(flip)"))
        }
    }

    @Test("An encoder option with two values is refused")
    func twice() throws {
        try refuse(
            "\(raw) -r 30 --encoder-option keyint-min=5 --encoder-option keyint-min=6 -o o.h264",
            status: 64,
            saying: "encoder option keyint-min is given twice"
        )
    }

    @Test("Fields and times that cannot be kept are reported")
    func notices() throws {
        let field = "-vf setfield=tff -flags +ildct+ilme -c:v libx264 -threads 1"
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc=s=64x48:r=25 -frames:v 10 \(field) i.mkv")
        let interlaced = try folder.succeed("sluice i.mkv --json -o o.mp4")
        #expect(interlaced.errors.contains("the stream is interlaced") && interlaced.text.contains("is interlaced"))
        let progressive = try folder.succeed("sluice o.mp4 -o p.mp4")
        #expect(!progressive.errors.contains("interlaced"))
    }

    @Test("A pattern that matches its own outputs is refused")
    func pattern() throws {
        try folder.write(Array("jobs: [{input: \"*.y4m\", output: \"${stem}-n.y4m\", format: obu}]".utf8), to: "m.yaml")
        try folder.succeed("sluice testsrc -s 64x48 --frames 2 -o c.y4m; cp c.y4m c-n.y4m")
        try folder.fail(
            "sluice batch m.yaml",
            status: 78,
            saying: "c-n.y4m is read and written by jobs of the same entry"
        )
    }

    @Test("A matrix without jobs is refused", arguments: ["{crf: []}", "[]"])
    func emptyMatrix(matrix: String) throws {
        let manifest = "jobs: [{input: a.yuv, output: \"o${crf}.h264\", matrix: \(matrix)}]"
        try folder.write(Array(manifest.utf8), to: "m.yaml")
        try refuse("batch m.yaml", status: 78, saying: "at least one")
    }
}
