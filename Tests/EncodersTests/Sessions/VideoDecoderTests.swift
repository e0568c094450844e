import Foundation
import Sluice
import TestSupport
import Testing
import Threading

@Suite("A video decoder of real streams")
struct VideoDecoderTests {
    @Test(
        "A video decoder of real streams delivers the frames that the ffmpeg command decodes, in presentation order",
        .timeLimit(.minutes(2)),
        arguments: DecodedStream.all
    )
    func pictures(stream: DecodedStream) throws {
        let folder = try TemporaryFolder()
        try stream.make(in: folder)
        let chunks = try stream.chunks(in: folder)
        let raw = try stream.raw(in: folder)
        for threads in [1, 3] {
            let decoded = try decode(chunks, threads: threads)
            #expect(decoded.timestamps.count == 30)
            #expect(decoded.timestamps == decoded.timestamps.sorted())
            #expect(decoded.formats == [stream.format])
            #expect(decoded.displays == [stream.size])
            #expect(decoded.bytes == raw, "\(threads) threads")
        }
    }

    @Test(
        "A video decoder of real streams restarts after a flush, and requires a key picture there",
        .timeLimit(.minutes(2)),
        arguments: DecodedStream.all
    )
    func flush(stream: DecodedStream) throws {
        let folder = try TemporaryFolder()
        try stream.make(in: folder)
        let (config, chunks) = try stream.chunks(in: folder)
        let frames = DecodedFrames()
        let decoder = VideoDecoder(output: { frames.take($0) })
        try decoder.configure(config)
        var claimed = chunks[1]
        claimed.type = .key
        for _ in 0..<2 {
            for refused in [chunks[1], claimed] {
                let error = #expect(throws: DecoderError.self) { try decoder.submit(refused) }
                guard case .dataError? = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
            #expect(decoder.state == .configured)
            for chunk in chunks { try decoder.submit(chunk) }
            try decoder.flush()
        }
        try decoder.close()
        let raw = try stream.raw(in: folder)
        #expect(frames.all.bytes == raw + raw)
    }

    @Test(
        "A video decoder of real streams is closed by damage, with one error",
        .timeLimit(.minutes(2)),
        arguments: DecodedStream.all
    )
    func damage(stream: DecodedStream) throws {
        let folder = try TemporaryFolder()
        try stream.make(in: folder)
        let (config, chunks) = try stream.chunks(in: folder)
        let (frames, told) = (DecodedFrames(), Monitor([String]()))
        let decoder = VideoDecoder(
            output: { frames.take($0) },
            error: { error in told.withLock { $0.append("\(error)") } }
        )
        try decoder.configure(config)
        var damaged = chunks
        damaged[5].data = chunks[5].data.map { ~$0 }
        let reason = refusal {
            for chunk in damaged { try decoder.submit(chunk) }
            try decoder.flush()
        }
        #expect(reason.contains("damaged"), "\(reason)")
        #expect(decoder.state == .closed)
        try decoder.close()
        #expect(told.withLock { $0 } == [reason])
        #expect(frames.all.timestamps.count < 30)
    }

    @Test("A video decoder of real streams can be used from tasks", .timeLimit(.minutes(2)))
    func tasks() async throws {
        let (stream, folder) = (DecodedStream.all[0], try TemporaryFolder())
        try stream.make(in: folder)
        let (config, chunks) = try stream.chunks(in: folder)
        let decoder = AsyncVideoDecoder(queue: QueueLimits(soft: 2, hard: 4), frames: 2)
        try await decoder.configure(config)
        let (frames, sequence) = (DecodedFrames(), decoder.frames)
        let consuming = Task {
            for try await element in sequence { if let frame = element.take() { frames.take(frame) } }
        }
        for chunk in chunks { try await decoder.decode(chunk) }
        try await decoder.flush()
        await decoder.close()
        try await consuming.value
        #expect(frames.all.bytes == (try stream.raw(in: folder)))
    }

    @Test(
        "A video decoder of real streams passes on the rotation and flip of the configuration",
        .timeLimit(.minutes(2))
    )
    func display() throws {
        let (stream, folder) = (DecodedStream.all[0], try TemporaryFolder())
        try stream.make(in: folder)
        var (config, chunks) = try stream.chunks(in: folder)
        config.pixelAspectRatio = try #require(PixelAspectRatio(width: 2, height: 1))
        config.orientation = Orientation(rotation: .right)
        // The bitstream stores square samples, and has priority.
        #expect(try decode((config, chunks)).displays == [PictureSize(width: 68, height: 98)])
        let tagged = DecodedStream("SAR", "s.h264", .i420, "libx264 -preset ultrafast -vf setsar=4/3")
        try tagged.make(in: folder)
        (config, chunks) = try tagged.chunks(in: folder)
        config.orientation = Orientation(rotation: .left, flip: true)
        #expect(try decode((config, chunks)).displays == [PictureSize(width: 68, height: 131)])
    }
}

@Suite("A decoder's configuration")
struct DecoderConfigTests {
    private func config(_ codec: String, width: Int = 64, description: [UInt8]? = nil) -> DecoderConfig {
        DecoderConfig(
            codec: codec,
            codedWidth: width,
            codedHeight: 64,
            pixelAspectRatio: .square,
            colorSpace: .unspecified,
            description: description
        )
    }

    @Test(
        "A decoder's configuration is supported for every codec",
        arguments: ["avc1.640028", "avc3.42001E", "hvc1.1.6.L93.B0", "vp8", "vp09.00.10.08", "av01.0.04M.08"]
    )
    func supported(codec: String) {
        #expect(VideoDecoder.isConfigSupported(config(codec)) == .supported(config(codec)))
    }

    @Test("A decoder's configuration is unsupported, with the reason, if it is valid but not possible")
    func unsupported() throws {
        guard case .unsupported(let reason) = VideoDecoder.isConfigSupported(config("mp4v.20.9")) else {
            Issue.record("mp4v is supported")
            return
        }
        #expect(reason.contains("mp4v.20.9"))
        let alpha = VideoDecoder.isConfigSupported(config("vp8"), options: DecoderOptions(outputFormat: .i420a))
        guard case .unsupported(let reason) = alpha else {
            Issue.record("\(alpha)")
            return
        }
        #expect(reason.contains("transparency"))
    }

    @Test("A decoder's configuration is invalid, with the reason, if it has no meaning")
    func invalid() {
        let cases: [(DecoderConfig, DecoderOptions, String)] = [
            (config(""), DecoderOptions(), "codec"), (config("avc1.64"), DecoderOptions(), "codec"),
            (config("vp8", width: 0), DecoderOptions(), "codedWidth"),
            (config("vp8", width: 16385), DecoderOptions(), "codedWidth"),
            (config("avc1.640028", description: [1, 2, 3]), DecoderOptions(), "description"),
            (config("hvc1.1.6.L93.B0", description: []), DecoderOptions(), "description"),
            (config("vp8"), DecoderOptions(threads: 0), "threads"),
        ]
        for (config, options, word) in cases {
            guard case .invalid(let reason) = VideoDecoder.isConfigSupported(config, options: options) else {
                Issue.record("\(config) is not invalid")
                continue
            }
            #expect(reason.contains(word), "\(reason)")
            let decoder = VideoDecoder(output: { _ in })
            let error = #expect(throws: DecoderError.self) { try decoder.configure(config, options: options) }
            guard case .invalidConfig(reason)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(decoder.state == .unconfigured, "what is refused before it is tried leaves the decoder as it was")
        }
    }
}
