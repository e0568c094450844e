import Bitstream
import Foundation
import LibAV
import TestSupport
import Testing
import VideoTypes

/// What a decoder delivered.
struct Decoded: Sendable {
    var bytes: [UInt8] = []
    var timestamps: [Int64] = []
    var sizes: Set<PictureSize> = []
    var formats: Set<PixelFormat> = []
    var durations: Set<Int64?> = []
    var color: VideoColorSpace?
}

/// Decodes chunks to the end.
func decode(_ decoder: consuming LibAVDecoder, _ chunks: [EncodedVideoChunk]) throws(DecoderError) -> Decoded {
    var decoded = Decoded()
    for chunk in chunks {
        try decoder.submit(chunk)
        try receive(&decoder, into: &decoded)
    }
    try decoder.drain()
    try receive(&decoder, into: &decoded)
    decoded.color = decoder.colorSpace
    return decoded
}

private func receive(_ decoder: inout LibAVDecoder, into decoded: inout Decoded) throws(DecoderError) {
    while let frame = try decoder.nextFrame()?.takeFrame() {
        frame.withBytes { bytes in bytes.withUnsafeBytes { decoded.bytes += $0 } }
        decoded.timestamps.append(frame.timestamp)
        decoded.sizes.insert(frame.size)
        decoded.formats.insert(frame.format)
        decoded.durations.insert(frame.duration)
    }
}

@Suite("The decoder")
struct DecodingTests {
    @Test("The decoder delivers the pictures that the ffmpeg command decodes", arguments: TestStream.all, [1, 2])
    func pictures(stream: TestStream, threads: Int) throws {
        let folder = try TemporaryFolder()
        try stream.make(in: folder)
        let raw = ["-f", "rawvideo", "-pix_fmt", stream.format.ffmpegName, "-vsync", "passthrough", "out.raw"]
        try folder.run("ffmpeg", ["-v", "error", "-xerror", "-err_detect", "explode", "-i", stream.file] + raw)
        let decoder = try LibAVDecoder(codec: stream.codec, threads: threads)
        let decoded = try decode(decoder, stream.chunks())
        #expect(decoded.timestamps.count == 10)
        #expect(decoded.sizes == [stream.size])
        #expect(decoded.formats == [stream.format])
        #expect(decoded.durations == [1])
        #expect(decoded.bytes == (try folder.bytes(of: "out.raw")))
    }

    @Test(
        "The decoder gives a picture the timestamp of its chunk, in presentation order",
        arguments: ["a.h264", "c.h264", "a.hevc"]
    )
    func timestamps(file: String) throws {
        let stream = TestStream.named(file)
        let folder = try TemporaryFolder()
        try stream.make(in: folder)
        let entries = ["-show_entries", "frame=pkt_pos", "-of", "csv=p=0", file]
        let positions = try folder.run("ffprobe", ["-v", "error"] + entries).output.split(whereSeparator: \.isNewline)
        let expected = positions.compactMap { Int($0.prefix { $0.isNumber }) }
        let units = try stream.units()
        let decoded = try decode(LibAVDecoder(codec: stream.codec), stream.chunks())
        // libavcodec's parser of HEVC leaves the zero of a four-byte start code to the packet before.
        let slack = stream.codec == .hevc ? 1 : 0
        #expect(decoded.timestamps.count == expected.count)
        for (timestamp, position) in zip(decoded.timestamps, expected) {
            #expect((position - slack...position).contains(units[Int(timestamp)].offset))
        }
        #expect(file == "c.h264" || expected != expected.sorted(), "the stream must be reordered")
    }

    @Test("The decoder reads the color that is in the bitstream", arguments: TestStream.all)
    func color(stream: TestStream) throws {
        let decoded = try decode(LibAVDecoder(codec: stream.codec), stream.chunks())
        let color = try #require(decoded.color)
        #expect(!color.fullRange)
        switch stream.codec {
        case .vp8: #expect(color == .bt601)
        // VP9 has one number for primaries, transfer and matrix, of which libavcodec reads the matrix.
        case .vp9: #expect(color.matrix == .bt2020NCL)
        default:
            #expect(color.primaries == .bt2020)
            #expect(color.transfer == TransferCharacteristics(rawValue: 14))
            #expect(color.matrix == .bt2020NCL)
        }
    }

    @Test("The decoder takes the parameter sets from a description")
    func description() throws {
        let stream = TestStream.named("c.h264")
        var parameterSets: [[[UInt8]]] = [[], []]
        var chunks = try stream.chunks()
        for index in chunks.indices {
            var data: [UInt8] = []
            for nalUnit in AnnexB.split(chunks[index].data) {
                switch try NALUnitHeader(parsing: nalUnit).type {
                case .sequenceParameterSet: parameterSets[0] = [Array(nalUnit)]
                case .pictureParameterSet: parameterSets[1] = [Array(nalUnit)]
                default: data += withUnsafeBytes(of: UInt32(nalUnit.count).bigEndian, Array.init) + nalUnit
                }
            }
            chunks[index].data = data
        }
        let record = try AVCDecoderConfigurationRecord(sps: parameterSets[0], pps: parameterSets[1])
        let config = DecoderConfig(
            codec: "avc1.7A000A",
            codedWidth: 98,
            codedHeight: 68,
            pixelAspectRatio: try #require(PixelAspectRatio(width: 1, height: 1)),
            colorSpace: .unspecified,
            description: record.bytes
        )
        let decoded = try decode(LibAVDecoder(config), chunks)
        #expect(decoded.bytes == (try decode(LibAVDecoder(codec: .h264), stream.chunks()).bytes))
        #expect(decoded.timestamps.count == 10)
    }

    @Test("The decoder crops to the sample, at the left too")
    func cropping() throws {
        let folder = try TemporaryFolder()
        try TestStream.named("b.h264").make(in: folder)
        let crop = "h264_metadata=crop_left=6:crop_top=4:crop_right=10:crop_bottom=8"
        try folder.run(
            "ffmpeg",
            ["-v", "error", "-i", "b.h264", "-c", "copy", "-bsf:v", crop, "-f", "h264", "cropped"]
        )
        let raw = ["-flags", "unaligned", "-i", "cropped", "-f", "rawvideo", "-vsync", "passthrough", "out.raw"]
        try folder.run("ffmpeg", ["-v", "error"] + raw)
        let units = try split(folder.bytes(of: "cropped"), with: AnnexBSplitter(isHEVC: false))
        let chunks = units.enumerated().map {
            EncodedVideoChunk(type: .delta, timestamp: Int64($0), duration: nil, data: $1.bytes)
        }
        let decoded = try decode(LibAVDecoder(codec: .h264), chunks)
        // The bitstream filter counts from the coded size, whole macroblocks of interlaced pictures: 112x96.
        #expect(decoded.sizes == [PictureSize(width: 112 - 16, height: 96 - 12)])
        #expect(decoded.durations == [nil])
        #expect(decoded.bytes == (try folder.bytes(of: "out.raw")))
    }

    @Test("The decoder refuses a codec string that is none, with a message")
    func unknownCodec() throws {
        let square = try #require(PixelAspectRatio(width: 1, height: 1))
        let config = DecoderConfig(
            codec: "mp4v.20.9",
            codedWidth: 16,
            codedHeight: 16,
            pixelAspectRatio: square,
            colorSpace: .unspecified,
            description: nil
        )
        let error = #expect(throws: DecoderError.self) { _ = try LibAVDecoder(config) }
        guard case .unsupported(let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("mp4v.20.9"))
    }
}
