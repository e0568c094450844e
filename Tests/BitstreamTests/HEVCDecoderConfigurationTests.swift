import Bitstream
import TestSupport
import Testing

@Suite("The decoder configuration record of HEVC")
struct HEVCDecoderConfigurationTests {
    @Test(
        "The decoder configuration record of HEVC is byte for byte the one that FFmpeg's MP4 muxer writes",
        arguments: HEVCStream.recipes,
        ["hvc1", "hev1"]
    )
    func sameAsFFmpeg(recipe: HEVCStream.Recipe, tag: String) throws {
        let stream = try HEVCStream(recipe)
        try stream.folder.run("ffmpeg", ["-v", "error", "-i", "a.hevc", "-c", "copy", "-tag:v", tag, "a.mp4"])
        let box = try Self.box("hvcC", in: stream.folder.bytes(of: "a.mp4"))
        let record = try HEVCDecoderConfigurationRecord(
            vps: stream.first(.videoParameterSet),
            sps: stream.first(.sequenceParameterSet),
            pps: [stream.first(.pictureParameterSet)],
            isComplete: tag == "hvc1"
        )
        #expect(record.bytes == box)
        #expect(try HEVCDecoderConfigurationRecord(parsing: box) == record)
    }

    static func box(_ type: String, in bytes: [UInt8]) throws -> [UInt8] {
        let name = Array(type.utf8)
        let start = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        let size = bytes[start - 4..<start].reduce(0) { $0 << 8 | Int($1) }
        return Array(bytes[start + 4..<start - 4 + size])
    }
}
