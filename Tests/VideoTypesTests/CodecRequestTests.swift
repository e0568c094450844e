import Testing
import VideoTypes

@Suite("A codec string")
struct CodecRequestTests {
    private static let valid = [
        "avc1.42001E", "avc3.640028", "vp8",
        "hvc1.1.6.L93.B0", "hev1.2.4.H153", "hvc1.4.10.L120.9F.A8", "hvc1.A1.80000000.L30",
        "vp09.00.10.08", "vp09.02.51.10.01.09.16.09.00", "vp09.01.31.08.03.01.13.00.01",
        "av01.0.04M.08", "av01.1.31M.10", "av01.2.08H.12", "av01.0.08M.10.0.112.09.16.09.0",
        "av01.2.09M.12.0.100.01.01.01.1", "av01.0.00M.08.1.110.01.13.06.0",
    ]

    @Test("A codec string of every codec comes back as it was", arguments: valid)
    func roundTrip(string: String) throws {
        let request = try CodecRequest(.exact(string))
        let back: String
        switch request {
        case .avc(let string): back = string.description
        case .hevc(let string): back = string.description
        case .vp8: back = "vp8"
        case .vp9(let string): back = string.description
        case .av1(let string): back = string.description
        case .lowest: back = ""
        }
        #expect(back == string)
    }

    @Test(
        "A codec string of VP9 and AV1 may end after any field, with the registrations' defaults for the rest (fault G5)",
        arguments: [
            ("vp09.01.10.08.03", "vp09.01.10.08.03.01.01.01.00"), ("vp09.00.10.08.01", "vp09.00.10.08.01.01.01.01.00"),
            ("vp09.00.10.08.00.09", "vp09.00.10.08.00.09.01.01.00"),
            ("vp09.02.10.10.01.09.16.09", "vp09.02.10.10.01.09.16.09.00"),
            ("av01.1.04M.08.0.000", "av01.1.04M.08.0.000.01.01.01.0"),
            ("av01.0.04M.08.0", "av01.0.04M.08.0.110.01.01.01.0"),
            ("av01.1.04M.08.0", "av01.1.04M.08.0.000.01.01.01.0"),
            ("av01.2.04M.10.0", "av01.2.04M.10.0.100.01.01.01.0"),
            ("av01.0.04M.10.0.112.09.16.09", "av01.0.04M.10.0.112.09.16.09.0"),
        ]
    )
    func shortForms(short: String, whole: String) throws {
        #expect(try CodecRequest(.exact(short)) == CodecRequest(.exact(whole)))
    }

    private static let malformed = [
        "", "avc1", "avc1.42001", "avc1.42001E0", "avc1.42001G", "avc1.42001E.", "avc3.+42001",
        "vp8.", "vp8.0", "vp08", "vp08.00.10.08",
        // Fields that are missing, too short, too long, or no numbers.
        "vp09", "vp09.00", "vp09.00.10", "vp09.0.10.08", "vp09.00.10.8", "vp09.00.10.08.", "vp09.00.10.008",
        "vp09.00.1a.08", "vp09.-1.10.08", "vp09. 0.10.08", "vp09.٠٠.10.08",
        // Values that the binding does not have.
        "vp09.04.10.08", "vp09.00.12.08", "vp09.00.63.08", "vp09.00.10.09", "vp09.00.10.10", "vp09.02.10.08",
        // Some of the optional fields, reserved values, and chroma that the profile does not have.
        "vp09.00.10.08.01.01.01.01.02", "vp09.00.10.08.04.01.01.01.00",
        "vp09.00.10.08.03.01.01.01.00", "vp09.01.10.08.01.01.01.01.00", "vp09.00.10.08.01.03.01.01.00",
        "vp09.00.10.08.01.01.00.01.00", "vp09.00.10.08.01.01.01.00.00", "vp09.00.10.08.01.01.01.01.00.00",
        "av01", "av01.0", "av01.0.04M", "av01.00.04M.08", "av01.0.4M.08", "av01.0.04.08", "av01.0.04m.08",
        "av01.0.04M.8",
        "av01.3.04M.08", "av01.0.24M.08", "av01.0.30M.08", "av01.0.32M.08", "av01.0.07H.08", "av01.0.04M.12",
        "av01.1.04M.12", "av01.0.04M.08.0.110.01.01.01.2",
        "av01.0.04M.08.2.110.01.01.01.0", "av01.0.04M.08.0.113.01.01.01.0", "av01.0.04M.08.0.010.01.01.01.0",
        "av01.0.04M.08.0.000.01.01.01.0", "av01.1.04M.08.0.110.01.01.01.0", "av01.2.04M.10.0.110.01.01.01.0",
        "av01.0.04M.08.0.110.00.01.01.0", "av01.0.04M.08.0.110.01.01.00.0", "av01.1.04M.08.1.000.01.01.01.0",
        "av01.0.04M.08.", "av01.0.04M.08.0.110.01.01.01.0.",
        "hvc1", "hvc1.1", "hvc1.1.6", "hvc1.1.6.93", "hvc1.1.6.M93", "hvc1.1.6.L", "hvc1.1.6.L093", "hvc1.01.6.L93",
        "hvc1.32.6.L93", "hvc1.D1.6.L93", "hvc1.a1.6.L93", "hvc1.1.G.L93", "hvc1.1.123456789.L93", "hvc1.1.6.L256",
        "hvc1.1.6.L93.", "hvc1.1.6.L93.B00", "hvc1.1.6.L93.0.0.0.0.0.0.0", "hvc1.1..L93", "hvc1..6.L93", "hev1.1.6.l93",
    ]

