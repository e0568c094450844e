import Testing

@Suite("Outputs of the same settings")
struct SameBytesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Settings: CustomTestStringConvertible, Sendable {
        let preset: String
        var codec = "64001F"
        var profile = "high"
        var sluice: String
        var x264: String
        var testDescription: String { "\(preset) \(x264)" }

        static let all = [
            Settings(preset: "ultrafast", codec: "42C01F", profile: "baseline", sluice: "--crf 20", x264: "--crf 20"),
            Settings(preset: "veryfast", sluice: "--crf 23", x264: "--crf 23"),
            Settings(preset: "medium", sluice: "--crf 18.5", x264: "--crf 18.5"),
            Settings(preset: "slow", sluice: "--crf 28 --threads 1", x264: "--crf 28 --threads 1"),
            Settings(
                preset: "medium",
                sluice: "--crf 23 --encoder-option tune=film --encoder-option bframes=5",
                x264: "--crf 23 --tune film --bframes 5"
            ),
            Settings(
                preset: "medium",
                sluice: "--bitrate 500k --threads 1",
                x264: "--bitrate 500 --ratetol 0.1 --threads 1"
            ),
            Settings(
                preset: "fast",
                sluice: "--crf 23 --key-frame-interval 20 --encoder-option no-scenecut --encoder-option aq-mode=2",
                x264: "--crf 23 --keyint 20 --no-scenecut --aq-mode 2"
            ),
        ]
    }

    private func bothStreams(_ settings: Settings, rate: String = "30") throws -> (AnnexB, AnnexB) {
        try folder.succeed("\(Content.natural(size: "320x180", seconds: 2)) -f rawvideo -pix_fmt yuv420p in.raw")
        let buffer = "--encoder-option vbv-maxrate=14000 --encoder-option vbv-bufsize=14000"
        let ours = "sluice -s 320x180 -r \(rate) -p i420 --codec avc1.\(settings.codec) --preset \(settings.preset)"
        try folder.succeed("\(ours) \(buffer) \(settings.sluice) -o ours.h264 in.raw")
        let theirs =
            "x264 --quiet --cpu-independent --demuxer raw --input-res 320x180 --fps \(rate) --level 3.1 --profile \(settings.profile)"
        let theirBuffer = "--vbv-maxrate 14000 --vbv-bufsize 14000 --preset \(settings.preset)"
        try folder.succeed("\(theirs) \(theirBuffer) \(settings.x264) -o theirs.h264 in.raw")
        return (AnnexB(try folder.bytes("ours.h264")), AnnexB(try folder.bytes("theirs.h264")))
    }

    @Test(
        "Outputs have the bytes of the x264 command, except for SEI",
        .mustEnd,
        arguments: Settings.all
    )
    func asX264(settings: Settings) throws {
        let (ours, theirs) = try bothStreams(settings)
        try expectSame(ours, theirs)
    }

    @Test(
        "Outputs without a requested level have the bytes of the x264 command",
        .mustEnd,
        arguments: ["ultrafast --crf 20", "veryfast --crf 12", "medium --crf 23", "medium --bitrate 300 --ratetol 0.1"]
    )
    func withoutLevel(settings: String) throws {
        try folder.succeed("\(Content.natural(size: "320x180", seconds: 2)) -f rawvideo -pix_fmt yuv420p in.raw")
        let bitrate = settings.replacing("--bitrate 300 --ratetol 0.1", with: "--bitrate 300k")
        try folder.succeed("sluice in.raw -s 320x180 -r 30 -p i420 --preset \(bitrate) -o ours.h264")
        let theirs = "x264 --quiet --cpu-independent --demuxer raw --input-res 320x180 --fps 30 --preset \(settings)"
        try folder.succeed("\(theirs) -o theirs.h264 in.raw")
        try expectSame(AnnexB(try folder.bytes("ours.h264")), AnnexB(try folder.bytes("theirs.h264")))
    }

    private func expectSame(_ ours: AnnexB, _ theirs: AnnexB) throws {
        let (slices, others) = (Self.slices(ours), Self.slices(theirs))
        #expect(slices.count == 60)
        let firstDifference = zip(slices, others).enumerated().first { $1.0 != $1.1 }?.offset
        #expect(firstDifference == nil)
        #expect(slices.count == others.count)
        #expect(Self.parameters(ours) == Self.parameters(theirs))
    }

    /// The slices, which are what was encoded.
    private static func slices(_ stream: AnnexB) -> [[UInt8]] {
        stream.units.filter { [1, 5].contains(AnnexB.type($0)) }.map { Array($0) }
    }

    private static func parameters(_ stream: AnnexB) -> Set<[UInt8]> {
        Set(stream.units.filter { [7, 8].contains(AnnexB.type($0)) }.map { Array($0) })
    }

    @Test("Outputs have the same NAL units as the x264 command at a fractional frame rate", .mustEnd)
    func wholeSequence() throws {
        let settings = Settings(preset: "medium", sluice: "--crf 21", x264: "--crf 21")
        let (ours, theirs) = try bothStreams(settings, rate: "30000/1001")
        #expect(ours.withoutSEI.map { Array($0) } == theirs.withoutSEI.map { Array($0) })
    }

    @Test("The same settings give the same bytes twice, from a pipe and from a file, with any queue", .mustEnd)
    func twice() throws {
        try folder.succeed("sluice testsrc -s 320x180 --frames 60 -o in.raw")
        let encode = "sluice -s 320x180 -r 30 -p rgba"
        try folder.succeed("\(encode) -o a.h264 in.raw")
        try folder.succeed("\(encode) -o b.h264 in.raw")
        try folder.succeed("cat in.raw | \(encode) --queue-depth 1 --max-memory 1M --format annexb -o - > c.h264")
        #expect(try folder.bytes("a.h264") == folder.bytes("b.h264"))
        #expect(try folder.bytes("a.h264") == folder.bytes("c.h264"))
    }
}
