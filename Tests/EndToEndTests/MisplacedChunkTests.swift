import Testing

@Suite("Reordered chunks")
struct MisplacedChunkTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "Reordered chunks are damage in codecs that show pictures in decoding order",
        arguments: [("libvpx", "ivf"), ("libvpx-vp9", "ivf"), ("libvpx", "webm"), ("libaom-av1 -cpu-used 8", "ivf")]
    )
    func exchanged(encoder: String, format: String) throws {
        let source =
            "ffmpeg -v error -f lavfi -i testsrc2=s=160x96:r=25:d=1 -pix_fmt yuv420p -c:v \(encoder) -auto-alt-ref 0"
        try folder.succeed("\(source) in.ivf && python3 -c '\(Self.exchange)'")
        if format != "ivf" { try folder.succeed("ffmpeg -v error -i x.ivf -c copy x.\(format)") }
        for command in ["decode x.\(format) --format framehash -o -", "encode x.\(format) -o o.mp4"] {
            try folder.fail(
                "sluice \(command)",
                status: 65,
                saying: format == "ivf" ? "a picture at 400000 µs after one at 440000 µs" : "x.webm is damaged"
            )
        }
    }

    /// Exchanges the eleventh and the twelfth frame of an IVF file, with their times.
    private static let exchange = """
        import struct
        data, at, units = open("in.ivf", "rb").read(), 32, []
        while at < len(data):
            size = 12 + struct.unpack("<I", data[at:at + 4])[0]
            units.append(data[at:at + size])
            at += size
        units[10], units[11] = units[11], units[10]
        open("x.ivf", "wb").write(data[:32] + b"".join(units))
        """

    @Test(
        "Chunks of a joined transport stream that overlap the end of the first part are put after it"
    )
    func joined() throws {
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=160x96:r=25"
        try folder.succeed(
            "\(source):d=2 -pix_fmt yuv420p -c:v libx264 a.ts"
                + " && \(source):d=1 -pix_fmt yuv420p -c:v libx264 -output_ts_offset 1.95 b.ts && cat a.ts b.ts > in.ts"
        )
        let outcome = try folder.succeed("sluice encode in.ts --preset ultrafast -o o.mp4")
        #expect(outcome.errors.contains("its clock restarts once"))
        #expect(try folder.frameCount("o.mp4") == 75)
    }

    @Test("Missing bytes between chunks are damage in FLV")
    func flash() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=320x180:r=25:d=2 -pix_fmt yuv420p -c:v libx264 -g 24 -bf 2 in.flv"
        )
        var bytes = try folder.bytes("in.flv")
        bytes.removeSubrange(16377..<16565)
        try folder.write(bytes, to: "x.flv")
        for command in ["decode x.flv --format framehash -o -", "encode x.flv -o o.mp4"] {
            try folder.fail("sluice \(command)", status: 65, saying: "x.flv")
        }
    }

    @Test(
        "Several pictures in one packet of a program stream are not taken for reordered chunks"
    )
    func sharedPackets() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=192x128:r=25:d=2 -pix_fmt yuv420p -c:v libx264 -f mpeg in.mpg"
                + " && sluice encode in.mpg --preset ultrafast -o o.mp4"
        )
        let times = try folder.succeed("ffprobe -v error -show_entries frame=pts_time -of csv=p=0 o.mp4").lines
        #expect(times.count == 50)
        #expect(
            times.enumerated().allSatisfy {
                abs((Double($1.drop { $0 == "," }.prefix { $0 != "," }) ?? -1) - Double($0) * 0.04) < 0.0001
            }
        )
    }
}
