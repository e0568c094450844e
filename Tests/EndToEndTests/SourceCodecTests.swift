import Foundation
import Testing

/// Codecs that Sluice decodes and does not encode, in files that ffmpeg makes.
@Suite("Sources of other codecs")
struct SourceCodecTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A row of the table: a codec, in a container.
    struct Source: CustomTestStringConvertible, Sendable {
        let name: String
        let file: String
        let encode: String
        var size = "96x80"
        var rate = "25"
        var testDescription: String { "\(name) in \(file.split(separator: ".")[1])" }

        init(_ name: String, _ container: String, _ encode: String, size: String = "96x80", rate: String = "25") {
            (self.name, file, self.encode) = (name, "in.\(container)", encode)
            (self.size, self.rate) = (size, rate)
        }

        static let all = [
            Source("ProRes 422 HQ", "mov", "-c:v prores_ks -profile:v 3 -pix_fmt yuv422p10le"),
            Source("ProRes 4444", "mov", "-c:v prores_ks -profile:v 4 -pix_fmt yuv444p10le"),
            Source("ProRes 422", "mkv", "-c:v prores_ks -pix_fmt yuv422p10le"),
            Source("DNxHD", "mov", "-c:v dnxhd -b:v 120M -pix_fmt yuv422p", size: "1920x1080"),
            Source("DNxHD", "mxf", "-c:v dnxhd -b:v 120M -pix_fmt yuv422p", size: "1920x1080"),
            Source("DNxHR HQX", "mov", "-c:v dnxhd -profile:v dnxhr_hqx -pix_fmt yuv422p10le", size: "256x120"),
            Source("Motion JPEG 4:2:0", "avi", "-c:v mjpeg -pix_fmt yuvj420p"),
            Source("Motion JPEG 4:2:2", "mov", "-c:v mjpeg -pix_fmt yuvj422p"),
            Source("Motion JPEG 4:4:4", "mkv", "-c:v mjpeg -pix_fmt yuvj444p"),
            Source("MPEG-1", "mpg", "-c:v mpeg1video -bf 2"),
            Source("MPEG-2", "mpg", "-c:v mpeg2video -bf 2 -q:v 3"),
            Source("MPEG-2", "ts", "-c:v mpeg2video -bf 2 -q:v 3"),
            Source("MPEG-2", "m2v", "-c:v mpeg2video -bf 2 -q:v 3"),
            Source("MPEG-2", "mkv", "-c:v mpeg2video -bf 2 -q:v 3"),
            Source("MPEG-2 4:2:2", "mxf", "-c:v mpeg2video -pix_fmt yuv422p -q:v 2"),
            Source("MPEG-4 part 2", "avi", "-c:v mpeg4 -bf 2 -q:v 3"),
            Source("MPEG-4 part 2", "mp4", "-c:v mpeg4 -bf 2 -q:v 3"),
            Source("MPEG-4 part 2", "m4v", "-c:v mpeg4 -q:v 3"),
            Source("FFV1 4:2:0", "mkv", "-c:v ffv1 -level 3 -pix_fmt yuv420p"),
            Source("FFV1 4:2:2 of 10 bits", "mkv", "-c:v ffv1 -level 3 -pix_fmt yuv422p10le"),
            Source("FFV1 RGB of 16 bits", "mkv", "-c:v ffv1 -level 3 -pix_fmt gbrp16le"),
            Source("FFV1 gray of 16 bits", "mkv", "-c:v ffv1 -level 3 -pix_fmt gray16le"),
            Source("FFV1 gray", "avi", "-c:v ffv1 -level 3 -pix_fmt gray"),
            Source("HuffYUV", "avi", "-c:v huffyuv -pix_fmt yuv422p"),
            Source("FFmpeg's HuffYUV", "mkv", "-c:v ffvhuff -pix_fmt yuv444p"),
            Source("UT Video", "avi", "-c:v utvideo -pix_fmt yuv420p"),
            Source("UT Video RGB", "mkv", "-c:v utvideo -pix_fmt gbrp"),
            Source("MagicYUV", "mkv", "-c:v magicyuv -pix_fmt yuv422p"),
            Source("Theora", "ogv", "-c:v libtheora -q:v 7"),
            Source("Sorenson H.263", "flv", "-c:v flv1"),
            Source("H.263", "3gp", "-c:v h263", size: "176x144"),
            Source("WMV 8", "asf", "-c:v wmv2"),
            Source("raw 4:2:0", "avi", "-c:v rawvideo -pix_fmt yuv420p"),
            Source("raw BGR from the bottom up", "avi", "-c:v rawvideo -pix_fmt bgr24"),
            Source("raw YUYV", "avi", "-c:v rawvideo -pix_fmt yuyv422"),
            Source("raw UYVY", "mov", "-c:v rawvideo -pix_fmt uyvy422"),
            Source("raw 4:2:0", "mkv", "-c:v rawvideo -pix_fmt yuv420p"),
            Source("raw 4:2:0", "nut", "-c:v rawvideo -pix_fmt yuv420p"),
            Source("raw RGB of 16 bits", "nut", "-c:v rawvideo -pix_fmt rgb48le"),
            Source("raw RGBA", "nut", "-c:v rawvideo -pix_fmt rgba"),
            Source("v210", "mov", "-c:v v210 -pix_fmt yuv422p10le"),
            Source("QuickTime Animation", "mov", "-c:v qtrle -pix_fmt argb"),
            Source("PNG", "mov", "-c:v png -pix_fmt rgba"),
            Source("Cinepak", "avi", "-c:v cinepak"),
            Source("CineForm", "mov", "-c:v cfhd -pix_fmt yuv422p10le"),
            Source("DV", "dv", "-c:v dvvideo -pix_fmt yuv420p", size: "720x576"),
            Source("JPEG 2000", "mkv", "-c:v jpeg2000"),
            Source("VC-2", "mkv", "-c:v vc2 -pix_fmt yuv422p10le"),
            Source("RealVideo 2", "rm", "-c:v rv20", size: "176x144"),
            Source("GIF", "gif", ""),
        ]
    }

    private func make(_ source: Source, seconds: Double = 0.4) throws {
        let content = "testsrc2=s=\(source.size):r=\(source.rate):d=\(seconds)"
        try folder.succeed("ffmpeg -v error -y -f lavfi -i \(content) \(source.encode) \(source.file)")
    }

    @Test("Every picture of another codec is decoded to the samples that ffmpeg decodes", arguments: Source.all)
    func decoded(source: Source) throws {
        try make(source)
        try folder.succeed("sluice decode \(source.file) -o own.raw --format raw")
        try folder.succeed("ffmpeg -v error -i \(source.file) -map 0:v:0 -fps_mode passthrough -f rawvideo other.raw")
        let (own, other) = (try folder.bytes("own.raw"), try folder.bytes("other.raw"))
        #expect(!own.isEmpty)
        #expect(own == other)
    }

    @Test("Another codec is encoded frame by frame, each at its own time", arguments: Source.all)
    func encoded(source: Source) throws {
        try make(source)
        try folder.succeed("sluice \(source.file) -o out.mp4 --preset ultrafast --bit-depth 8")
        let (own, other) = (try times("out.mp4"), try times(source.file))
        #expect(own.count == 10)
        // ffprobe does not say when the first picture of some streams is shown.
        #expect(other.count == 10 || other.count == 9)
        for (mine, theirs) in zip(own.reversed(), other.reversed()) {
            #expect(abs((own[own.count - 1] - mine) - (other[other.count - 1] - theirs)) < 0.0006)
        }
    }

    private func times(_ name: String) throws -> [Double] {
        let entries = "-select_streams v:0 -show_entries frame=best_effort_timestamp_time -of csv=p=0"
        return try folder.succeed("ffprobe -v error \(entries) \(name)").lines.compactMap {
            Double($0.trimmingCharacters(in: CharacterSet(charactersIn: ", ")))
        }
    }

    struct Repacked: CustomTestStringConvertible, Sendable {
        let from: String
        let to: String
        var testDescription: String { "\(from) to \(to)" }
    }

    @Test(
        "A format without a name of its own becomes the smallest one that loses nothing",
        arguments: [
            Repacked(from: "yuv422p16le", to: "p216le"), Repacked(from: "rgb48le", to: "gbrp16le"),
            Repacked(from: "gbrp14le", to: "rgb48le"), Repacked(from: "yuva420p", to: "yuva420p"),
        ]
    )
    func repacked(format: Repacked) throws {
        try makeFFV1(format.from)
        try folder.succeed("sluice decode in.mkv -o own.raw --format raw")
        #expect(try folder.bytes("own.raw") == folder.decode("in.mkv", format.to))
    }

    private func makeFFV1(_ format: String) throws {
        let content = "testsrc2=s=96x64:d=0.04,format=\(format)"
        try folder.succeed("ffmpeg -v error -f lavfi -i \(content) -c:v ffv1 -level 3 in.mkv")
    }

    struct Shared: CustomTestStringConvertible, Sendable {
        let format: String
        /// Columns and rows of luma that share a sample of chroma, in the file and in what it becomes.
        let own: (columns: Int, rows: Int)
        let becomes: (columns: Int, rows: Int)
        var testDescription: String { format }
    }

    @Test(
        "Chroma that more pixels share than in any format of Sluice's is repeated, sample by sample",
        arguments: [
            Shared(format: "yuv411p", own: (4, 1), becomes: (2, 1)),
            Shared(format: "yuv410p", own: (4, 4), becomes: (2, 2)),
            Shared(format: "yuv440p", own: (1, 2), becomes: (1, 1)),
        ]
    )
    func repeatedChroma(format: Shared) throws {
        try makeFFV1(format.format)
        try folder.succeed("sluice decode in.mkv -o own.raw --format raw")
        let (own, source) = (try folder.bytes("own.raw"), try folder.decode("in.mkv", format.format))
        var expected = Array(source.prefix(96 * 64))
        let (width, height) = (96 / format.own.columns, 64 / format.own.rows)
        for plane in 0..<2 {
            let chroma = source.dropFirst(96 * 64 + plane * width * height).prefix(width * height)
            for row in 0..<64 / format.becomes.rows {
                for column in 0..<96 / format.becomes.columns {
                    let x = column * format.becomes.columns / format.own.columns
                    let y = row * format.becomes.rows / format.own.rows
                    expected.append(chroma[chroma.startIndex + y * width + x])
                }
            }
        }
        #expect(own == expected)
    }

    @Test("Colors with a palette, or of 5 bits, become RGB of 8 bits")
    func palette() throws {
        for (format, target) in [("pal8", "rgba"), ("rgb555le", "rgb24"), ("monob", "gray")] {
            try folder.succeed(
                "ffmpeg -v error -y -f lavfi -i testsrc2=s=96x64:d=0.2,format=\(format) -c:v rawvideo in.nut"
            )
            try folder.succeed("sluice decode in.nut -o own.raw --format raw --overwrite -p \(target)")
            try folder.succeed(
                "ffmpeg -v error -y -i in.nut -fps_mode passthrough -f rawvideo -pix_fmt \(target) other.raw"
            )
            #expect(try folder.bytes("own.raw") == folder.bytes("other.raw"), "\(format)")
        }
    }

    @Test(
        "Raw video that comes by pipe keeps the time of every frame in every container",
        arguments: ["mp4", "mkv", "webm"]
    )
    func timesByPipe(container: String) throws {
        let irregular = "testsrc2=s=96x64:r=25:d=2,settb=1/1000,setpts='N*40+mod(N*N,7)*5'"
        let codec = container == "webm" ? "--codec vp9" : ""
        let passthrough = "-fps_mode passthrough -enc_time_base 1:1000"
        try folder.succeed("ffmpeg -v error -f lavfi -i \"\(irregular)\" -c:v rawvideo \(passthrough) -f nut in.nut")
        try folder.succeed("cat in.nut | sluice - --variable-rate -o out.\(container) \(codec)")
        let (own, other) = (try times("out.\(container)"), try times("in.nut"))
        #expect(own.count == 50)
        #expect(milliseconds(own) == milliseconds(other))
    }

    /// Times after the first.
    private func milliseconds(_ times: [Double]) -> [Double] {
        times.map { (($0 - (times.first ?? 0)) * 1000).rounded() }
    }

    @Test("Raw video of a pipe whose writer dies is an error, and what came before it is not lost without a word")
    func deadWriter() throws {
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=96x64:r=25:d=1 -c:v rawvideo in.nut")
        let bytes = try folder.bytes("in.nut")
        try folder.write(Array(bytes.prefix(bytes.count * 2 / 3)), to: "cut.nut")
        let failure = try folder.fail("cat cut.nut | sluice - -o out.mp4", status: 65)
        #expect(failure.errors.contains("standard input"))
        #expect(!folder.exists("out.mp4"))
        // Between two frames as well: 96x64 in 4:2:0, of which the last is whole.
        let frame = Array(try folder.decode("in.nut", "yuv420p").suffix(9216))
        let end = try #require(bytes.firstRange(of: frame)).upperBound
        try folder.write(Array(bytes.prefix(end)), to: "ended.nut")
        for command in ["cat ended.nut | sluice - -o out.mp4", "sluice ended.nut -o out.mp4"] {
            try folder.fail(command, status: 65, saying: "without an index")
        }
        try folder.succeed("cat ended.nut | sluice - -o out.mp4 --accept-partial")
        #expect(try folder.frameCount("out.mp4") == 25)
        try folder.succeed("cat in.nut | sluice - -o whole.mp4")
    }

    @Test("ProRes 4444 with transparency is encoded without it, which is said")
    func deepAlpha() throws {
        let alpha = "format=yuva444p10le,colorchannelmixer=aa=0.5"
        let content = "ffmpeg -v error -f lavfi -i testsrc2=s=96x64:r=25:d=0.2"
        try folder.succeed("\(content),\(alpha) -c:v prores_ks -profile:v 4 -pix_fmt yuva444p10le in.mov")
        let told = try folder.succeed("sluice in.mov -o out.mp4 --bit-depth 10 --chroma 444").errors
        #expect(told.contains("transparency is dropped"))
        try folder.succeed("sluice decode in.mov -o own.raw --format raw")
        #expect(try folder.bytes("own.raw") == opaque("in.mov"))
        let kept = try folder.succeed("sluice in.mov --codec vp9 --preset 5 --alpha keep -o out.webm").errors
        #expect(!kept.contains("transparency"))
    }

    /// Planes of luma and chroma, without that of transparency, of a file of 96x64 in 4:4:4 of two bytes.
    private func opaque(_ name: String) throws -> [UInt8] {
        let bytes = try folder.succeed("ffmpeg -v error -i \(name) -fps_mode passthrough -f rawvideo -").output
        let plane = 96 * 64 * 2
        return stride(from: 0, to: bytes.count, by: plane * 4).flatMap { bytes[$0..<$0 + plane * 3] }
    }

    @Test("A codec whose packets are not analyzed has its container inspected")
    func inspected() throws {
        try make(Source.all[0])
        let text = try folder.succeed("sluice inspect in.mov").text
        #expect(text.contains("prores"))
        #expect(text.contains("96x80"))
        #expect(text.contains("10 "))
        let object = try folder.succeed("sluice inspect in.mov --json").text
        #expect(object.contains("\"codec\":\"prores\""))
    }

    @Test("What analyzes the packets of another codec is refused by name")
    func refused() throws {
        try make(Source.all[0])
        #expect(try folder.fail("sluice inspect in.mov --html page.html", status: 69).errors.contains("prores"))
    }

    @Test(
        "A damaged picture of another codec is an error",
        arguments: Source.all.filter { $0.name.hasPrefix("ProRes") && $0.file == "in.mov" }
    )
    func damaged(source: Source) throws {
        try make(source)
        var bytes = try folder.bytes(source.file)
        let start = try #require(bytes.firstRange(of: Array("icpf".utf8))).lowerBound
        bytes.replaceSubrange(start + 40..<start + 400, with: [UInt8](repeating: 0xFF, count: 360))
        try folder.write(bytes, to: source.file)
        try folder.fail("sluice \(source.file) -o out.mp4", status: 65)
        #expect(!folder.exists("out.mp4"))
    }
}