    @Test("A codec string that breaks its codec's rules is invalid", arguments: malformed)
    func invalid(string: String) {
        let error = #expect(throws: EncoderConfigError.self) { try CodecRequest(.exact(string)) }
        #expect(error?.isUnsupported == false)
        #expect(error.map { "\($0)" }?.contains("\"\(string)\"") == true)
    }

    @Test(
        "A codec string of a codec that is not known is unsupported, in any case but its own",
        arguments: [
            "AVC1.42001E", "VP8", "Vp09.00.10.08", "AV01.0.04M.08", "h264", "av1", "hevc", "theora", "vp9", " vp8",
            "mp4v.20.9",
        ]
    )
    func unknown(string: String) {
        let error = #expect(throws: EncoderConfigError.self) { try CodecRequest(.exact(string)) }
        #expect(error?.isUnsupported == true)
    }

    @Test("A codec string of HEVC may have zeros that are written without")
    func shortened() throws {
        #expect(HEVCCodecString("hvc1.1.06.L93.b0.00")?.description == "hvc1.1.6.L93.B0")
        #expect(HEVCCodecString("hvc1.1.6.L93.0.1")?.description == "hvc1.1.6.L93.0.1")
    }

    @Test("A codec string leaves chroma and depth as its profile does")
    func pictureFormat() throws {
        func format(_ string: String, _ chroma: ChromaSubsampling, _ depth: Int) throws -> String {
            let format = try CodecRequest(.exact(string)).pictureFormat(ofFrames: chroma, bitDepth: depth)
            return "\(format.chroma.name) \(format.bitDepth)"
        }
        #expect(try format("avc1.640028", .yuv444, 10) == "4:2:0 8")
        #expect(try format("avc1.6E0028", .yuv444, 8) == "4:2:0 10")
        #expect(try format("avc1.7A0028", .yuv444, 10) == "4:2:2 10")
        #expect(try format("avc1.F40028", .yuv444, 8) == "4:4:4 8")
        #expect(try format("hvc1.1.6.L93.B0", .yuv444, 10) == "4:2:0 8")
        #expect(try format("hvc1.2.4.L93.B0", .yuv444, 8) == "4:2:0 10")
        #expect(try format("hvc1.4.10.L93.9D.8", .yuv444, 10) == "4:2:2 10")
        #expect(try format("vp8", .yuv444, 10) == "4:2:0 8")
        #expect(try format("vp09.01.10.08", .yuv422, 8) == "4:2:2 8")
        #expect(try format("vp09.01.10.08", .yuv420, 8) == "4:4:4 8")
        #expect(try format("vp09.03.10.12", .yuv422, 8) == "4:2:2 12")
        #expect(try format("vp09.01.10.08.02.01.01.01.00", .yuv444, 8) == "4:2:2 8")
        #expect(try format("av01.0.04M.10", .yuv444, 8) == "4:2:0 10")
        #expect(try format("av01.1.04M.08", .yuv420, 8) == "4:4:4 8")
        #expect(try format("av01.2.04M.10", .yuv420, 8) == "4:2:2 10")
        #expect(try format("av01.2.04M.12", .yuv420, 8) == "4:2:0 12")
        let lowest = CodecRequest.lowest(.av1).pictureFormat(ofFrames: .yuv444, bitDepth: 12)
        #expect(lowest == (.yuv420, 10))
    }
}
