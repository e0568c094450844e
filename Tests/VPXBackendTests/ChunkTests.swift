import EncoderCore
import Testing
import VPXBackend
import VideoTypes

@Suite("A chunk of VP8 and VP9")
struct ChunkTests {
    @Test(
        "A chunk of VP8 and VP9 is one shown frame, the first a key frame, and FFmpeg decodes as many",
        arguments: [VideoCodec.vp8, .vp9],
        [LatencyMode.quality, .realtime]
    )
    func oneForEachFrame(codec: VideoCodec, latency: LatencyMode) throws {
        var recipe = Recipe(codec, width: 96, height: 64, frames: 60)
        recipe.config.latencyMode = latency
        recipe.config.bitrate = 200_000
        let chunks = try recipe.encode()
        #expect(chunks.count == 60)
        #expect(chunks.keys == [0])
        #expect(chunks.map(\.timestamp) == recipe.timestamps)
        #expect(chunks.map(\.duration) == recipe.timestamps.map { $0 % 7 + 39000 })
        #expect(chunks.allSatisfy { $0.decodeTimestamp == nil })
        #expect(try Oracle(chunks.map(\.data), codec).hashes().count == 60)
    }

    @Test(
        "A chunk of VP8 and VP9 is a key frame where one is asked for, and at the interval",
        arguments: [VideoCodec.vp8, .vp9],
        [LatencyMode.quality, .realtime]
    )
    func keyFrames(codec: VideoCodec, latency: LatencyMode) throws {
        var recipe = Recipe(codec, frames: 40)
        recipe.config.latencyMode = latency
        recipe.config.keyFrameInterval = 11
        recipe.options = [5: EncodeOptions(keyFrame: true), 30: EncodeOptions(keyFrame: true)]
        let chunks = try recipe.encode()
        #expect(chunks.keys == [0, 5, 16, 27, 30])
        let full = try Oracle(chunks.map(\.data), codec).hashes()
        for key in [5, 27] {
            #expect(try Oracle(chunks[key...].map(\.data), codec).hashes() == Array(full[key...]), "from \(key)")
        }
    }

    @Test("A chunk of VP8 and VP9 can be a key frame every time", arguments: [VideoCodec.vp8, .vp9])
    func allKeys(codec: VideoCodec) throws {
        var recipe = Recipe(codec, frames: 6)
        recipe.config.keyFrameInterval = 1
        #expect(try recipe.encode().keys == Array(0..<6))
    }

    @Test("A chunk of VP8 and VP9 has the frame's own time, however irregular", arguments: [VideoCodec.vp8, .vp9])
    func irregularTimes(codec: VideoCodec) throws {
        var recipe = Recipe(codec)
        recipe.config.framerate = nil
        recipe.timestamps = [-90000, -1, 3, 40000, 5_000_000, 5_000_001, 9_000_000_000]
        #expect(try recipe.encode().map(\.timestamp) == recipe.timestamps)
        recipe.timestamps = [0, 40000, 40000]
        #expect(throws: EncoderError.self) { try recipe.encode() }
    }

    @Test(
        "A chunk of VP8 and VP9 is of good quality even if a frame lasts longer than libvpx's deadline",
        arguments: [VideoCodec.vp8, .vp9]
    )
    func slowFrames(codec: VideoCodec) throws {
        var slow = Recipe(codec, width: 96, height: 64, frames: 4)
        slow.config.framerate = FrameRate(1, 10)
        (slow.config.bitrateMode, slow.config.quantizer) = (.quantizer, 30)
        var fast = slow
        fast.config.framerate = FrameRate(10)
        #expect(try slow.encode().map(\.data) == fast.encode().map(\.data))
    }

    @Test(
        "A chunk of VP8 and VP9 has the same bytes each time, with threads",
        arguments: [VideoCodec.vp8, .vp9],
        [LatencyMode.quality, .realtime]
    )
    func deterministic(codec: VideoCodec, latency: LatencyMode) throws {
        var recipe = Recipe(codec, width: 528, height: 144, frames: 8)
        recipe.config.latencyMode = latency
        recipe.config.bitrate = 300_000
        recipe.config.threads = 4
        let chunks = try recipe.encode()
        #expect(try recipe.encode() == chunks)
        recipe.config.threads = 2
        #expect(try recipe.encode() == chunks)
    }

    @Test("A chunk of VP8 and VP9 takes nv12 as it takes i420", arguments: [VideoCodec.vp8, .vp9])
    func semiPlanar(codec: VideoCodec) throws {
        var recipe = Recipe(codec, width: 35, height: 21, frames: 3)
        let planar = try Pictures.frame(0, format: .i420, size: PictureSize(width: 35, height: 21), timestamp: 0)
        let bytes = planar.withBytes { span in span.withUnsafeBytes { Array($0) } }
        let (luma, chroma) = (35 * 21, 18 * 11)
        let pairs = (0..<chroma).flatMap { [bytes[luma + $0], bytes[luma + chroma + $0]] }
        recipe.config.bitrateMode = .quantizer
        recipe.config.quantizer = 10
        var backend = try VPXBackend(recipe.validated(), logger: .silent)
        try backend.submit(planar, options: EncodeOptions())
        let expected = try backend.nextChunk()?.data
        var other = try VPXBackend(recipe.validated(), logger: .silent)
        let frame = try VideoFrame(format: .nv12, width: 35, height: 21, timestamp: 0, bytes: bytes[..<luma] + pairs)
        try other.submit(frame, options: EncodeOptions())
        #expect(try other.nextChunk()?.data == expected)
        #expect(expected != nil)
    }

    @Test("A chunk of VP8 and VP9 is not made of a frame of another size or format, and the encoder goes on")
    func misfits() throws {
        let recipe = Recipe(.vp9, frames: 1)
        var backend = try VPXBackend(recipe.validated(), logger: .silent)
        let size = PictureSize(width: 62, height: 48)
        let small = try Pictures.frame(0, format: .i420, size: size, timestamp: 0)
        #expect(throws: EncoderError.self) { try backend.submit(small, options: EncodeOptions()) }
        try backend.submit(recipe.frame(0), options: EncodeOptions())
        try backend.drain()
        #expect(try backend.nextChunk()?.timestamp == 0)
        #expect(try backend.nextChunk() == nil)
    }
}
