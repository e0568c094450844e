import Foundation
import Testing

@Suite("AVCC")
struct AVCCTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var input = "i420"
        var flags: String
        var testDescription: String { name }

        static let all = [
            Case(name: "High with B-frames", flags: "--codec avc1.64001F --key-frame-interval 12"),
            Case(name: "Constrained Baseline", flags: "--codec avc1.42E01E --key-frame-interval 10"),
            Case(name: "High 4:4:4", input: "i444", flags: "--codec avc1.F4001F"),
            Case(name: "realtime", flags: "--latency-mode realtime --threads 2"),
        ]
    }

    private func encode(_ item: Case) throws {
        let pixels = item.input == "i420" ? "yuv420p" : "yuv444p"
        try folder.succeed("\(Content.natural(size: "160x96", seconds: 1)) -f rawvideo -pix_fmt \(pixels) in.raw")
        let command = "sluice -s 160x96 -r 25 -p \(item.input) \(item.flags)"
        try folder.succeed("\(command) -o out.h264 --chunks annexb.jsonl in.raw")
        try folder.succeed("\(command) -o out.avcc --chunks avcc.jsonl --description out.avcC in.raw")
    }

    @Test(
        "AVCC with its description and chunk lines makes an MP4 of the same frames",
        .mustEnd,
        arguments: Case.all
    )
    func container(item: Case) throws {
        try encode(item)
        let chunks = try folder.chunks("avcc.jsonl")
        let container = MP4(
            width: 160,
            height: 96,
            description: try folder.bytes("out.avcC"),
            sizes: chunks.map(\.size),
            timestamps: chunks.map(\.timestamp),
            keys: chunks.filter { $0.type == "key" }.map(\.index),
            duration: 40_000
        )
        try folder.write(container.file(try folder.bytes("out.avcc")), to: "out.mp4")
        #expect(try folder.frameCount("out.mp4") == 30)
        let hashes = try folder.frameHashes("out.mp4")
        #expect(hashes.count == 30)
        #expect(hashes == (try folder.frameHashes("out.h264")))
    }

    @Test("Chunks of H.264 cover the file without gaps, in both formats", .mustEnd, arguments: Case.all)
    func tiles(item: Case) throws {
        try encode(item)
        for (lines, stream) in [("annexb.jsonl", "out.h264"), ("avcc.jsonl", "out.avcc")] {
            let chunks = try folder.chunks(lines)
            #expect(chunks.map(\.index) == Array(0..<30))
            var end = 0
            for chunk in chunks {
                #expect(chunk.offset == end)
                end += chunk.size
            }
            #expect(end == (try folder.bytes(stream).count))
            #expect(chunks.allSatisfy { $0.temporalLayerId == 0 && $0.size > 0 })
        }
    }

    @Test("AVCC has four-byte lengths and no parameter sets in band", .mustEnd, arguments: Case.all)
    func framing(item: Case) throws {
        try encode(item)
        let stream = try folder.bytes("out.avcc")
        var (place, types) = (0, [UInt8]())
        while place + 4 < stream.count {
            types.append(stream[place + 4] & 0x1F)
            place += 4 + stream[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        #expect(place == stream.count)
        #expect(types.allSatisfy { [1, 5, 6].contains($0) }, "\(Set(types))")
        let plain = AnnexB(try folder.bytes("out.h264")).types.filter { [1, 5].contains($0) }
        #expect(types.filter { [1, 5].contains($0) } == plain)
    }

    @Test("Chunk lines of AVCC have a WebCodecs decoderConfig that agrees with the bitstream", .mustEnd)
    func decoderConfig() throws {
        try encode(Case.all[0])
        let config = try #require(try folder.chunks("avcc.jsonl").first?.decoderConfig)
        let description = try folder.bytes("out.avcC")
        #expect(config.description == Data(description).base64EncodedString())
        #expect(config.codec == "avc1.64001F")
        #expect((config.codedWidth, config.codedHeight) == (160, 96))
        #expect(config.colorSpace == ChunkLine.ColorSpace(fullRange: false))
        // AVCDecoderConfigurationRecord: version, profile, constraints, level, 4-byte lengths, one SPS.
        #expect(description.prefix(6) == [1, 0x64, 0x00, 0x1F, 0xFF, 0xE1])
        let plain = try #require(try folder.chunks("annexb.jsonl").first?.decoderConfig)
        #expect(plain.description == nil && plain.codec == config.codec)
        #expect(try folder.chunks("avcc.jsonl").dropFirst().allSatisfy { $0.decoderConfig == nil })
    }

    @Test("AVCC is required for --description", .mustEnd)
    func description() throws {
        let command = "sluice -s 64x48 -r 30 -p rgba -o out.h264 --description out.avcC"
        try folder.fail(command, status: 64, saying: "--description needs --format avcc")
    }
}
