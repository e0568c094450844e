import Bitstream
import TestSupport
import Testing
import VideoTypes

@Suite("YUV4MPEG2")
struct Y4MTests {
    private func parse(_ line: String) throws -> Y4MHeader { try Y4MHeader(parsing: Array(line.utf8)) }

    @Test(
        "A Y4M header that FFmpeg writes describes the stream",
        arguments: [
            ("yuv420p", .i420, .center), ("yuv422p", .i422, nil), ("yuv444p", .i444, nil), ("gray", .gray8, nil),
            ("yuv420p10le", .i420p10, nil), ("yuv422p10le", .i422p10, nil), ("yuv444p10le", .i444p10, nil),
            ("yuv420p12le", .i420p12, nil), ("yuv422p12le", .i422p12, nil), ("yuv444p12le", .i444p12, nil),
        ] as [(String, PixelFormat, ChromaLocation?)]
    )
    func ffmpegHeader(pixelFormat: String, format: PixelFormat, location: ChromaLocation?) throws {
        let folder = try TemporaryFolder()
        let source = "testsrc2=size=210x120:rate=30000/1001,setsar=40/33"
        let output = [
            "-frames:v", "2", "-pix_fmt", pixelFormat, "-color_range", "tv", "-strict", "-1", "a.y4m",
        ]
        try folder.run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source] + output)
        let bytes = try folder.bytes(of: "a.y4m")
        let line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
        let header = try Y4MHeader(parsing: line)
        #expect(header.size == PictureSize(width: 210, height: 120))
        #expect(header.frameRate == FrameRate(30000, 1001))
        #expect(header.pixelAspectRatio == PixelAspectRatio(width: 40, height: 33))
        #expect(header.format == format)
        #expect(header.chromaLocation == location)
        #expect(header.fullRange == false)
        #expect(header.isLuma == (pixelFormat == "gray"))
        let frame = bytes.dropFirst(line.count + 1).prefix { $0 != UInt8(ascii: "\n") }
        #expect(throws: Never.self) { try Y4MFrameHeader.check(Array(frame)) }
        let layout = try #require(PictureLayout(format: header.format, size: header.size))
        #expect(bytes.count == line.count + 1 + 2 * (frame.count + 1 + layout.byteCount))
    }

    @Test(
        "Colorspace tags of Y4M mean formats and chroma locations",
        arguments: [
            ("", .i420, .center), (" C420", .i420, .center), (" C420jpeg", .i420, .center),
            (" C420mpeg2", .i420, .left),
            (" C420paldv", .i420, .topLeft), (" C422", .i422, nil), (" C444", .i444, nil), (" Cmono", .gray8, nil),
            (" C420p10", .i420p10, nil), (" C422p10", .i422p10, nil), (" C444p10", .i444p10, nil),
            (" C420p12", .i420p12, nil), (" C422p12", .i422p12, nil), (" C444p12", .i444p12, nil),
            (" XYSCSS=420P10", .i420p10, nil), (" C420mpeg2 XYSCSS=444", .i420, .left), (" XYSCSS=422", .i422, nil),
            (" XYSCSS=420MPEG2", .i420, .left),
        ] as [(String, PixelFormat, ChromaLocation?)]
    )
    func colorspaces(tag: String, format: PixelFormat, location: ChromaLocation?) throws {
        let header = try parse("YUV4MPEG2 W2 H2\(tag)")
        #expect(header.format == format)
        #expect(header.chromaLocation == location)
    }

    @Test("Missing or zero values of a Y4M header are unknown")
    func unknown() throws {
        for line in [
            "YUV4MPEG2 W16384 H1", "YUV4MPEG2 W16384 H1 F0:0 A0:0 I? XWHATEVER=1 X", "YUV4MPEG2 W1 H1 A0:1",
            "YUV4MPEG2 W1 H1 A1:0",
        ] {
            let header = try parse(line)
            #expect(header.frameRate == nil)
            #expect(header.pixelAspectRatio == nil)
            #expect(header.fullRange == nil)
        }
        #expect(try parse("YUV4MPEG2 W2 H2 XCOLORRANGE=FULL").fullRange == true)
        #expect(try parse("YUV4MPEG2 W2 H2 XCOLORRANGE=LIMITED Ip").fullRange == false)
    }

    @Test(
        "A Y4M header that Sluice does not support is reported as unsupported",
        arguments: [
            "C420p9", "C422p14", "C444p16", "C411", "C444alpha", "Cmono10", "Cmono16", "XYSCSS=411",
        ]
    )
    func unsupported(tag: String) {
        let error = #expect(throws: BitstreamError.self) { try parse("YUV4MPEG2 W2 H2 \(tag)") }
        #expect(error?.reason == .unsupported)
        #expect(error?.offset == .byte(16))
        #expect(error?.what.hasPrefix("unsupported ") == true)
    }

    @Test(
        "A Y4M header with any other content is invalid",
        arguments: [
            "", "YUV4MPEG", "YUV4MPEG2", "YUV4MPEG22 W2 H2", "YUV4MPEG2 W2", "YUV4MPEG2 H2", "YUV4MPEG2 W0 H2",
            "YUV4MPEG2 W2 H16385", "YUV4MPEG2 W+2 H2", "YUV4MPEG2 W2 H2 W2", "YUV4MPEG2 W2 H2 H2",
            "YUV4MPEG2 W2 H2 F1:1 F1:1", "YUV4MPEG2 W2 H2 C420 C420", "YUV4MPEG2 W2 H2 F30", "YUV4MPEG2 W2 H2 F30:0",
            "YUV4MPEG2 W2 H2 F99999:1", "YUV4MPEG2 W2 H2 F1:2:3", "YUV4MPEG2 W2 H2 A65536:1",
            "YUV4MPEG2 W2 H2 Cfoo", "YUV4MPEG2 W2 H2 Iq", "YUV4MPEG2 W2 H2 Q1", "YUV4MPEG2 W2 H2 w2",
            "YUV4MPEG2 W99999999999999999999 H2", "YUV4MPEG2 W2 H2 X" + String(repeating: "x", count: 1024),
        ]
    )
    func invalid(line: String) {
        let error = #expect(throws: BitstreamError.self) { try parse(line) }
        #expect(error?.reason == .invalid)
    }

    @Test("An error in a Y4M header names the tag, its place and the expected form")
    func message() {
        let error = #expect(throws: BitstreamError.self) { try parse("YUV4MPEG2 W2 H0") }
        #expect(error?.description == "invalid tag H0 at byte 13 (expected H and a number in 1...16384)")
    }

    @Test("A Y4M frame's line is FRAME, with or without parameters")
    func frameLine() {
        for line in ["FRAME", "FRAME Ippp", "FRAME "] {
            #expect(throws: Never.self) { try Y4MFrameHeader.check(Array(line.utf8)) }
        }
        for line in ["", "FRAM", "FRAMES", "frame", "\0FRAME"] {
            #expect(throws: BitstreamError.self) { try Y4MFrameHeader.check(Array(line.utf8)) }
        }
    }
}
