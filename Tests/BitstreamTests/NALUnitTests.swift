import Bitstream
import TestSupport
import Testing

@Suite("NAL units")
struct NALUnitTests {
    @Test("Unescaping a NAL unit undoes escaping, and escaping leaves no start code inside")
    func escapeRoundTrip() {
        var generator = SeededGenerator(for: "escape round trip")
        for _ in 0..<2000 {
            let bytes = generator.bytes(upTo: 60)
            let escaped = EmulationPrevention.escape(bytes)
            #expect(EmulationPrevention.unescape(escaped) == bytes)
            let triples = zip(escaped, zip(escaped.dropFirst(), escaped.dropFirst(2)))
            #expect(!triples.contains { $0 == 0 && $1.0 == 0 && $1.1 < 3 })
        }
    }

    @Test(
        "Escaping a NAL unit follows H.264 7.4.1",
        arguments: [
            ([0, 0, 1], [0, 0, 3, 1]), ([0, 0, 3], [0, 0, 3, 3]), ([0, 0, 4], [0, 0, 4]), ([0, 0], [0, 0, 3]),
            ([0, 0, 0, 0, 0], [0, 0, 3, 0, 0, 3, 0]), ([9, 0, 0, 2, 0, 0, 0], [9, 0, 0, 3, 2, 0, 0, 3, 0]),
        ] as [([UInt8], [UInt8])]
    )
    func escape(bytes: [UInt8], escaped: [UInt8]) {
        #expect(EmulationPrevention.escape(bytes) == escaped)
    }

    @Test("Unescaping a NAL unit stops at its limit")
    func unescapeLimit() {
        #expect(EmulationPrevention.unescape([1, 0, 0, 3, 1, 2], limit: 5) == [1, 0, 0, 1])
    }

    @Test("A byte stream splits at start codes of three and four bytes, without zeros around them")
    func annexB() {
        let stream: [UInt8] = [7, 0, 0, 0, 1, 0x67, 1, 0, 0, 0, 0, 1, 0x68, 2, 0, 0, 1, 0, 0, 1, 0x65, 0, 3, 0, 0]
        #expect(AnnexB.split(stream).map(Array.init) == [[0x67, 1], [0x68, 2], [0x65, 0, 3]])
        #expect(AnnexB.split([0, 0, 1, 0x41]).map(Array.init) == [[0x41]])
        #expect(AnnexB.split([0, 0, 1]).isEmpty)
        #expect(AnnexB.split([0, 0]).isEmpty)
        #expect(AnnexB.split([UInt8]()).isEmpty)
    }

    @Test("NAL units of a byte stream keep the stream's indices")
    func annexBIndices() {
        #expect(AnnexB.split([9, 9, 0, 0, 1, 0x67, 1][1...]).map(\.startIndex) == [5])
    }

    @Test("A random byte stream splits into the NAL units that it was made of")
    func annexBRoundTrip() {
        var generator = SeededGenerator(for: "Annex B round trip")
        for _ in 0..<500 {
            let units = (0..<5).map { _ in EmulationPrevention.escape([0x65] + generator.bytes(upTo: 40) + [0x80]) }
            let stream = units.flatMap { unit in
                [UInt8](repeating: 0, count: .random(in: 2...6, using: &generator)) + [1] + unit
            }
            #expect(AnnexB.split(stream).map(Array.init) == units)
        }
    }

    @Test("FFmpeg's length-prefixed samples have the byte stream's NAL units", arguments: [1, 2, 4])
    func lengthPrefixed(lengthSize: Int) throws {
        let units: [[UInt8]] = [[0x67, 1, 2], [0x68], Array(repeating: 0x65, count: 200)]
        let sample = units.flatMap { unit in
            [UInt8](repeating: 0, count: lengthSize - 1) + [UInt8(unit.count)] + unit
        }
        #expect(try LengthPrefixed.split(sample, lengthSize: lengthSize).map(Array.init) == units)
    }

    @Test(
        "A NAL unit's length that is zero, truncated or too large is an error",
        arguments: [
            ([0, 0, 0, 0], "NAL unit length 0 at byte 0 (expected 1 or more)"),
            ([0, 0, 0, 1, 9, 0], "the data ends within a length at byte 5 (expected 4 bytes, 1 are left)"),
            ([255, 255, 255, 255, 9], "NAL unit length 4294967295 at byte 0 (expected at most 1)"),
        ] as [([UInt8], String)]
    )
    func badLength(sample: [UInt8], message: String) {
        let error = #expect(throws: BitstreamError.self) { try LengthPrefixed.split(sample) }
        #expect(error?.description == message)
    }

    @Test("A NAL unit's header has its fields in the first byte")
    func header() throws {
        let header = try NALUnitHeader(parsing: [0x65, 1])
        #expect(header.refIdc == 3)
        #expect(header.type == .idrSlice)
        #expect(header.type.isVCL)
        #expect(throws: BitstreamError.self) { try NALUnitHeader(parsing: [0x80]) }
        #expect(throws: BitstreamError.self) { try NALUnitHeader(parsing: [UInt8]()) }
    }
}
