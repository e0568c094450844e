import Bitstream
import Foundation
import LibAV
import TestSupport
import Testing
import VideoTypes

@Suite("A damaged stream", .serialized)
struct DamageTests {
    /// How decoding ends, and what is printed to stderr meanwhile, by whichever thread.
    private func decodeListening(
        _ codec: VideoCodec,
        _ chunks: [EncodedVideoChunk],
        threads: Int = 2
    ) throws -> (outcome: Result<Decoded, DecoderError>, printed: String) {
        let folder = try TemporaryFolder()
        try folder.write([], to: "stderr")
        let copy = dup(2)
        let descriptor = open(folder.file("stderr").path, O_WRONLY | O_APPEND)
        dup2(descriptor, 2)
        close(descriptor)
        let outcome = Result { () throws(DecoderError) in
            try decode(LibAVDecoder(codec: codec, threads: threads), chunks)
        }
        dup2(copy, 2)
        close(copy)
        return (outcome, String(decoding: try folder.bytes(of: "stderr"), as: UTF8.self))
    }

    /// Whether libavcodec printed something; other tests may print too.
    private func isQuiet(_ printed: String) -> Bool { !printed.contains("@ 0x") }

    /// One stream of each codec; the HEVC one has checksums.
    static let files = ["a.h264", "a.hevc", "a.ivf", "b.ivf", "a.obu"]

    @Test("A damaged stream is an error when its first chunk is missing", arguments: files)
    func missingKeyFrame(file: String) throws {
        let stream = TestStream.named(file)
        let (outcome, printed) = try decodeListening(stream.codec, Array(try stream.chunks().dropFirst()))
        #expect(throws: DecoderError.self) { try outcome.get() }
        #expect(isQuiet(printed), "\(printed.prefix(300))")
    }

    @Test("A damaged stream is an error when a chunk is cut", arguments: files, [1, 2])
    func truncated(file: String, threads: Int) throws {
        let stream = TestStream.named(file)
        var chunks = try stream.chunks()
        chunks[0].data.removeLast(chunks[0].data.count / 2)
        let (outcome, printed) = try decodeListening(stream.codec, chunks, threads: threads)
        #expect(throws: DecoderError.self) { try outcome.get() }
        #expect(isQuiet(printed), "\(printed.prefix(300))")
    }

    @Test("A damaged stream with checksums is an error when a chunk is missing that others need", arguments: ["a.hevc"])
    func missingReference(file: String) throws {
        let stream = TestStream.named(file)
        var chunks = try stream.chunks()
        chunks.remove(at: 1)
        let (outcome, printed) = try decodeListening(stream.codec, chunks)
        #expect(throws: DecoderError.self) { try outcome.get() }
        #expect(isQuiet(printed), "\(printed.prefix(300))")
    }

    @Test("A damaged stream is an error when a chunk of HEVC has one byte, or one of AV1 is cut in half (fault D6)")
    func chunkWithoutPicture() throws {
        var hevc = try TestStream.named("a.hevc").chunks()
        hevc[1].data = [hevc[1].data[0]]
        #expect(throws: DecoderError.self) { _ = try decode(LibAVDecoder(codec: .hevc), hevc) }
        var av1 = try TestStream.named("a.obu").chunks()
        av1[1].data.removeLast(av1[1].data.count / 2)
        #expect(throws: DecoderError.self) { _ = try decode(LibAVDecoder(codec: .av1), av1) }
    }

    @Test("A damaged stream is an error when a chunk is empty", arguments: VideoCodec.allCases)
    func empty(codec: VideoCodec) throws {
        let chunk = EncodedVideoChunk(type: .key, timestamp: 0, duration: nil, data: [])
        let reason = refusal { try decode(LibAVDecoder(codec: codec), [chunk]) }
        #expect(reason == "the stream is damaged: the chunk at 0 µs is empty")
    }

    @Test("A damaged stream with checksums is an error wherever its slices are changed")
    func checksums() throws {
        var generator = SeededGenerator(for: "checksums")
        let chunks = try TestStream.named("a.hevc").chunks()
        // The slice of the first picture, without its headers and the padding after it.
        let slice = try #require(AnnexB.split(chunks[0].data).first { $0.first.map { $0 >> 1 < 32 } == true })
        for _ in 0..<30 {
            var damaged = chunks
            let place = Int.random(in: slice.startIndex + 8..<slice.endIndex - 2, using: &generator)
            damaged[0].data[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            #expect(throws: DecoderError.self, "bit flipped at \(place)") {
                _ = try decode(LibAVDecoder(codec: .hevc), damaged)
            }
        }
    }

    @Test("A damaged stream ends in an error or in pictures, and prints nothing", arguments: files)
    func randomDamage(file: String) throws {
        var generator = SeededGenerator(for: "random damage of \(file)")
        let stream = TestStream.named(file)
        let chunks = try stream.chunks()
        var errors = 0
        for _ in 0..<40 {
            var damaged = chunks
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let index = Int.random(in: 0..<damaged.count, using: &generator)
                let place = Int.random(in: 0..<damaged[index].data.count, using: &generator)
                damaged[index].data[place] = UInt8.random(in: 0...255, using: &generator)
            }
            let (outcome, printed) = try decodeListening(stream.codec, damaged)
            if case .failure = outcome { errors += 1 }
            #expect(isQuiet(printed), "\(printed.prefix(300))")
        }
        #expect(errors > 0)
    }

    @Test("A damaged stream of random bytes is an error or no picture", arguments: VideoCodec.allCases)
    func randomBytes(codec: VideoCodec) throws {
        var generator = SeededGenerator(for: "random bytes as \(codec)")
        for count in 1...100 {
            let data = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let chunk = EncodedVideoChunk(type: .key, timestamp: 0, duration: nil, data: data)
            let (outcome, printed) = try decodeListening(codec, [chunk], threads: 1)
            if case .success(let decoded) = outcome { #expect(decoded.timestamps.count <= 1) }
            #expect(isQuiet(printed), "\(printed.prefix(300))")
        }
    }
}
