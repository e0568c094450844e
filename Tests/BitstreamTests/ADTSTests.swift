import Testing

@testable import Bitstream

@Suite("A frame of AAC in ADTS")
struct ADTSTests {
    /// AAC LC, 44100 Hz, two channels, four bytes.
    private let frame: [UInt8] = [0xFF, 0xF1, 0x50, 0x80, 0x01, 0x7F, 0xFC, 0xDE, 0x02, 0x00, 0x4C]

    @Test("A frame of AAC in ADTS has its bytes and the decoder's configuration")
    func parses() throws {
        let parsed = try ADTSFrame(parsing: frame)
        #expect(Array(parsed.payload) == [0xDE, 0x02, 0x00, 0x4C])
        #expect(parsed.config == AACConfig(objectType: 2, sampleRate: 44100, channels: 2))
        // As ffmpeg writes it into esds for the same stream.
        #expect(parsed.config.bytes == [0x12, 0x10])
    }

    @Test("A frame of AAC in ADTS has its rate and channels in fields that cross its bytes")
    func crossing() throws {
        var frame = frame
        // 48000 Hz, index 3; six channels.
        (frame[2], frame[3]) = (0x4D, 0x80)
        let config = try ADTSFrame(parsing: frame).config
        #expect(config == AACConfig(objectType: 2, sampleRate: 48000, channels: 6))
        #expect(config.bytes == [0x11, 0xB0])
    }

    @Test("A frame of AAC in ADTS may have a checksum after its header")
    func checksum() throws {
        var frame = frame
        frame[1] = 0xF0
        frame.insert(contentsOf: [0x12, 0x34], at: 7)
        (frame[4], frame[5]) = (0x01, 0xBF)
        #expect(Array(try ADTSFrame(parsing: frame).payload) == [0xDE, 0x02, 0x00, 0x4C])
    }

    @Test("A frame of AAC in ADTS is refused if it is truncated or invalid", arguments: 0..<11)
    func cut(count: Int) {
        #expect(throws: BitstreamError.self) { try ADTSFrame(parsing: Array(frame.prefix(count))) }
        #expect(throws: BitstreamError.self) { try ADTSFrame(parsing: Array(repeating: 0, count: count)) }
    }

    @Test(
        "A frame of AAC in ADTS is refused with more blocks than one, a reserved rate, or channels of its own definition"
    )
    func unsupported() {
        for (place, bits) in [(6, 0x01), (2, 0x34), (3, 0x00)] as [(Int, UInt8)] {
            var frame = frame
            if place == 3 { frame[3] &= 0x3F } else { frame[place] |= bits }
            #expect(throws: BitstreamError.self, "byte \(place)") { try ADTSFrame(parsing: frame) }
        }
    }

    @Test("A frame of AAC in ADTS has no index for channels and rates that are not in the tables")
    func tables() {
        #expect(AACConfig(objectType: 2, sampleRate: 44000, channels: 2) == nil)
        #expect(AACConfig(objectType: 2, sampleRate: 48000, channels: 7) == nil)
        #expect(AACConfig(objectType: 2, sampleRate: 48000, channels: 8)?.channels == 7)
    }
}
