import Bitstream
import Testing
import VideoTypes

@Suite("Headers of VP8 and VP9")
struct VPXHeaderTests {
    @Test("Headers of VP8 have size, quantizer and the refreshed references")
    func vp8() throws {
        let frames = try VPXStreams.frames("--codec=vp8 --min-q=20 --max-q=20 --end-usage=cbr --lag-in-frames=0 --rt")
        let headers = try frames.map { try VP8FrameHeader(parsing: $0) }
        #expect(headers.count == 8)
        #expect(headers[0].keyFrame?.size == PictureSize(width: 72, height: 40))
        #expect(headers[0].keyFrame?.hasReservedColorSpace == false)
        #expect(headers.map(\.isKey) == [true] + Array(repeating: false, count: 7))
        #expect(headers.allSatisfy { $0.isShown && $0.refresh.last })
        #expect(Set(headers.map(\.quantizerIndex)) == [QuantizerScale(.vp8).index(ofLevel: 20)])
    }

    @Test("Headers of VP9 have profile, depth, chroma, size, color and quantizer")
    func vp9() throws {
        let arguments =
            "--codec=vp9 --profile=0 --min-q=33 --max-q=33 --lag-in-frames=0 --passes=1 --color-space=smpte170"
        let frames = try VPXStreams.frames(arguments)
        let headers = try frames.map { try VP9FrameHeader(parsing: $0[...]) }
        #expect(headers[0].isKey && headers[0].refreshFrameFlags == 0xFF)
        #expect(headers[0].size == PictureSize(width: 72, height: 40))
        #expect(headers[0].color?.colorSpace == .smpte170)
        #expect(headers[0].color?.chroma == .yuv420)
        #expect(headers.dropFirst().allSatisfy { !$0.isKey && $0.referenceIndices.count == 3 && $0.color == nil })
        #expect(Set(headers.map(\.quantizerIndex)) == [132])
        #expect(headers.allSatisfy { !$0.isLossless })
    }

    @Test("Headers of VP9 have 4:4:4 and 10 bits", arguments: [(1, 8), (3, 10), (3, 12)])
    func profiles(profile: Int, bitDepth: Int) throws {
        let arguments = "--codec=vp9 --profile=\(profile) --i444 --bit-depth=\(bitDepth) --passes=1 --lossless=1"
        let frames = try VPXStreams.frames(arguments, count: 1, bytesPerFrame: 72 * 40 * 3)
        let header = try VP9FrameHeader(parsing: frames[0][...])
        #expect(header.profile == profile)
        #expect(header.color?.bitDepth == bitDepth)
        #expect(header.color?.chroma == .yuv444)
        #expect(header.isLossless)
    }

    @Test("Headers of VP8 and VP9 are in superframes, of which one frame is shown")
    func superframes() throws {
        let arguments = "--codec=vp9 --passes=2 --auto-alt-ref=1 --lag-in-frames=16 --cpu-used=4"
        let chunks = try VPXStreams.frames(arguments, count: 40).map { try VP9Superframe.split($0) }
        #expect(chunks.count == 40)
        #expect(chunks.contains { $0.count == 2 })
        for frames in chunks {
            let headers = try frames.map { try VP9FrameHeader(parsing: $0) }
            #expect(headers.map(\.isShown) == Array(repeating: false, count: frames.count - 1) + [true])
        }
    }

    @Test("Headers of VP8 and VP9 make the record of MP4")
    func record() throws {
        let frames = try VPXStreams.frames("--codec=vp9 --passes=1", count: 1)
        let header = try VP9FrameHeader(parsing: frames[0][...])
        let color = VideoColorSpace(primaries: .bt2020, transfer: .pq, matrix: .bt2020NCL, fullRange: true)
        let record = try VPCodecConfigurationRecord(header: header, level: 31, color: color, chromaLocation: .topLeft)
        #expect(record.bytes == [0, 31, 0x83, 9, 16, 9, 0, 0])
        #expect(record.codec.description == "vp09.00.31.08.01.09.16.09.01")
    }

    @Test("Headers of VP8 and VP9 have a color for each number, and the number for each matrix")
    func colors() {
        for number in UInt8(0)..<8 where number != 6 {
            let space = VP9ColorSpace(rawValue: number)
            #expect(VP9ColorSpace(matrix: space.h273(fullRange: false, bitDepth: 8).matrix) == space)
        }
        #expect(VP9ColorSpace(matrix: MatrixCoefficients(rawValue: 14)) == nil)
        #expect(VP9ColorSpace.reserved.h273(fullRange: true, bitDepth: 8).matrix == .unspecified)
    }
}
