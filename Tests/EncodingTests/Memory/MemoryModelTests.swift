import Encoders
import Jobs
import Media
import Testing
import VideoTypes

@testable import Encoding

@Suite("The memory model")
struct MemoryModelTests {
    /// 1280x720 with 4:2:0.
    private static let pictureBytes = 1_382_400

    private func job(
        _ encoder: String? = nil,
        codec: VideoCodec = .h264,
        parallel: Int? = nil,
        threads: Int? = nil,
        _ change: (inout EncodeJob) -> Void = { _ in }
    ) -> EncodeJob {
        var input = InputDescription(.standardInput)
        (input.size, input.pixelFormat, input.framerate) = (
            PictureSize(width: 1280, height: 720), .i420, FrameRate(25)
        )
        var config = EncoderConfig(codec: .lowest(codec), width: 1, height: 1)
        (config.encoder, config.threads) = (encoder, threads)
        var job = EncodeJob(
            input: input,
            config: config,
            output: OutputDescription(.standardOutput, format: codec == .h264 ? .annexB : .ivf)
        )
        if let parallel {
            job.parallel = ParallelOptions()
            job.parallel?.workers = .count(parallel)
        }
        change(&job)
        return job
    }

    @Test(
        "The memory model's least is the program, what is in flight, and the encoder's bytes for each pixel",
        arguments: [("libx264", VideoCodec.h264, 20), ("libvpx", .vp9, 40), ("libsvtav1", .av1, 160)]
    )
    func least(encoder: String, codec: VideoCodec, perPixel: Int) throws {
        let model = MemoryModel(try EncodePlan(job(encoder, codec: codec), header: nil))
        let least = model.least(inFlight: 1000)
        #expect(least.addresses == 1000 + perPixel * 1280 * 720)
        #expect(least.bytes == 40 << 20 + least.addresses)
    }

    @Test("The memory model refuses what is below the least, with the needed amount and the limit")
    func refused() throws {
        let least = LeastMemory(bytes: 100 << 20, addresses: 60 << 20)
        try least.check(memory: nil, addressSpace: nil, inUse: 1 << 40)
        try least.check(memory: 100 << 20, addressSpace: 160 << 20, inUse: 100 << 20)
        let tooLittle = #expect(throws: JobError.self) {
            try least.check(memory: 100 << 20 - 1, addressSpace: nil, inUse: 0)
        }
        let text = "this encode needs at least 100 MB of memory, and the limit is 100 MB (control group)"
        #expect("\(try #require(tooLittle))".contains(text))
        let tooFew = #expect(throws: JobError.self) {
            try least.check(memory: nil, addressSpace: 150 << 20, inUse: 100 << 20)
        }
        let addresses = "needs addresses for about 160 MB of memory, and the limit is 150 MB (ulimit -v)"
        #expect("\(try #require(tooFew))".contains(addresses))
    }

    @Test("The memory model's likely amount is that of the encoder's pictures and of what waits, for one encoder")
    func likely() throws {
        let waiting = PipelineBounds.usualBytes / 2 * 3
        let usual = try job().forecast(readingInput: false)
        #expect(usual.memory == 80 << 20 + 169 * Self.pictureBytes + waiting)
        #expect(usual.memoryPerThread == 9 * Self.pictureBytes)
        #expect((usual.threads, usual.usefulThreads, usual.threadsPerEncoder) == (nil, 15, nil))
        let four = try job(threads: 4).forecast(readingInput: false)
        #expect(four.memory == 80 << 20 + 196 * Self.pictureBytes + waiting)
        #expect((four.threads, four.memoryPerThread) == (4, 0))
        let bounded = try job { $0.bounds.maxBytes = 6_000_000 }.forecast(readingInput: false)
        #expect(bounded.memory == 80 << 20 + 169 * Self.pictureBytes + 9_000_000)
    }

    @Test("The memory model's likely amount for segments is that of all their encoders")
    func segments() throws {
        let three = try job("libaom", codec: .av1, parallel: 3, threads: 2) { $0.input.selection.count = 1000 }
        let spread = try EncoderSpread(three, input(three, frames: 1000), usefulThreads: 5)
        #expect((spread.encoders, spread.threads, spread.threadsPerEncoder) == (3, 6, 2))
        #expect(spread.usefulThreads == 6)
        let forecast = try three.forecast(readingInput: false)
        let each = (165 + 12) * Self.pictureBytes + spread.waitingBytes / 2 * 3
        #expect(forecast.memory == 95 << 20 + 3 * each)
        #expect(forecast.memoryPerThread == 0)
    }

    @Test("The memory model takes an unknown picture for full HD, and a half more, and adds a decoder")
    func unknown() {
        var unknown = job("libx265", codec: .hevc)
        unknown.input.size = nil
        let model = MemoryModel(unknown)
        #expect(model.encoder == .x265)
        #expect(model.pictureBytes == 1920 * 1080 * 9 / 4)
        #expect(model.decodedBytes == 1920 * 1080 * 3 / 2)
        unknown.picture.bitDepth = 10
        #expect(MemoryModel(unknown).pictureBytes == 1920 * 1080 * 9 / 2)
        unknown.config.encoder = "unknown"
        #expect(MemoryModel(unknown).encoder == .other(.hevc))
        let small = MemoryModel(unknown, coded: PictureSize(width: 64, height: 48))
        #expect(small.size == PictureSize(width: 64, height: 48))
        let one = EncoderSpread(encoders: 1)
        let likely = MemoryModel(encoder: .x264, size: small.size, pictureBytes: 10, decodedBytes: 7)
            .likely(unknown.config, maxBytes: nil, one)
        #expect(likely.bytes == 80 << 20 + 1690 + 7 * 48 + 270)
    }

    private func input(_ job: EncodeJob, frames: Int?) -> ParallelChoice.Input {
        ParallelChoice.Input(
            backend: nil,
            config: job.config,
            pictureBytes: Self.pictureBytes,
            frames: frames,
            isFile: false,
            hasRate: true,
            bounds: job.bounds,
            cores: 128
        )
    }
}

extension EncoderSpread {
    /// One encoder, with as many threads as it is given.
    fileprivate init(encoders: Int) {
        self.init(threads: nil, threadsPerEncoder: nil, usefulThreads: 1, encoders: encoders, waitingBytes: 0)
    }
}
