import Places
import SystemPackage
import TestSupport
import Testing

@Suite("The spelling of a file name")
struct SpellingTests {
    @Test(
        "The spelling of a file name gives every name's bytes back, be they UTF-8 or not (fault I2)",
        arguments: [
            Array("plain.mp4".utf8), Array("é👩‍🚀字".utf8), [0x61, 0xFF, 0x2E], [0xC3], [0x65, 0xCC, 0x81, 0xCC],
            // Valid UTF-8 for code points that represent bytes, and for those around them.
            [0xF4, 0x8F, 0xBA, 0x80], [0xF4, 0x8F, 0xBB, 0xBF], [0xF4, 0x8F, 0xB9, 0xBF], [0xF4, 0x8F, 0xBC, 0x80],
            [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], Array(0x80...0xFF), [],
        ] as [[UInt8]]
    )
    func roundTrip(bytes: [UInt8]) {
        #expect(Spelling.bytes(Spelling.text(bytes)) == bytes)
        #expect(FilePath(spelled: FilePath(bytes: bytes).spelled).bytes == FilePath(bytes: bytes).bytes)
    }

    @Test("The spelling of a file name gives random bytes back, and no two the same text")
    func random() {
        var generator = SeededGenerator(for: "spelling")
        var texts: [[UInt8]: [UInt8]] = [:]
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                [0x61, 0xC3, 0xA9, 0xF4, 0x8F, 0xBA, 0xBB, 0x80, 0xFF].randomElement(using: &generator) ?? 0 as UInt8
            }
            let text = Spelling.text(bytes)
            #expect(Spelling.bytes(text) == bytes)
            #expect(texts.updateValue(bytes, forKey: Array(text.utf8)) ?? bytes == bytes)
        }
    }

    @Test("The spelling of a file name keeps names apart that look the same (fault I1)")
    func canonical() {
        let (composed, decomposed) = (FileName("\u{E9}".utf8), FileName("e\u{301}".utf8))
        #expect(composed != decomposed && Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
    }
}
