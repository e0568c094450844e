import TestSupport
import Testing

@Suite("Filters of libavfilter")
struct FilterTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let raw = "-s 98x66 -r 25 -p i420 a.yuv"
    private static let sluice = "sluice --overwrite --codec vp9 --lossless"

    /// Twelve frames, raw, in Y4M and in MP4.
    private func make() throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=98x66:r=25,format=yuv420p -frames:v 12"
        try folder.succeed("\(source) -f rawvideo a.yuv && \(source) a.y4m && \(source) -c:v libx264 -qp 0 a.mp4")
    }

    @Test(
        "Frames after a graph are those of ffmpeg, of raw frames, of Y4M and of media",
        .mustEnd,
        arguments: [
            "null", "hflip", "crop=50:40:4:6", "scale=64:48", "fps=50", "fps=10", "yadif=1", "minterpolate=fps=50",
            "hqdn3d", "split[a][b];[b]vflip[c];[a][c]hstack", "transpose", "select='not(mod(n,3))'", "tmix=frames=3",
            "format=yuv444p,unsharp", "pad=120:80:4:8:red", "trim=start_frame=3:end_frame=9,setpts=PTS-STARTPTS",
            "tinterlace=mode=merge", "format=gbrp", "format=rgb24,negate", "format=yuv420p10le", "setsar=4/3",
        ]
    )
    func sameFrames(graph: String) throws {
        try make()
        let inputs = [Self.raw, "a.y4m", "a.mp4"]
        let foreign = [
            ("a.yuv", ["-f", "rawvideo", "-s", "98x66", "-r", "25", "-pix_fmt", "yuv420p"]), ("a.y4m", []),
            ("a.mp4", []),
        ]
        for (input, (name, options)) in zip(inputs, foreign) {
            try folder.succeed("\(Self.sluice) --filter \"\(graph)\" -o o.mkv \(input)")
            let format = try folder.probe("pix_fmt", of: "o.mkv")
            let own = try folder.pictureDigests(of: "o.mkv")
            let filters = ["-vf", graph, "-pix_fmt", format]
            #expect(
                try own == folder.pictureDigests(of: name, decoder: options, filters: filters, isStrict: false),
                "\(input)"
            )
            #expect(!own.isEmpty)
        }
    }

    @Test("The rate, the aspect ratio and the times of the output are those that a graph gives them", .mustEnd)
    func times() throws {
        try make()
        try folder.succeed("\(Self.sluice) --filter fps=50,setsar=4/3 -o a.mp4 --receipt r.json \(Self.raw)")
        #expect(try folder.probe("r_frame_rate", of: "a.mp4") == "50/1")
        #expect(try folder.probe("sample_aspect_ratio", of: "a.mp4") == "4:3")
        #expect(try folder.probe("nb_frames", of: "a.mp4") == "24")
        let receipt = try folder.text("r.json")
        #expect(receipt.contains(#""frames":12"#) && receipt.contains(#""chunks":24"#))
        // Times off the rate are kept if that is asked for, and else refused.
        let slow = "\(Self.sluice) --filter setpts=1.3*PTS \(Self.raw)"
        let media = slow.replacing(Self.raw, with: "a.mkv")
        try folder.succeed("ffmpeg -v error -i a.y4m -c:v ffv1 a.mkv")
        try folder.fail("\(media) -o x.mp4", status: 69, saying: "--variable-rate")
        try folder.succeed("\(slow) --variable-rate -o v.mp4")
        let times = try folder.succeed("ffprobe -v error -show_entries packet=pts_time -of csv=p=0 v.mp4").text
        let seconds = times.split(separator: "\n").compactMap { Double($0.filter { $0 != "," }) }.sorted()
        for (number, second) in seconds.enumerated() { #expect(abs(second - 1.3 * Double(number) / 25) < 0.00001) }
        #expect(seconds.count == 12)
    }

    @Test("The last frame of a film that begins late is as long after a graph as it is in the film", .mustEnd)
    func lateStart() throws {
        try make()
        let late = "ffmpeg -v error -y -copyts -i a.y4m -vf setpts=PTS+3600/TB"
        for (name, codec) in [("l.mkv", "ffv1"), ("l.nut", "ffv1"), ("l.webm", "libvpx")] {
            try folder.succeed("\(late) -c:v \(codec) \(name)")
            for filter in ["", "--filter null", "--crop 32x32+0+0"] {
                try folder.succeed("\(Self.sluice) --variable-rate \(filter) -o o.mkv \(name)")
                let length = try folder.succeed("ffprobe -v error -show_entries format=duration -of csv=p=0 o.mkv").text
                let seconds = Double(length.filter { !$0.isWhitespace })
                #expect(seconds.map { abs($0 - 0.48) < 0.002 } == true, "\(name) \(filter): \(length)")
            }
            try folder.succeed("\(Self.sluice) --filter null --framerate-of-output 10 -o o.mkv \(name)")
            #expect(try folder.pictureDigests(of: "o.mkv").count == 5, "\(name)")
        }
    }

    @Test("The times that a graph gets begin at 0, whenever the film does, and its sound stays in step", .mustEnd)
    func clock() throws {
        let make = "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=25 -f lavfi -i sine=440:d=2 -t 2 -c:v libx264"
        try folder.succeed("\(make) -c:a aac a.mp4 && ffmpeg -v error -i a.mp4 -c copy -output_ts_offset 3 a.mkv")
        try folder.succeed("ffmpeg -v error -i a.mp4 -c copy a.ts")
        for name in ["a.mp4", "a.mkv", "a.ts"] {
            let encode = "sluice --overwrite --copy-audio -o o.mkv \(name)"
            try folder.succeed("\(encode) --filter trim=start=1,setpts=PTS-STARTPTS")
            let frames =
                "ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets -of csv=p=0"
            #expect(try folder.succeed("\(frames) o.mkv").text.filter(\.isNumber) == "25", "\(name)")
            let starts = try ["v", "a"].map { stream in
                let show =
                    "ffprobe -v error -select_streams \(stream) -show_entries stream=start_time -of csv=p=0 o.mkv"
                return Double(try folder.succeed(show).text.filter { !$0.isWhitespace }) ?? .nan
            }
            #expect(starts.allSatisfy { abs($0) < 0.05 }, "\(name) \(starts)")
            // The sound ends where the frames do that were asked for.
            let count =
                "ffprobe -v error -count_packets -select_streams a -show_entries stream=nb_read_packets -of csv=p=0 o.mkv"
            try folder.succeed("\(encode) --frames 10")
            let plain = try folder.succeed(count).text
            try folder.succeed("\(encode) --frames 10 --filter null")
            #expect(try folder.succeed(count).text == plain, "\(name)")
        }
    }

    @Test("A filter that leaves PQ only 8 bits is refused, and one that leaves other pictures fewer is noted", .mustEnd)
    func depth() throws {
        let make = "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=25 -frames:v 3 -c:v ffv1 -pix_fmt yuv420p10le"
        try folder.succeed("\(make) -color_trc smpte2084 -color_primaries bt2020 -colorspace bt2020nc hdr.mkv")
        try folder.succeed("\(make) sdr.mkv")
        let encode = "sluice --overwrite --codec hevc --filter eq=saturation=1.1 -o o.mp4"
        try folder.fail("\(encode) hdr.mkv", status: 69, saying: "8 of the 10 bits", "--bit-depth 8")
        try folder.succeed("\(encode) --bit-depth 8 hdr.mkv")
        #expect(try folder.succeed("\(encode) sdr.mkv").errors.contains("8 of the 10 bits"))
    }

    @Test(
        "A graph whose ends have labels, or that sets the scaler's flags, goes together with plain settings",
        .mustEnd
    )
    func labels() throws {
        try make()
        let plain = "\(Self.sluice) --crop 64x48+2+2 --pad 80x60"
        try folder.succeed("\(plain) --filter hflip,scale=40:30 -o a.mkv \(Self.raw)")
        let expected = try folder.pictureDigests(of: "a.mkv")
        let graphs = [
            "[in]hflip[x];[x]scale=40:30[out]", "sws_flags=bicubic;[in]hflip,scale=40:30", "hflip,scale=40:30[o]",
        ]
        for graph in graphs {
            try folder.succeed("\(plain) --filter \"\(graph)\" -o b.mkv \(Self.raw)")
            #expect(try folder.pictureDigests(of: "b.mkv") == expected, "\(graph)")
        }
    }

    @Test("A time that no picture can have is an error with its number", .mustEnd)
    func impossibleTime() throws {
        try make()
        let far = #"--filter "setpts=if(eq(N\,1)\,-9.2e18\,PTS)""#
        try folder.fail("\(Self.sluice) \(far) -o x.mp4 \(Self.raw)", status: 69, saying: "a picture came out")
    }

    @Test("The field that Y4M says is the first one is the first to filters", .mustEnd)
    func fields() throws {
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=128x96:r=50,format=yuv420p -frames:v 12"
        for (name, order) in [("t", "top"), ("b", "bottom")] {
            let fields = "-vf tinterlace=interleave_\(order),setfield=\(name)ff -field_order \(name)\(name)"
            try folder.succeed("\(source) \(fields) -f yuv4mpegpipe \(name).y4m")
            #expect(try folder.bytes("\(name).y4m").starts(with: "YUV4MPEG2 W128 H96 F25:1 I\(name)".utf8))
            try folder.succeed("\(Self.sluice) --deinterlace -o o.mkv \(name).y4m")
            let filters = ["-vf", "setfield=\(name)ff,bwdif=mode=send_frame:deint=all", "-pix_fmt", "yuv420p"]
            #expect(
                try folder.pictureDigests(of: "o.mkv")
                    == folder.pictureDigests(of: "\(name).y4m", decoder: [], filters: filters, isStrict: false)
            )
        }
    }

    @Test("A graph that ends early does not end the counting of its input's frames", .mustEnd)
    func countedInput() throws {
        try make()
        for (flags, words) in [("--expect-frames 99", "12"), ("--expect-frames 3", "more than"), ("--frames 20", "12")]
        {
            let encode = "\(Self.sluice) --filter trim=end=0.2 \(flags) -o x.mkv"
            try folder.fail("\(encode) a.mp4", status: 65, saying: words)
            try folder.fail("cat a.yuv | \(encode) \(Self.raw.replacing("a.yuv", with: "-"))", status: 65)
        }
        try folder.succeed("\(Self.sluice) --filter trim=end=0.2 --expect-frames 12 -o o.mkv a.mp4")
    }

    @Test("High definition without tags keeps its colors in a filter of RGB, and gets no tag", .mustEnd)
    func untagged() throws {
        let (luma, blue, red) = ([UInt8](repeating: 120, count: 1280 * 720), UInt8(90), UInt8(190))
        let chroma = [blue, red].flatMap { [UInt8](repeating: $0, count: 640 * 360) }
        try folder.write(luma + chroma, to: "hd.yuv")
        let encode = "sluice --overwrite --codec h264 --crf 2 -s 1280x720 -r 25 -p i420 -o m.mp4 hd.yuv"
        try folder.succeed("\(encode) --filter curves=none")
        try folder.succeed("ffmpeg -v error -i m.mp4 -pix_fmt yuv444p -f rawvideo m.yuv")
        let bytes = try folder.bytes("m.yuv")
        let plane = 1280 * 720
        let own = (0..<3).map { Int(bytes[$0 * plane + plane / 2 + 640]) }
        #expect(zip(own, [120, 90, 190]).allSatisfy { abs($0 - $1) <= 2 }, "\(own)")
        try folder.succeed("\(encode) --filter hflip")
        #expect(try folder.probe("color_space", of: "m.mp4") == "unknown")
        try folder.succeed("\(encode) --filter setparams=colorspace=bt709")
        #expect(try folder.probe("color_space", of: "m.mp4") == "bt709")
    }

    @Test("Skipped and counted frames are those of the input", .mustEnd)
    func selection() throws {
        try make()
        for input in [Self.raw, "a.mp4"] {
            try folder.succeed("\(Self.sluice) --filter fps=50 --skip 2 --frames 5 -o o.mkv \(input)")
            #expect(try folder.pictureDigests(of: "o.mkv").count == 10)
        }
        let few = "\(Self.sluice) --filter hflip --expect-frames 13 -o x.mkv"
        try folder.fail("\(few) \(Self.raw)", status: 65, saying: "12")
        try folder.fail("\(few) a.mp4", status: 65, saying: "12")
        try folder.fail("head -c 20000 a.yuv | \(few.replacing("13", with: "2")) -s 98x66 -r 25 -p i420 -", status: 65)
    }

    @Test(
        "A wrong graph is refused with libavfilter's reason before there is an output",
        .mustEnd,
        arguments: [
            ("scale=foo", "Invalid size 'foo'"), ("crop=999:10", "Invalid too big"),
            ("split", "one open video output"), ("[a][b]hstack", "one open video input"), ("hflip=nope=1", "nope"),
            ("lut3d=nope.cube", "nope.cube"), ("movie=a.mp4", "movie"), ("reverse", "reverse"),
            ("trim=start=100", "gives out no frame"), ("hflip,", "No such filter"), ("anull", "anull"),
        ]
    )
    func wrongGraph(graph: String, words: String) throws {
        try make()
        for input in [Self.raw, "a.mp4"] {
            try folder.fail("\(Self.sluice) --filter '\(graph)' -o x.mkv \(input)", status: 64, saying: words, graph)
            #expect(folder.contents(of: "x.mkv") == nil)
        }
    }

    @Test("Filters that make each frame by itself give the same bytes for every number of encoders", .mustEnd)
    func parallel() throws {
        try make()
        for input in [Self.raw, "a.mp4"] {
            let encode = "\(Self.sluice) --segment-frames 4 --filter 'hflip,eq=contrast=1.2'"
            try folder.succeed("\(encode) --parallel 2 -o a.webm \(input) && \(encode) --parallel 3 -o b.webm \(input)")
            try folder.succeed("\(encode) --parallel 1 -o c.webm \(input) && cmp a.webm b.webm && cmp a.webm c.webm")
        }
        let across = "\(Self.sluice) --filter hflip,tmix --parallel 2 -o x.mkv \(Self.raw)"
        try folder.fail(across, status: 64, saying: "--parallel", "tmix")
        let plan = "sluice plan a.yuv -s 98x66 -r 25 -p i420 --codec vp9 --format mkv --filter hflip -o p.json"
        try folder.fail(plan, status: 64, saying: "--filter")
        try folder.fail(
            "\(Self.sluice) --filter hflip --min-psnr 30 -o x.mkv \(Self.raw)",
            status: 64,
            saying: "--verify"
        )
        try folder.succeed("\(Self.sluice) --filter hflip --verify -o v.mkv \(Self.raw)")
    }

    @Test("In the sandbox, a graph reads the files that its options name, and no others", .mustEnd)
    func sandbox() throws {
        try make()
        let corners = (0..<8).map { "\($0 & 1) \($0 >> 1 & 1) \($0 >> 2)" }.joined(separator: "\n")
        try folder.write("LUT_3D_SIZE 2\n\(corners)\n", to: "same.cube")
        for input in [Self.raw, "a.mp4"] {
            try folder.succeed("\(Self.sluice) --filter lut3d=same.cube --receipt r.json -o o.mkv \(input)")
            #expect(try folder.text("r.json").contains(#""held":true"#))
            let filters = ["-vf", "lut3d=same.cube,format=rgb24,format=gbrp"]
            #expect(
                try folder.pictureDigests(of: "o.mkv")
                    == folder.pictureDigests(of: "a.mp4", filters: filters, isStrict: false)
            )
        }
        try folder.fail(
            "\(Self.sluice) --filter lut3d=same.cube --format mkv -o same.cube a.mp4",
            status: 64,
            saying: "same.cube"
        )
    }

    @Test("A program that does not filter does not load libavfilter", .mustEnd)
    func loading() throws {
        try make()
        let plain = try folder.succeed("LD_DEBUG=libs \(Self.sluice) -o o.mkv \(Self.raw)")
        #expect(!plain.errors.contains("libavfilter"))
        let filtered = try folder.succeed("LD_DEBUG=libs \(Self.sluice) --filter null -o o.mkv \(Self.raw)")
        #expect(filtered.errors.contains("libavfilter"))
    }

    @Test("RGB and transparency go through a graph, and the matrix that RGB gets is the one in the tags", .mustEnd)
    func rgb() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i color=red:s=64x48:r=25,format=rgba -frames:v 3 -f rawvideo a.rgba"
        )
        let flags = "-s 64x48 -r 25 -p rgba a.rgba"
        try folder.succeed("sluice --codec vp9 --alpha keep --filter hflip -o a.webm \(flags)")
        #expect(try folder.probe("pix_fmt", of: "a.webm") == "yuv420p")
        // Filters of YUV alone: libswscale converts before them.
        for graph in ["hqdn3d", "scale=out_color_matrix=bt709,format=yuv444p,hqdn3d", "hflip"] {
            try folder.succeed("sluice --overwrite --codec h264 --crf 4 --filter \(graph) -o a.mp4 \(flags)")
            try folder.succeed(
                "ffmpeg -v error -y -i a.mp4 -vf scale=in_color_matrix=auto -pix_fmt rgb24 -f rawvideo o.rgb"
            )
            let pixel = try folder.bytes("o.rgb").prefix(3).map(Int.init)
            #expect(pixel[0] > 250 && pixel[1] < 6 && pixel[2] < 6, "\(graph): \(pixel)")
        }
    }
}
