import Sluice
import Testing

@testable import SluiceCLI

@Suite("The flags of encode")
struct EncodeCommandTests {
    @Test("The flags of encode have defaults that are the library's")
    func defaults() throws {
        let job = try encodeJob("")
        #expect(job.input.origin == .standardInput && job.input.format == .auto)
        #expect(job.input.size == nil && job.input.framerate == nil && job.input.pixelFormat == nil)
        #expect(job.input.selection == FrameReader.Selection())
        #expect(job.config == EncoderConfig(codec: .lowest(.h264), width: 0, height: 0))
        #expect(job.picture == PictureOptions() && job.color == ColorOptions() && job.bounds == PipelineBounds())
        #expect(job.output.destination == .path("out.mp4") && job.output.format == .mp4)
        #expect(!job.output.overwrite && job.output.audio.own == .automatic && !job.output.fragment)
        #expect(job.verification == nil && job.parallel == nil && job.record == nil && job.frameOptions.isEmpty)
    }

    @Test("The flags of encode describe raw frames")
    func rawFrames() throws {
        let job = try encodeJob("-s 1920x1080 -r 30000/1001 -p rgba --stride 8192 --input-format raw in.rgba")
        #expect(job.input.origin == .path("in.rgba") && job.input.format == .raw)
        #expect(job.input.size == PictureSize(width: 1920, height: 1080))
        #expect(job.input.framerate == FrameRate(30000, 1001))
        #expect(job.input.pixelFormat == .rgba && job.input.stride == 8192)
    }

    @Test("The flags of encode have short names that mean the same as the long ones")
    func shortNames() throws {
        let short = try EncodeCommand.words("-s 64x48 -r 25 -p i420 -o a.ivf --codec vp8 in.yuv").makeJob()
        let long = "--size 64x48 --framerate 25 --pixel-format i420 --output a.ivf --codec vp8 in.yuv"
        #expect(try fields(short) == fields(EncodeCommand.words(long).makeJob()))
    }

    @Test("The flags of encode select frames, and set the expected number")
    func selection() throws {
        let selection = try encodeJob("--skip 3 --frames 10 --expect-frames 10 --accept-partial").input.selection
        #expect(selection.skip == 3 && selection.count == 10 && selection.expected == 10 && selection.acceptPartial)
    }

    @Test("The flags of encode set what a media input may do")
    func media() throws {
        let input = try encodeJob("--variable-rate --keep-start-time --input-timeout 2.5 --digest").input
        #expect(input.hasVariableRate && input.keepsStartTime && input.hasDigest)
        #expect(input.timeout == .milliseconds(2500))
    }

    @Test(
        "The flags of encode choose a codec by a short name, or exactly by a codec string",
        arguments: [
            ("h264", CodecSelection.lowest(.h264)), ("h265", .lowest(.hevc)), ("av1", .lowest(.av1)),
            ("avc1.640028", .exact("avc1.640028")), ("av01.0.08M.08", .exact("av01.0.08M.08")), ("vp8", .lowest(.vp8)),
        ]
    )
    func codec(text: String, selection: CodecSelection) throws {
        #expect(try EncodeCommand.words("-o a.mkv --codec \(text)").makeJob().config.codec == selection)
    }

    @Test("The flags of encode choose the codec by the output's name where nothing else does")
    func codecOfName() throws {
        let codec = { try EncodeCommand.words($0).makeJob().config.codec }
        #expect(try codec("-o a.hevc") == .lowest(.hevc))
        #expect(try codec("-o a.h264") == .lowest(.h264))
        #expect(try codec("-o a.mp4") == .lowest(.h264))
        #expect(try codec("-o a.hevc --codec hevc") == .lowest(.hevc))
        #expect(try #require(encodeRefusal("-o a.hevc --codec h264")).contains("a.hevc"))
    }

    @Test("The flags of encode set the rate")
    func rate() throws {
        let config = try encodeJob("--bitrate 2.5M --bitrate-mode constant --key-frame-interval 60").config
        #expect(config.bitrate == 2_500_000 && config.bitrateMode == .constant && config.keyFrameInterval == 60)
        #expect(try encodeJob("--crf 18.5").config.constantQuality == 18.5)
        #expect(try encodeJob("--lossless").config.lossless)
    }

    @Test("The flags of encode mean the quantizer mode where they give a quantizer, in either scale")
    func quantizer() throws {
        let config = try encodeJob("--quantizer 20").config
        #expect(config.quantizer == 20 && config.bitrateMode == .quantizer && config.quantizerIndex == nil)
        let indexed = try encodeJob("--qindex 120").config
        #expect(indexed.quantizerIndex == 120 && indexed.bitrateMode == .quantizer && indexed.quantizer == nil)
        #expect(try encodeJob("--quantizer 20 --bitrate-mode variable").config.bitrateMode == .variable)
    }

