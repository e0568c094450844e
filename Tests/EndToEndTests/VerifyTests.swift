import Foundation
import Testing

@Suite("--verify")
struct VerifyTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private struct Verified: Decodable {
        struct Verification: Decodable {
            struct PSNR: Decodable {
                let average: Double?
                let planes: [Double?]
                let lowest: Double?
                let lowestFrame: Int
            }
            let frames: Int
            let reference: String
            let psnr: PSNR?
        }
        let verification: Verification?
    }

    private func encode(_ flags: String, piping: Bool = false) throws -> Verified.Verification {
        let source = try folder.source()
        let input = piping ? "cat \(source) | sluice" : "sluice \(source)"
        let outcome = try folder.succeed("\(input) \(Quick.size) -p i420 \(flags) --json")
        let result = try JSONDecoder().decode(Verified.self, from: outcome.output)
        return try #require(result.verification)
    }

    @Test(
        "--verify decodes the output, in every format, and reports the same PSNR as ffmpeg",
        .mustEnd,
        arguments: Carriage.all
    )
    func everyFormat(item: Carriage) throws {
        let verified = try encode("\(Quick.flags(item.codec)) --verify -o \(item.file)")
        #expect(verified.frames == Quick.frames && verified.reference == "source")
        let psnr = try #require(verified.psnr?.average)
        let expected = try folder.psnr(item.file, against: folder.source(), "yuv420p", size: "64x48")
        #expect(abs(psnr - expected) <= 0.01, "\(psnr) dB, ffmpeg says \(expected)")
    }

    @Test("--verify decodes AVCC with the encoder's record, even without --description", .mustEnd)
    func avcc() throws {
        #expect(try encode("--format avcc --verify -o a.avcc").frames == Quick.frames)
        #expect(try encode("--format avcc --verify --description a.record -o b.avcc").frames == Quick.frames)
    }

    @Test("--verify reports an infinite PSNR for equal pictures", .mustEnd)
    func lossless() throws {
        let verified = try encode("--codec vp9 --quantizer 0 --min-psnr 100 -o out.ivf")
        let psnr = try #require(verified.psnr)
        #expect(psnr.average == nil && psnr.lowest == nil && psnr.planes == [nil, nil, nil])
    }

    @Test("--verify names the worst frame", .mustEnd)
    func worst() throws {
        try folder.write(Array(#"{"frame":7,"quantizer":63}"#.utf8), to: "options")
        let verified = try encode("--codec vp9 --quantizer 10 --frame-options options --verify -o out.ivf")
        #expect(verified.psnr?.lowestFrame == 7)
    }

    @Test("--verify of frames from a pipe compares the means of their blocks", .mustEnd)
    func pipe() throws {
        let verified = try encode("--verify -o out.mp4", piping: true)
        #expect(verified.frames == Quick.frames && verified.reference == "means" && verified.psnr == nil)
    }

    @Test("--verify compares scaled, padded and converted pictures with the encoder's input", .mustEnd)
    func converted() throws {
        let source = try folder.source("rgba", size: "63x47")
        for flags in [
            "--scale 96x64", "--odd-size pad", "--odd-size crop", "--odd-size pad --codec avc1.F4001E --chroma 444",
        ] {
            let encode = "sluice \(source) -s 63x47 -r 30 -p rgba \(flags) --crf 10 --min-psnr 35 --json"
            let outcome = try folder.succeed("\(encode) -o out.h264 --overwrite")
            let verified = try JSONDecoder().decode(Verified.self, from: outcome.output).verification
            #expect(verified?.frames == Quick.frames, "\(flags)")
        }
    }

    @Test("--verify of Y4M reads the source again as well", .mustEnd)
    func y4m() throws {
        try folder.succeed("sluice testsrc -s 64x48 --frames 12 -p i420 --format y4m -o in.y4m")
        let outcome = try folder.succeed("sluice in.y4m --verify --skip 3 --frames 5 -o out.h264 --json")
        let verified = try JSONDecoder().decode(Verified.self, from: outcome.output).verification
        #expect(verified?.frames == 5 && verified?.reference == "source")
        #expect(try #require(verified?.psnr?.average) > 30)
    }

    @Test("--verify with too low a PSNR is 76, and nothing is renamed into place", .mustEnd)
    func quality() throws {
        let source = try folder.source()
        try folder.write([1, 2, 3], to: "out.mp4")
        let encode = "sluice \(source) \(Quick.size) -p i420 --crf 45 --min-psnr 60 --overwrite"
        try folder.fail(
            "\(encode) --receipt out.json --chunks out.jsonl -o out.mp4",
            status: 76,
            saying: "PSNR",
            "60.0 dB"
        )
        #expect(try folder.bytes("out.mp4") == [1, 2, 3])
        #expect(folder.names == [source, "out.mp4"].sorted())
        let outcome = try folder.run("\(encode) --json -o other.mp4")
        let failure = try JSONDecoder().decode(FailureObject.self, from: outcome.output).error
        #expect(failure.name == "qualityTooLow" && failure.code == 76 && !failure.retryable)
    }

    @Test("--verify is refused where the output cannot be read back", .mustEnd)
    func notAFile() throws {
        let encode = try "sluice \(folder.source()) \(Quick.size) -p i420 --verify"
        try folder.fail("\(encode) --format annexb -o - | cat", status: 64, saying: "--verify", "file")
        try folder.fail("\(encode) --format annexb -o /dev/null", status: 64, saying: "--verify", "file")
    }

    @Test("--verify with a minimum PSNR needs a source that can be read again", .mustEnd)
    func notASource() throws {
        let encode = "\(Quick.size) -p i420 --min-psnr 30 -o out.h264"
        try folder.fail("cat \(folder.source()) | sluice \(encode)", status: 64, saying: "--min-psnr", "file")
        try folder.fail("sluice \(folder.source()) \(encode) --min-psnr 201", status: 64, saying: "201")
    }
}

@Suite("--verify of coarse coding")
struct CoarseVerifyTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let settings = [
        "--codec h264 --quantizer 51", "--codec h264 --bitrate 20k --latency-mode realtime", "--codec hevc --crf 51",
        "--codec vp8 --quantizer 63", "--codec vp9 --crf 63", "--codec av1 --crf 63 --preset 6",
    ]
    private static let sources = [
        "nullsrc=s=64x48,geq=random(1)*255:128+random(2)*100-50:random(3)*255", "color=black:s=160x120",
        "testsrc2=s=160x120", "testsrc2=s=96x64,hue=H='n*2.1':b='3*sin(n)'",
        "nullsrc=s=96x64,geq='255*mod(N,2)':128:128",
    ]

    @Test(
        "--verify of coarse coding never refuses it: noise, black, cuts and flashes at the coarsest quantizer (fault C3)",
        .mustEnd,
        arguments: settings
    )
    func coarse(settings: String) throws {
        for source in Self.sources {
            try folder.succeed(
                "ffmpeg -v error -y -f lavfi -i \"\(source)\" -frames:v 6 -pix_fmt yuv420p -strict -1 in.y4m"
            )
            try folder.succeed("sluice in.y4m \(settings) --verify -o out.mkv --overwrite")
            try folder.succeed("cat in.y4m | sluice \(settings) --verify -o out.mkv --overwrite")
        }
    }

    @Test("--verify of coarse coding accepts pictures with almost no bits after the first one")
    func thin() throws {
        let noise = """
            import numpy
            luma = numpy.random.default_rng(5).integers(16, 236, (182, 322))
            with open("in.yuv", "wb") as file:
                for number in range(40):
                    file.write(numpy.roll(luma, number * 4, 1).astype("u1").tobytes())
                    file.write(bytes([60 + number]) * 14651 + bytes([200 - number]) * 14651)
            """
        try folder.succeed("python3 -c '\(noise)'")
        let flags = "-s 322x182 -r 25 -p i420 --codec hevc --bitrate 15k --preset ultrafast"
        try folder.succeed("sluice encode in.yuv \(flags) -o out.mp4 --verify")
    }

    @Test(
        "--verify accepts pictures without chroma if the codec string requests them; chroma is dropped with a notice"
    )
    func monochrome() throws {
        for (format, isTold) in [("i420", true), ("gray8", false)] {
            let outcome = try folder.succeed(
                "sluice testsrc -s 192x128 --frames 5 -p \(format) | sluice -s 192x128 -r 30 -p \(format)"
                    + " --codec av01.0.00M.08.1.111 -o out.mp4 --verify --overwrite"
            )
            #expect(outcome.errors.contains("chroma of i420 frames is dropped") == isTold)
            #expect(try folder.probe("out.mp4", "pix_fmt").hasPrefix("gray"))
        }
    }
}
