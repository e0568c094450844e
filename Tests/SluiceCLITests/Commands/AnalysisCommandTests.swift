import Sluice
import Testing

@testable import SluiceCLI

@Suite("The flags of compare")
struct CompareCommandTests {
    @Test("The flags of compare describe both sides, each by its own flags")
    func sides() throws {
        let line = "a.yuv b.h264 -s 64x48 -r 25 -p i420 --first-skip 1 --second-skip 2 --frames 9 --accept-partial"
        let job = try CompareCommand.words("\(line) --first-format raw --second-format media --worst 5").makeJob()
        #expect(job.first.input.origin == .path("a.yuv") && job.second.input.origin == .path("b.h264"))
        #expect(job.first.format == .raw && job.second.format == .media && job.worstCount == 5)
        #expect(job.first.input.selection.skip == 1 && job.second.input.selection.skip == 2)
        for side in [job.first.input, job.second.input] {
            #expect(side.size == PictureSize(width: 64, height: 48) && side.pixelFormat == .i420)
            #expect(side.framerate == FrameRate(25) && side.selection.count == 9 && side.selection.acceptPartial)
        }
    }

    @Test("The flags of compare have defaults: everything, and the three worst frames")
    func defaults() throws {
        let job = try CompareCommand.words("- b.mp4").makeJob()
        #expect(job.first.input.origin == .standardInput && job.first.format == .auto && job.worstCount == 3)
        #expect(job.first.description == nil && job.second.description == nil)
        #expect(job.first.input.selection == FrameReader.Selection())
    }

    @Test("The flags of compare name the records of sides in AVCC")
    func records() throws {
        let job = try CompareCommand.words("a b --first-description x --second-description y").makeJob()
        #expect(job.first.description == .path("x") && job.second.description == .path("y"))
    }

    @Test(
        "The flags of compare are refused out of their ranges",
        arguments: [
            "--worst=-1", "--worst=10001", "--min-psnr=-1", "--min-psnr=1001", "--min-ssim=1.5", "--frames=0",
        ]
    )
    func ranges(flag: String) throws {
        let message = try #require(refusal("a b \(flag)") { (_: CompareCommand) in })
        #expect(message.contains(flag.prefix { $0 != "=" }))
    }
}

@Suite("The flags of inspect")
struct InspectCommandTests {
    @Test("The flags of inspect end up in the inspection")
    func fields() throws {
        let line = "in.h264 --frames 5 --max-temporal-layer 1 --scalability-mode L1T3 --bitrate 2M -r 25 --codec h264"
        let job = try InspectCommand.words(line).makeJob()
        #expect(job.input == .path("in.h264") && job.frames == 5 && job.maxTemporalLayer == 1 && job.mode == .l1t3)
        #expect(job.targetBitrate == 2_000_000 && job.media.framerate == FrameRate(25) && job.media.codec == .h264)
        #expect(job.source == nil)
    }

    @Test("The flags of inspect describe the source that the stream was made of")
    func source() throws {
        let job = try InspectCommand.words("in.h264 --source in.yuv -s 64x48 -p i420 -r 25").makeJob()
        #expect(job.source?.origin == .path("in.yuv") && job.source?.size == PictureSize(width: 64, height: 48))
        #expect(job.source?.pixelFormat == .i420 && job.source?.framerate == FrameRate(25))
    }

    @Test(
        "The flags of inspect are refused where they contradict each other or are out of range",
        arguments: [
            "--frames 0", "--max-temporal-layer 8", "--max-temporal-layer 2 --scalability-mode L1T2",
            "-s 64x48", "-p i420", "--source - ", "--source a --frames 3", "--source a --max-temporal-layer 0",
        ]
    )
    func refused(flags: String) { #expect(refusal("in.h264 \(flags)") { (_: InspectCommand) in } != nil) }

    @Test("The flags of inspect leave standard output to the page if that is its output")
    func page() throws {
        #expect(try !InspectCommand.words("a --html -").reports.standardOutputIsFree)
        #expect(try InspectCommand.words("a --html a.html --json").reports.standardOutputIsFree)
    }
}

@Suite("The flags of layers")
struct LayersCommandTests {
    @Test("The flags of layers end up in the extraction")
    func fields() throws {
        let line = "in.ivf --max-temporal-layer 1 --scalability-mode L1T3 -o out.ivf --overwrite"
        let job = try LayersCommand.words(line).makeJob()
        #expect(job.input == .path("in.ivf") && job.output == .path("out.ivf") && job.maxTemporalLayer == 1)
        #expect(job.mode == .l1t3 && job.overwrite)
        #expect(try LayersCommand.words("--max-temporal-layer 0 -o -").makeJob().output == .standardOutput)
    }

    @Test(
        "The flags of layers are refused above the existing layers",
        arguments: ["--max-temporal-layer 8", "--max-temporal-layer 2 --scalability-mode L1T2"]
    )
    func refused(flags: String) throws {
        #expect(try #require(refusal("a -o b \(flags)") { (_: LayersCommand) in }).contains("--max-temporal-layer"))
    }
}
