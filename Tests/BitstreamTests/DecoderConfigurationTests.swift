import Bitstream
import TestSupport
import Testing

@Suite("The decoder configuration record")
struct DecoderConfigurationTests {
    @Test(
        "The decoder configuration record equals the avcC box that FFmpeg muxes, byte for byte",
        arguments: [
            .init("--profile baseline"), .init("--profile main"), .init("--profile high"),
            .init("--profile high422", pixelFormat: "yuv422p"), .init("--profile high444", pixelFormat: "yuv444p"),
            .init("--profile high10 --output-depth 10", pixelFormat: "yuv420p10"),
            .init("--profile high", pixelFormat: "gray"),
        ] as [TestStream.Recipe]
    )
    func equalsFFmpeg(recipe: TestStream.Recipe) throws {
        let stream = try TestStream(recipe)
        try stream.folder.run("ffmpeg", ["-v", "error", "-i", "a.h264", "-c", "copy", "a.mp4"])
        let expected = try #require(avcC(in: try stream.folder.bytes(of: "a.mp4")))
        let sps = try stream.first(.sequenceParameterSet)
        let pps = try stream.first(.pictureParameterSet)
        let record = try AVCDecoderConfigurationRecord(sps: [sps], pps: [pps])
        #expect(record.bytes == expected)
        #expect(try AVCDecoderConfigurationRecord(parsing: expected) == record)
    }

    @Test("The decoder configuration record lets the length-prefixed samples be read that FFmpeg muxes")
    func samples() throws {
        let stream = try TestStream(.init("--profile high --slices 2"))
        try stream.folder.run("ffmpeg", ["-v", "error", "-i", "a.h264", "-c", "copy", "a.mp4"])
        let copy = ["-v", "error", "-i", "a.mp4", "-map", "0:v", "-c", "copy", "-f", "data", "a.avcc"]
        try stream.folder.run("ffmpeg", copy)
        let units = try LengthPrefixed.split(stream.folder.bytes(of: "a.avcc"))
        let slices = try units.filter { try NALUnitHeader(parsing: $0).type.isVCL }
        let expected = try stream.nalUnits.filter { try NALUnitHeader(parsing: $0).type.isVCL }
        #expect(slices == expected)
    }

    @Test("The decoder configuration record refuses what is not a parameter set, and none at all")
    func refuses() throws {
        let stream = try TestStream(.init("--profile high"))
        let sps = try stream.first(.sequenceParameterSet)
        let pps = try stream.first(.pictureParameterSet)
        let bad: [([[UInt8]], [[UInt8]])] = [
            ([], [pps]), ([sps], []), ([pps], [sps]), ([[]], [pps]), (Array(repeating: sps, count: 32), [pps]),
            ([sps], Array(repeating: pps, count: 256)), ([sps], [pps + [UInt8](repeating: 1, count: 65536)]),
        ]
        for (sps, pps) in bad {
            #expect(throws: BitstreamError.self) { try AVCDecoderConfigurationRecord(sps: sps, pps: pps) }
        }
    }

    @Test(
        "The decoder configuration record cut anywhere, or with bytes after it, is an error; only the High fields may be missing"
    )
    func cut() throws {
        let stream = try TestStream(.init("--profile high"))
        let bytes = try AVCDecoderConfigurationRecord(
            sps: [stream.first(.sequenceParameterSet)],
            pps: [stream.first(.pictureParameterSet)]
        ).bytes
        for length in 0..<bytes.count where length != bytes.count - 4 {
            #expect(throws: BitstreamError.self) {
                try AVCDecoderConfigurationRecord(parsing: Array(bytes.prefix(length)))
            }
        }
        #expect(try AVCDecoderConfigurationRecord(parsing: bytes.dropLast(4)).sampleFormat == nil)
        #expect(throws: BitstreamError.self) { try AVCDecoderConfigurationRecord(parsing: bytes + [0]) }
    }

    /// The contents of the `avcC` box, found by its name.
    private func avcC(in file: [UInt8]) -> [UInt8]? {
        let name = Array("avcC".utf8)
        guard let place = file.indices.first(where: { file[$0...].starts(with: name) }), place >= 4 else { return nil }
        let size = file[place - 4..<place].reduce(0) { $0 << 8 | Int($1) }
        return Array(file[place + 4..<place - 4 + size])
    }
}
