import Bitstream
import TestSupport
import Testing

@Suite("Bit reader and writer")
struct BitInputOutputTests {
    private enum Element: Equatable {
        case bits(UInt32, count: Int), flag(Bool), ue(UInt32), se(Int32)
    }

    private func randomElement(_ generator: inout SeededGenerator) -> Element {
        let magnitude = UInt32.random(in: 0...31, using: &generator)
        let value = UInt32.random(in: .min ... .max, using: &generator) >> magnitude
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            let count = Int.random(in: 0...32, using: &generator)
            return .bits(count == 0 ? 0 : value & (.max >> UInt32(32 - count)), count: count)
        case 1: return .flag(value & 1 == 1)
        case 2: return .ue(value)
        default: return .se(Int32(bitPattern: value) == .min ? .max : Int32(bitPattern: value))
        }
    }

    @Test("A bit reader reads back what a bit writer wrote")
    func roundTrip() throws {
        var generator = SeededGenerator(for: "bit round trip")
        for _ in 0..<200 {
            let elements = (0..<100).map { _ in randomElement(&generator) }
            var writer = BitWriter()
            for element in elements {
                switch element {
                case .bits(let value, let count): writer.bits(value, count: count)
                case .flag(let value): writer.flag(value)
                case .ue(let value): writer.ue(value)
                case .se(let value): writer.se(value)
                }
            }
            writer.trailingBits()
            var reader = BitReader(writer.bytes)
            for element in elements {
                #expect(reader.moreRBSPData || element == .bits(0, count: 0))
                switch element {
                case .bits(let value, let count): #expect(try reader.bits(count) == Int(value))
                case .flag(let value): #expect(try reader.flag() == value)
                case .ue(let value): #expect(try reader.ue() == Int(value))
                case .se(let value): #expect(try reader.se() == Int(value))
                }
            }
            #expect(!reader.moreRBSPData)
        }
    }

    @Test("Exp-Golomb codes are those of H.264 tables 9-2 and 9-3")
    func expGolomb() throws {
        var reader = BitReader([0b1010_0110, 0b0100_0010, 0b1001_1000, 0b1110_0010, 0b0000_0000])
        for expected in 0...6 { #expect(try reader.ue() == expected) }
        var signed = BitReader([0b1010_0110, 0b0100_0010, 0b1000_0000])
        for expected in [0, 1, -1, 2, -2] { #expect(try signed.se() == expected) }
    }

    @Test("An error of the bit reader names the element, its value and its bit")
    func errors() throws {
        var reader = BitReader([0b1001_0100])
        #expect(try reader.ue("first") == 0)
        let range = #expect(throws: BitstreamError.self) { try reader.ue("second", in: 0...1) }
        #expect(range?.description == "invalid second 4 at bit 1 (expected 0...1)")
        let end = #expect(throws: BitstreamError.self) { try reader.bits(8, "third") }
        #expect(end?.description == "the data ends within third at bit 6 (expected 8 bits, 2 are left)")
        #expect(end?.reason == .truncated)
    }

    @Test("An Exp-Golomb number of more than 32 bits is an error")
    func tooLong() throws {
        var long = BitReader([0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0])
        #expect(throws: BitstreamError.self) { try long.ue() }
        var large = BitReader([0, 0, 0, 0, 0x80, 0, 0, 0, 0x80])
        #expect(throws: BitstreamError.self) { try large.ue() }
        var largest = BitReader([0, 0, 0, 0, 0x80, 0, 0, 0, 0])
        #expect(try largest.ue() == Int(UInt32.max))
    }

    @Test("Zero bytes after the trailing bits are not RBSP data")
    func trailingZeros() throws {
        var reader = BitReader([0b1010_0000, 0, 0])
        #expect(reader.moreRBSPData)
        _ = try reader.bits(2)
        #expect(!reader.moreRBSPData)
        #expect(!BitReader([0, 0]).moreRBSPData)
        #expect(!BitReader([UInt8]()).moreRBSPData)
    }
}
