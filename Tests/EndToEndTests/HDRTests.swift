import Testing

@Suite("HDR10")
struct HDRTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let display = "'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)'"
    private static let flags =
        "--mastering-display \(display) --max-cll 1000,400"
        + " --color-primaries bt2020 --color-transfer pq --color-matrix bt2020-ncl"

    private func encode(_ item: Carriage, _ flags: String) throws {
        let source = try folder.source("i420p10", frames: 3)
        let encode = "sluice -s 64x48 -r 30 -p i420p10 \(Quick.flags(item.codec)) --format \(item.format)"
        try folder.succeed("\(encode) \(flags) -o \(item.file) \(source)")
    }

    /// A field of the first frame's or the stream's side data, as a fraction.
    private func value(_ name: String, in text: String) -> Double? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("\(name)=") }
        let parts = line?.dropFirst(name.count + 1).split(separator: "/").compactMap { Double($0) } ?? []
        return parts.count == 2 ? parts[0] / parts[1] : parts.first
    }

    private static let carriages = (Carriage.avc + Carriage.obu + Carriage.mp4 + Carriage.mkv + Carriage.webm)
        .filter { ["hevc", "vp9", "av1"].contains($0.codec) }

    @Test("HDR10 metadata is read by ffprobe as specified", .mustEnd, arguments: carriages)
    func metadata(item: Carriage) throws {
        try encode(item, Self.flags)
        let show = "-show_entries stream=pix_fmt:stream_side_data:frame=pix_fmt:frame_side_data"
        let text = try folder.succeed("ffprobe -v error -read_intervals '%+#1' \(show) -show_frames \(item.file)").text
        let expected = [
            "red_x": 0.68, "red_y": 0.32, "green_x": 0.265, "green_y": 0.69, "blue_x": 0.15, "blue_y": 0.06,
            "white_point_x": 0.3127, "white_point_y": 0.329, "max_luminance": 1000, "min_luminance": 0.005,
            "max_content": 1000, "max_average": 400,
        ]
        for (name, wanted) in expected {
            let seen = try #require(value(name, in: text), "\(name) is missing")
            #expect(abs(seen - wanted) < 1e-4 * max(1, wanted), "\(name)")
        }
        #expect(text.contains("Mastering display metadata") && text.contains("Content light level metadata"))
    }

    @Test("HDR10 color is in every stream that can store it", .mustEnd, arguments: carriages, ["pq", "hlg"])
    func color(item: Carriage, transfer: String) throws {
        let color = "--color-primaries bt2020 --color-transfer \(transfer) --color-matrix bt2020-ncl"
        try encode(item, "\(color) --chunks out.jsonl")
        let seen = try folder.probe(item.file, "color_range,color_space,color_transfer,color_primaries")
        #expect(seen == "tv,bt2020nc,\(transfer == "pq" ? "smpte2084" : "arib-std-b67"),bt2020")
        #expect(try folder.probe(item.file, "pix_fmt") == "yuv420p10le")
        let said = try folder.chunks("out.jsonl").first?.decoderConfig?.colorSpace
        let wanted = ChunkLine.ColorSpace(
            primaries: "bt2020",
            transfer: transfer,
            matrix: "bt2020-ncl",
            fullRange: false
        )
        #expect(said == wanted)
    }

    @Test(
        "HDR10 metadata that the codec or the format cannot store is refused, with and without chunk lines",
        .mustEnd,
        arguments: [("h264", "mp4"), ("vp8", "webm"), ("vp9", "ivf")],
        ["", "--chunks out.jsonl"]
    )
    func refused(what: (String, String), chunks: String) throws {
        for flags in ["--mastering-display \(Self.display)", "--max-cll 1000,400"] {
            let encode =
                "sluice -s 64x48 -r 30 -p i420p10 --codec \(what.0) \(flags) \(chunks) --overwrite -o out.\(what.1)"
            try folder.fail("\(encode) \(try folder.source("i420p10"))", status: 69, saying: "HDR metadata")
        }
        #expect(!folder.exists("out.\(what.1)"))
    }

    @Test(
        "HDR10 metadata that is malformed is a usage error",
        .mustEnd,
        arguments: [
            "--max-cll 1000", "--max-cll x,y", "--max-cll=-1,4", "--max-cll 70000,1", "--mastering-display foo",
            "--mastering-display 'G(1,2)B(3,4)R(5,6)WP(7,8)'",
            "--mastering-display 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(50,10000000)'",
            "--mastering-display 'G(13250,99999)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)'",
        ]
    )
    func malformed(flags: String) throws {
        try folder.fail(
            "sluice -s 64x48 -r 30 -p i420p10 --codec hevc \(flags) -o out.mkv < /dev/null",
            status: 64,
            saying: "error"
        )
        #expect(folder.names == [])
    }

    @Test("HDR10 colors of an input that VP9 in IVF and Y4M cannot store are dropped with a notice, and kept in WebM")
    func unusualColors() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=320x180:r=25:d=0.4 -pix_fmt yuv420p10 -c:v libx265"
                + " -x265-params log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc hlg.mp4"
        )
        let words = "primaries bt2020 and transfer hlg are lost"
        #expect(try folder.succeed("sluice encode hlg.mp4 --codec vp9 -o o.ivf").errors.contains(words))
        #expect(try folder.succeed("sluice decode hlg.mp4 -o o.y4m").errors.contains(words))
        #expect(try !folder.succeed("sluice encode hlg.mp4 --codec vp9 -o o.webm").errors.contains(words))
        #expect(try folder.probe("o.webm", "color_transfer") == "arib-std-b67")
    }
}
