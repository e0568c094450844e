import Testing
import VideoTypes

@Suite("Memory that is refused")
struct RefusedMemoryTests {
    @Test("Memory that is refused is an error with the bytes and what they were for")
    func refused() throws {
        let error = #expect(throws: OutOfMemory.self) { _ = try PlaneBuffer(reserving: 1 << 60, for: "a picture") }
        #expect(
            "\(try #require(error))" == "out of memory: the system refused 1152921504606846976 bytes for a picture"
        )
    }

    @Test(
        "Memory that is refused is otherwise there, at a multiple of 64 bytes, however few",
        arguments: [0, 1, 63, 4096]
    )
    func alignment(byteCount: Int) throws {
        let buffer = try PlaneBuffer(reserving: byteCount, for: "a picture")
        #expect(buffer.byteCount == byteCount)
        let address = buffer.withBytes { span in span.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
        #expect(address % 64 == 0)
    }
}
