import Bitstream
import Ingest
import Media
import PixelConversion
import Testing
import VideoTypes

@testable import Encoding

@Suite("An encode plan")
struct EncodePlanTests {
    private func job(
        _ format: PixelFormat = .rgba,
        _ width: Int = 64,
        _ height: Int = 48,
        codec: CodecSelection = .lowest(.h264)
    ) -> EncodeJob {
        var input = InputDescription(.standardInput)
        (input.size, input.pixelFormat, input.framerate) = (
            PictureSize(width: width, height: height), format, FrameRate(25)
        )
        return EncodeJob(
            input: input,
            config: EncoderConfig(codec: codec, width: 1, height: 1),
            output: OutputDescription(.standardOutput, format: .annexB)
        )
    }

    private func header(_ line: String) throws -> Y4MHeader { try Y4MHeader(parsing: Array(line.utf8)) }

    private func refusal(_ job: EncodeJob, _ header: Y4MHeader? = nil) -> String {
        do {
            _ = try EncodePlan(job, header: header)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "An encode plan codes the input's chroma if the codec string allows it, else 4:2:0",
        arguments: [
            (PixelFormat.rgba, "h264", ChromaSubsampling.yuv420), (.i444, "h264", .yuv420), (.i422, "h264", .yuv420),
            (.rgba, "avc1.F4001E", .yuv444), (.i422, "avc1.F4001E", .yuv422), (.i420, "avc1.F4001E", .yuv420),
            (.i444, "avc1.7A001E", .yuv422), (.rgb24, "avc1.7A001E", .yuv422), (.gray8, "avc1.F4001E", .yuv420),
            (.i444, "avc1.64001E", .yuv420), (.nv12, "avc1.7A001E", .yuv420),
        ]
    )
    func chroma(format: PixelFormat, codec: String, chroma: ChromaSubsampling) throws {
        let selection = VideoCodec(rawValue: codec).map(CodecSelection.lowest) ?? .exact(codec)
        let plan = try EncodePlan(job(format, codec: selection), header: nil)
        #expect(plan.config.values.chroma == chroma)
        #expect(plan.target.format.chroma == chroma)
    }

    @Test("An encode plan codes the requested chroma", arguments: ChromaSubsampling.allCases, PixelFormat.allCases)
    func askedChroma(chroma: ChromaSubsampling, format: PixelFormat) throws {
        var job = job(format)
        job.picture.chroma = chroma
        let plan = try EncodePlan(job, header: nil)
        #expect(plan.config.values.chroma == chroma)
        #expect(plan.target.format == (format == .nv12 && chroma == .yuv420 ? .nv12 : .planar(chroma)))
    }

    @Test("An encode plan does not convert frames in the encoder's format, and converts others in strips if possible")
    func conversion() throws {
        for format in [PixelFormat.i420, .nv12] {
            guard case .none = try EncodePlan(job(format), header: nil).conversion else {
                Issue.record("\(format.rawValue) is converted")
                continue
            }
        }
        guard case .strips = try EncodePlan(job(.rgba), header: nil).conversion else {
            Issue.record("rgba is not converted in strips")
            return
        }
        var scaled = job(.rgba)
        scaled.picture.scale = PictureSize(width: 32, height: 32)
        let plan = try EncodePlan(scaled, header: nil)
        guard case .whole = plan.conversion else {
            Issue.record("scaling is not for the whole picture")
            return
        }
        #expect(plan.target.size == PictureSize(width: 32, height: 32))
    }

    @Test("An encode plan refuses, pads or crops odd sizes, as requested")
    func oddSizes() throws {
        var job = job(.rgba, 33, 17)
        #expect(refusal(job).contains("odd size 33x17 (oddSize pad repeats"))
        job.picture.oddSize = .pad
        #expect(try EncodePlan(job, header: nil).config.size == PictureSize(width: 34, height: 18))
        job.picture.oddSize = .crop
        #expect(try EncodePlan(job, header: nil).config.size == PictureSize(width: 32, height: 16))
        job.picture.chroma = .yuv444
        #expect(try EncodePlan(job, header: nil).config.size == PictureSize(width: 33, height: 17))
        job.picture.chroma = .yuv422
        #expect(try EncodePlan(job, header: nil).config.size == PictureSize(width: 32, height: 17))
        job.picture.chroma = nil
        job.input.size = PictureSize(width: 1, height: 1)
        #expect(refusal(job).contains("cropping 1x1 leaves nothing"))
    }

    @Test("An encode plan tags converted RGB as BT.709 limited, and untagged YUV not at all")
    func colors() throws {
        #expect(try EncodePlan(job(.rgba), header: nil).config.values.colorSpace == .bt709)
        #expect(try EncodePlan(job(.gray8), header: nil).config.values.colorSpace == .bt709)
        #expect(try EncodePlan(job(.i420), header: nil).config.values.colorSpace == .unspecified)
        var other = job(.rgba)
        (other.color.matrix, other.color.fullRange) = (.smpte170m, true)
        let plan = try EncodePlan(other, header: nil)
        #expect((plan.config.values.colorSpace.matrix, plan.config.values.colorSpace.fullRange) == (.smpte170m, true))
        other.color.matrix = .unspecified
        #expect(refusal(other).contains("matrix"), "RGB cannot be converted with a matrix that nobody knows")
        let y4m = try header("YUV4MPEG2 W64 H48 F25:1 C420jpeg XCOLORRANGE=FULL")
        let values = try EncodePlan(job(.i420), header: y4m).config.values
        #expect((values.colorSpace.fullRange, values.chromaLocation) == (true, .center))
    }

    @Test("An encode plan takes geometry from a Y4M header, and refuses what contradicts it")
    func y4m() throws {
        let y4m = try header("YUV4MPEG2 W80 H60 F30000:1001 A4:3 C422")
        var job = job(.i422, 80, 60)
        (job.input.size, job.input.framerate, job.input.pixelFormat) = (nil, nil, nil)
        let plan = try EncodePlan(job, header: y4m)
        #expect((plan.source.size, plan.framerate) == (PictureSize(width: 80, height: 60), FrameRate(30000, 1001)))
        #expect(plan.config.values.pixelAspectRatio == PixelAspectRatio(width: 4, height: 3))
        job.input.size = PictureSize(width: 80, height: 61)
        #expect(refusal(job, y4m).contains("80x61 contradicts the Y4M header, which has 80x60"))
        (job.input.size, job.input.pixelFormat) = (nil, .i420)
        #expect(refusal(job, y4m).contains("i420 contradicts the Y4M header, which has i422"))
        (job.input.pixelFormat, job.input.stride) = (nil, 100)
        #expect(refusal(job, y4m).contains("stride needs raw input"))
    }

    @Test("An encode plan makes a sample aspect ratio of the display size")
    func displaySize() throws {
        var job = job(.i420, 720, 576)
        #expect(try EncodePlan(job, header: nil).config.values.pixelAspectRatio == nil)
        job.picture.displaySize = PictureSize(width: 1024, height: 576)
        let ratio = try EncodePlan(job, header: nil).config.values.pixelAspectRatio
        #expect(ratio == PixelAspectRatio(width: 64, height: 45))
        job.picture.displaySize = PictureSize(width: 1440, height: 1152)
        #expect(try EncodePlan(job, header: nil).config.values.pixelAspectRatio == .square)
        job.picture.displaySize = PictureSize(width: 0, height: 576)
        #expect(refusal(job) != "")
    }

    @Test("An encode plan needs to know the size, format and rate of raw input")
    func missing() {
        for (change, text) in [
            ({ $0.input.size = nil }, "needs a size"), ({ $0.input.pixelFormat = nil }, "needs a pixel format"),
            ({ $0.input.framerate = nil }, "needs a frame rate"),
            ({ $0.input.stride = 255 }, "stride 255 is less than a row of 256 bytes"),
            ({ $0.input.size = PictureSize(width: 0, height: 5) }, "0x5"),
            ({ $0.frameOptions[3] = EncodeOptions(quantizer: 7) }, "the quantizer of frame 3 needs bitrateMode"),
        ] as [((inout EncodeJob) -> Void, String)] {
            var job = job()
            change(&job)
            #expect(refusal(job).contains(text), "\(refusal(job))")
        }
    }
}
