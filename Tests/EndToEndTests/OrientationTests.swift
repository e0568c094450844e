import Testing

@Suite("Rotation and flip")
struct OrientationTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Case: CustomTestStringConvertible, Sendable {
        let rotation: Int
        let flip: Bool
        /// a, b, c and d of the display matrix, in units of 65536.
        let matrix: [Int]
        /// The ffmpeg filters that turn the picture.
        let filter: String
        var flags: String { "--rotation \(rotation) \(flip ? "--flip" : "")" }
        var testDescription: String { flags }

        static let all = [
            Case(rotation: 0, flip: true, matrix: [-1, 0, 0, 1], filter: "hflip"),
            Case(rotation: 90, flip: false, matrix: [0, 1, -1, 0], filter: "transpose=clock"),
            Case(rotation: 180, flip: false, matrix: [-1, 0, 0, -1], filter: "hflip,vflip"),
            Case(rotation: 270, flip: false, matrix: [0, -1, 1, 0], filter: "transpose=cclock"),
            Case(rotation: 90, flip: true, matrix: [0, 1, 1, 0], filter: "transpose=clock,hflip"),
            Case(rotation: 180, flip: true, matrix: [1, 0, 0, -1], filter: "vflip"),
            Case(rotation: 270, flip: true, matrix: [0, -1, -1, 0], filter: "transpose=cclock,hflip"),
        ]
    }

    private func encode(_ flags: String, to file: String, codec: String = "h264") throws {
        let source = try folder.source(frames: 2)
        let encode = "sluice -s 64x48 -r 30 -p i420 \(Quick.flags(codec)) \(flags)"
        try folder.succeed("\(encode) -o \(file) --chunks out.jsonl \(source)")
    }

    /// The first two columns of the display matrix that ffprobe prints as rows of three numbers.
    private func matrix(_ name: String) throws -> [Int] {
        let show = "-show_entries stream_side_data=displaymatrix -of default=nw=1:nk=1"
        let rows = try folder.succeed("ffprobe -v error \(show) \(name)").lines.filter { $0.hasPrefix("0000000") }
        return rows.prefix(2).flatMap { $0.split(separator: " ").dropFirst().prefix(2).compactMap { Int($0) } }
    }

    static let files = [("h264", "out.mp4"), ("h264", "out.mkv"), ("vp9", "out.webm")]

    @Test(
        "Rotation and flip are in the container, where ffprobe finds them, and in the chunk lines",
        .mustEnd,
        arguments: Case.all,
        files
    )
    func written(item: Case, into file: (codec: String, name: String)) throws {
        try encode(item.flags, to: file.name, codec: file.codec)
        #expect(try matrix(file.name) == item.matrix.map { $0 * 65536 })
        let config = try #require(try folder.chunkDetails("out.jsonl").first?.decoderConfig)
        #expect(config.rotation == item.rotation && config.flip == item.flip)
        #expect(try folder.probe(file.name, "width,height").hasPrefix("64,48"), "the coded picture is not turned")
    }

    @Test(
        "Rotation and flip turn the picture clockwise in ffmpeg",
        .mustEnd,
        arguments: Case.all.filter { !$0.flip || $0.rotation == 0 },
        files
    )
    func turned(item: Case, in file: (codec: String, name: String)) throws {
        try encode(item.flags, to: file.name, codec: file.codec)
        let turned = try folder.decode(file.name, "yuv420p")
        let plain = "ffmpeg -v error -noautorotate -i \(file.name) -vf \(item.filter) -f rawvideo -pix_fmt yuv420p -"
        #expect(turned == Array(try folder.succeed(plain).output))
    }

    @Test("Rotation and flip are in MP4 with every codec", .mustEnd, arguments: Carriage.mp4, ["", "--fragment"])
    func codecs(item: Carriage, fragment: String) throws {
        try encode("--rotation 90 \(fragment)", to: item.file, codec: item.codec)
        #expect(try matrix(item.file) == [0, 65536, -65536, 0])
    }

    @Test("Rotation and flip are in Matroska with every codec", .mustEnd, arguments: Carriage.mkv + Carriage.webm)
    func matroskaCodecs(item: Carriage) throws {
        try encode("--rotation 90", to: item.file, codec: item.codec)
        #expect(try matrix(item.file) == [0, 65536, -65536, 0])
    }

    @Test("Rotation and flip are not written by default", .mustEnd)
    func unturned() throws {
        try encode("", to: "out.mp4")
        #expect(try matrix("out.mp4") == [])
        let config = try #require(try folder.chunkDetails("out.jsonl").first?.decoderConfig)
        #expect(config.rotation ?? 0 == 0 && config.flip ?? false == false)
    }

    @Test(
        "Rotation and flip are refused if neither the format nor chunk lines can store them",
        .mustEnd,
        arguments: [("vp9", "ivf"), ("h264", "h264"), ("av1", "obu")]
    )
    func refused(codec: String, format: String) throws {
        let source = try folder.source(frames: 2)
        let encode = "sluice -s 64x48 -r 30 -p i420 \(Quick.flags(codec))"
        for flags in ["--rotation 90", "--flip"] {
            let outcome = try folder.fail(
                "\(encode) \(flags) -o out.\(format) \(source)",
                status: 69,
                saying: "rotation"
            )
            #expect(outcome.errors.contains("use mp4, mov, mkv, webm or --chunks"), "\(outcome.errors)")
        }
        #expect(folder.names == [source])
    }

    @Test("Rotation and flip for IVF are in the chunk lines", .mustEnd)
    func chunkLines() throws {
        try encode("--rotation 270 --flip", to: "out.ivf", codec: "vp9")
        let config = try #require(try folder.chunkDetails("out.jsonl").first?.decoderConfig)
        #expect(config.rotation == 270 && config.flip == true)
    }

    @Test("Rotations other than by quarters are usage errors", .mustEnd, arguments: ["45", "360", "-90", "x"])
    func malformed(rotation: String) throws {
        let encode = "sluice -s 64x48 -r 30 -p i420 --rotation=\(rotation) -o out.mp4 < /dev/null"
        try folder.fail(encode, status: 64, saying: "--rotation")
    }

    @Test("A rotation other than by quarters is dropped with a notice")
    func noQuarter() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -pix_fmt yuv420p -c:v libx264 a.mp4"
                + " && ffmpeg -v error -i a.mp4 -c copy -metadata:s:v rotate=37 in.mp4"
        )
        let outcome = try folder.succeed("sluice encode in.mp4 -o o.mp4")
        #expect(outcome.errors.contains("a rotation that is not a multiple of 90°"))
    }
}
