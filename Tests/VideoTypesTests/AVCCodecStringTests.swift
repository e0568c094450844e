import Testing
import VideoTypes

@Suite("A codec string of H.264")
struct AVCCodecStringTests {
    @Test("A codec string of H.264 is three bytes in hexadecimal digits")
    func reading() throws {
        let string = try #require(AVCCodecString("avc1.42E01E"))
        #expect((string.profileIdc, string.constraints, string.levelIdc) == (66, 0xE0, 30))
        #expect(string.sampleEntry == .avc1)
        #expect(AVCCodecString("avc3.640028")?.sampleEntry == .avc3)
    }

    @Test("A codec string of H.264 takes digits in either case and writes them in upper case")
    func letterCase() {
        #expect(AVCCodecString("avc1.42e01e")?.description == "avc1.42E01E")
        #expect(AVCCodecString("avc1.42e01E") == AVCCodecString("avc1.42E01e"))
    }

    @Test(
        "A codec string of H.264 comes back as it was written",
        arguments: ["avc1.42001E", "avc3.640028", "avc1.000000", "avc1.FFFFFF", "avc1.0A0B0C"]
    )
    func roundTrip(text: String) { #expect(AVCCodecString(text)?.description == text) }

    @Test(
        "A codec string of H.264 is nothing else",
        arguments: [
            "", "avc1", "avc1.", "avc1.42001", "avc1.42001E0", "avc2.42001E", "AVC1.42001E", "avc1.42001G",
            "avc1.42001E.1", "avc1..42001E", " avc1.42001E", "avc1.42001E ", "avc1.+2001E", "avc1.４2001E",
            "avc1.66.30", "h264", "hvc1.1.6.L93.B0",
        ]
    )
    func junk(text: String) { #expect(AVCCodecString(text) == nil) }

    @Test("A codec string of H.264 has its constraint flags from the highest bit down")
    func constraints() throws {
        let string = try #require(AVCCodecString("avc1.42A41E"))
        #expect((0...5).map(string.hasConstraint) == [true, false, true, false, false, true])
        for number in [-1, 6, 7, 8, 255, .max, .min] { #expect(!string.hasConstraint(number)) }
    }
}

@Suite("A color code point")
struct ColorNamesTests {
    @Test("A color code point has the name that WebCodecs gives it")
    func names() {
        #expect(ColorPrimaries("bt709") == .bt709)
        #expect(ColorPrimaries("smpte432") == .smpte432)
        #expect(TransferCharacteristics("iec61966-2-1") == .srgb)
        #expect(TransferCharacteristics("srgb") == .srgb)
        #expect(TransferCharacteristics.srgb.description == "iec61966-2-1")
        #expect(MatrixCoefficients("bt601") == .smpte170m)
        #expect(MatrixCoefficients.smpte170m.description == "smpte170m")
        #expect(MatrixCoefficients("bt2020-ncl") == .bt2020NCL)
    }

    private func checkNames<Point: ColorCodePoint & Equatable>(_: Point.Type) {
        for (name, value) in Point.names {
            #expect(Point(name) == value)
            #expect(Point(value.description) == value)
        }
        for number in 0...255 {
            let point = Point(rawValue: UInt8(number))
            #expect(Point("\(number)") == point)
            #expect(Point(point.description) == point, "code point \(number)")
        }
    }

    @Test("A color code point comes back from its name or number, known or not")
    func roundTrip() {
        checkNames(ColorPrimaries.self)
        checkNames(TransferCharacteristics.self)
        checkNames(MatrixCoefficients.self)
    }

    @Test("A color code point is nothing else", arguments: ["", "BT709", "256", "-1", "1.0", " 1", "bt.709", "rec709"])
    func junk(text: String) {
        #expect(ColorPrimaries(text) == nil)
        #expect(TransferCharacteristics(text) == nil)
        #expect(MatrixCoefficients(text) == nil)
    }
}