    @Test("The flags of encode set the encoder")
    func encoder() throws {
        let line = "--encoder libx264 --preset slow --threads 3 --latency-mode realtime --scalability-mode L1T2"
        let config = try encodeJob("\(line) --content-hint text --hardware-acceleration prefer-software").config
        #expect(config.encoder == "libx264" && config.preset == "slow" && config.threads == 3)
        #expect(config.latencyMode == .realtime && config.scalabilityMode == .l1t2 && config.contentHint == .text)
        #expect(config.hardwareAcceleration == .preferSoftware)
        let options = try encodeJob("--encoder-option aq-mode=2 --encoder-option open-gop").config.encoderOptions
        #expect(options == [EncoderOption(key: "aq-mode", value: "2"), EncoderOption(key: "open-gop", value: "1")])
    }

    @Test("The flags of encode set the picture")
    func picture() throws {
        let line = "--scale 1280x720 --odd-size pad --chroma 444 --bit-depth 10 --background 102030 --premultiplied"
        let picture = try encodeJob("\(line) --display-size 1920x800 --rotation 90 --flip").picture
        #expect(picture.scale == PictureSize(width: 1280, height: 720) && picture.oddSize == .pad)
        #expect(picture.chroma == .yuv444 && picture.bitDepth == 10 && picture.isPremultiplied)
        #expect(picture.background == RGBColor(red: 16, green: 32, blue: 48))
        #expect(picture.displaySize == PictureSize(width: 1920, height: 800))
        #expect(picture.rotation == .right && picture.flip == true)
        #expect(try encodeJob("--no-flip").picture.flip == false)
        #expect(try encodeJob("--alpha keep").config.alpha == .keep)
    }

    @Test("The flags of encode set the color")
    func color() throws {
        let line = "--color-primaries bt2020 --color-transfer pq --color-matrix bt2020-ncl --color-range full"
        let color = try encodeJob("\(line) --chroma-location center").color
        #expect(color.primaries == ColorPrimaries(argument: "bt2020") && color.primaries != nil)
        #expect(color.transfer == TransferCharacteristics(argument: "pq") && color.transfer != nil)
        #expect(color.matrix == MatrixCoefficients(argument: "bt2020-ncl") && color.matrix != nil)
        #expect(color.fullRange == true && color.chromaLocation == .center)
        #expect(try encodeJob("--color-range limited").color.fullRange == false)
    }

    @Test("The flags of encode set the metadata of HDR")
    func hdr() throws {
        let display = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
        let config = try encodeJob("--max-cll 1000,400 --mastering-display \(display)").config
        #expect(config.contentLightLevel == ContentLightLevel(maxCLL: 1000, maxFALL: 400))
        #expect(config.masteringDisplay == MasteringDisplay(argument: display) && config.masteringDisplay != nil)
    }

    @Test("The flags of encode set the outputs")
    func outputs() throws {
        let output = try encodeJob("--overwrite --fragment --chunks c.jsonl --receipt - --copy-audio").output
        #expect(output.overwrite && output.fragment && output.audio.own == .required && output.hasDigest)
        #expect(output.chunks == .path("c.jsonl") && output.receipt == .standardOutput)
        let record = try EncodeCommand.words("-o a.avcc --format avcc --description a.bin").makeJob().output
        #expect(record.format == .avcc && record.description == .path("a.bin"))
    }

    @Test("The flags of encode compute the output's digest only if it is shown")
    func digest() throws {
        #expect(try !encodeJob("").output.hasDigest)
        #expect(try encodeJob("--json").output.hasDigest)
        #expect(try encodeJob("--receipt r.json").output.hasDigest)
    }

    @Test(
        "The flags of encode take the format from the output's name",
        arguments: [
            ("a.mp4", OutputFormat.mp4), ("a.mkv", .mkv), ("a.webm", .webm), ("a.ivf", .ivf), ("a.h264", .annexB),
            ("a.obu", .obu), ("a.MP4", .mp4),
        ]
    )
    func format(name: String, format: OutputFormat) throws {
        #expect(try EncodeCommand.words("-o \(name)").makeJob().output.format == format)
        #expect(try EncodeCommand.words("-o \(name) --format annexb").makeJob().output.format == .annexB)
    }

    @Test("The flags of encode request verification, also by a minimum PSNR alone")
    func verification() throws {
        #expect(try encodeJob("--verify").verification == VerificationOptions())
        #expect(try encodeJob("--min-psnr 40.5").verification == VerificationOptions(leastPSNR: 40.5))
    }

    @Test("The flags of encode set the number of encoders and the bounds of the queue")
    func running() throws {
        let job = try encodeJob("--parallel 4 --segment-frames 120 --queue-depth 8 --max-memory 64M")
        #expect(job.parallel?.workers == .count(4) && job.parallel?.segmentFrames == 120)
        #expect(job.bounds.queueDepth == 8 && job.bounds.maxBytes == 64 << 20)
        #expect(try encodeJob("--parallel auto").parallel?.workers == .auto)
    }

    @Test("The flags of encode name standard output by a dash and by its device")
    func standardOutput() throws {
        for name in ["-", "/dev/stdout"] {
            let command = try EncodeCommand.words("-o \(name) --format ivf --codec vp9")
            #expect(try command.makeJob().output.destination == .standardOutput)
            #expect(command.output.usesStandardOutput)
        }
        #expect(try EncodeCommand.words("-o a.mp4 --chunks -").output.usesStandardOutput)
        #expect(try !EncodeCommand.words("-o a.mp4").output.usesStandardOutput)
    }
}
