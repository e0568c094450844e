import Foundation
import Testing

@Suite("The choice of an encoder")
struct EncoderChoiceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let encode = "sluice -s 64x64 -r 30 -p i420"

    @Test(
        "The choice of an encoder is the requested one, and is in the receipt",
        .mustEnd,
        arguments: [
            ("h264", "libx264", "h264", ""), ("hevc", "libx265", "hevc", ""), ("vp8", "libvpx", "vp8", ""),
            ("vp9", "libvpx", "vp9", ""), ("av1", "libaom", "av1", "--preset 6"),
            ("av1", "libsvtav1", "av1", "--preset 8"),
            ("av1", "librav1e", "av1", "--preset 10"),
        ]
    )
    func named(codec: String, encoder: String, decoded: String, flags: String) throws {
        let source = try folder.source(size: "64x64")
        let command = "\(encode) --codec \(codec) --encoder \(encoder) \(flags)"
        try folder.succeed("\(command) -o out.mkv --receipt out.json --chunks out.jsonl \(source)")
        #expect(try folder.probe("out.mkv", "codec_name,width,height,pix_fmt") == "\(decoded),64,64,yuv420p")
        #expect(try folder.frameCount("out.mkv") == Quick.frames)
        let receipt = try folder.receipt("out.json")
        #expect(receipt.config.encoder == encoder)
        let library = ["libsvtav1", "librav1e", "libx265"].contains(encoder) ? "libavcodec" : encoder
        #expect(receipt.libraries.keys.contains { $0 == encoder || $0 == library }, "\(receipt.libraries)")
        #expect(try folder.chunks("out.jsonl").count == Quick.frames)
    }

    @Test(
        "The choice of an encoder of AV1 other than libaom is the same pictures in their order",
        .mustEnd,
        arguments: ["libsvtav1", "librav1e"]
    )
    func order(encoder: String) throws {
        let source = try folder.source("rgba", size: "128x96")
        let flags = "--codec av1 --encoder \(encoder) --preset \(encoder == "librav1e" ? 10 : 8) --crf 20"
        try folder.succeed("sluice -s 128x96 -r 30 -p rgba \(flags) -o out.mp4 \(source)")
        let luma = try folder.decode("out.mp4", "gray")
        let numbers = (0..<(luma.count / (128 * 96))).map {
            TestPicture.number(inLuma: luma, frame: $0, width: 128, height: 96)
        }
        #expect(numbers == Array(0..<Quick.frames))
        #expect(
            try folder.probe("out.mp4", "color_range,color_space,color_transfer,color_primaries")
                == "tv,bt709,bt709,bt709"
        )
    }

    @Test(
        "The choice of an encoder that cannot be is refused before a frame is read, with the reason",
        .mustEnd,
        arguments: [
            ("av1", "foo", 64, "libaom, libsvtav1, librav1e"), ("vp9", "libaom", 69, "libaom does not encode VP9"),
            ("h264", "libvpx", 69, "libvpx does not encode H.264"),
            ("h264", "h264_nvenc", 69, "h264_nvenc cannot be opened"),
            ("hevc", "hevc_nvenc", 69, "hevc_nvenc"), ("vp8", "vp8_vaapi", 69, "vp8_vaapi"),
        ] as [(String, String, Int32, String)]
    )
    func refused(codec: String, encoder: String, status: Int32, words: String) throws {
        guard status == 64 || words.contains("does not") || !FileManager.default.fileExists(atPath: "/dev/dri") else {
            return
        }
        let command = "\(encode) --codec \(codec) --encoder \(encoder) -o out.mkv"
        try folder.fail("mkfifo frames; exec 9<>frames; \(command) frames", status: status, saying: words)
        #expect(folder.names == ["frames"])
    }

    @Test(
        "The choice of an encoder falls back from hardware to software, and reports which and why",
        .enabled(if: !FileManager.default.fileExists(atPath: "/dev/dri")),
        .mustEnd,
        arguments: [
            ("h264", "libx264", "h264_nvenc"), ("hevc", "libx265", "hevc_nvenc"), ("vp8", "libvpx", "vp8_vaapi"),
            ("vp9", "libvpx", "vp9_vaapi"), ("av1", "libaom", "av1_nvenc"),
        ]
    )
    func fallback(codec: String, software: String, hardware: String) throws {
        let source = try folder.source(size: "64x64")
        let flags = "\(Quick.flags(codec)) --bitrate 300k --hardware-acceleration prefer-hardware"
        let outcome = try folder.succeed("\(encode) \(flags) -o out.mkv --receipt out.json \(source)")
        #expect(outcome.errors.contains("warning: no hardware encoder can be used"))
        #expect(outcome.errors.contains(hardware) && outcome.errors.contains("using \(software)"))
        #expect(try folder.receipt("out.json").config.encoder == software)
        let notices = try JSONDecoder().decode(ReceiptDetails.self, from: Data(try folder.bytes("out.json"))).notices
        #expect(notices.contains { $0.contains(hardware) && $0.contains(software) })
        #expect(try folder.frameCount("out.mkv") == Quick.frames)
    }

    @Test(
        "The choice of an encoder without a hardware preference has no value for it in the receipt",
        .mustEnd,
        arguments: ["no-preference", "prefer-software"]
    )
    func silence(preference: String) throws {
        let source = try folder.source(size: "64x64")
        let flags = "--hardware-acceleration \(preference)"
        let outcome = try folder.succeed("\(encode) \(flags) --quiet -o out.mkv --receipt out.json \(source)")
        #expect(outcome.errors == "")
        #expect(try folder.receipt("out.json").config.encoder == "libx264")
    }
}
