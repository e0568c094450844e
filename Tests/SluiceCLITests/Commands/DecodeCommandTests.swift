import Sluice
import Testing

@testable import SluiceCLI

@Suite("The flags of decode")
struct DecodeCommandTests {
    @Test("The flags of decode have defaults: all frames as they are coded")
    func defaults() throws {
        let job = try decodeJob("in.mp4 -o out.y4m")
        #expect(job.input == .path("in.mp4") && job.output == .path("out.y4m") && job.format == .y4m)
        #expect(job.pixelFormat == nil && job.size == nil && job.threads == nil && job.receipt == nil && !job.overwrite)
        #expect(job.media.format == .auto && job.media.codec == nil && job.media.timeout == nil)
        #expect(job.selection == FrameReader.Selection())
    }

    @Test("The flags of decode end up in the job")
    func fields() throws {
        let line = "- -o a.y4m -p i420 --size 64x48 --threads 2 --receipt r.json --overwrite --skip 1 --frames 4"
        let job = try decodeJob("\(line) --expect-frames 4 --accept-partial --codec hevc -r 25 --input-timeout 2")
        #expect(job.input == .standardInput && job.pixelFormat == .i420 && job.threads == 2 && job.overwrite)
        #expect(job.size == PictureSize(width: 64, height: 48) && job.receipt == .path("r.json"))
        #expect(job.selection.skip == 1 && job.selection.count == 4 && job.selection.expected == 4)
        #expect(job.selection.acceptPartial && job.media.acceptPartial)
        #expect(job.media.codec == .hevc && job.media.framerate == FrameRate(25) && job.media.timeout == .seconds(2))
        let avcc = try decodeJob("a.avcc --input-format avcc --description a.bin -o a.y4m")
        #expect(avcc.media.format == .avcc && avcc.media.description == .path("a.bin"))
        #expect(try decodeJob("a.ivf --chunks c.jsonl -o a.y4m").media.chunks == .path("c.jsonl"))
    }

    @Test(
        "The flags of decode take format and pixel format from the output's name",
        arguments: [
            ("a.y4m", DecodeJob.Format.y4m, PixelFormat?.none), ("a.rgba", .raw, .rgba), ("a.nv12", .raw, .nv12),
            ("a.x --format framehash", .framehash, nil), ("-", .raw, nil), ("- --format y4m", .y4m, nil),
            ("a.rgba --format raw -p i420", .raw, .i420), ("a.rgba --format raw", .raw, .rgba),
        ]
    )
    func formats(output: String, format: DecodeJob.Format, pixels: PixelFormat?) throws {
        let job = try decodeJob("in.mp4 -o \(output)")
        #expect(job.format == format && job.pixelFormat == pixels)
    }

    @Test(
        "The flags of decode are refused where they contradict each other or are out of range",
        arguments: [
            ("a.xyz", "--format"), ("a.rgba -p i420", "--pixel-format i420"), ("a.y4m --threads 65", "--threads"),
            ("a.y4m --skip=-1", "--skip"), ("a.y4m --frames 0", "--frames"), ("a.y4m --size 0x0", "--size"),
            ("a.y4m --frames 2 --expect-frames 3", "--expect-frames"), ("a.y4m --expect-frames 0", "--expect-frames"),
            ("a.y4m --input-format avcc", "--description"), ("a.y4m --description d", "--input-format avcc"),
            ("a.y4m --input-format avcc --description d --chunks c", "--chunks"),
        ]
    )
    func refused(output: String, named: String) throws {
        #expect(try #require(decodeRefusal("in.mp4 -o \(output)")).contains(named))
    }

    @Test("The flags of decode are refused where two inputs are standard input")
    func twoInputs() {
        #expect(decodeRefusal("- --chunks - -o a.y4m") != nil)
        #expect(decodeRefusal("a.ivf --chunks - -o a.y4m") == nil)
    }
}
