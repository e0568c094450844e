import Testing

@Suite("Times")
struct TimingTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Rate: CustomTestStringConvertible, Sendable {
        let (text, numerator, denominator): (String, Int, Int)
        var testDescription: String { text }

        static let all = [
            Rate(text: "24000/1001", numerator: 24000, denominator: 1001),
            Rate(text: "30000/1001", numerator: 30000, denominator: 1001),
            Rate(text: "23.976", numerator: 24000, denominator: 1001),
            Rate(text: "25", numerator: 25, denominator: 1),
            Rate(text: "60", numerator: 60, denominator: 1),
        ]

        func timestamp(_ frame: Int) -> Int {
            let (product, divisor) = (frame * 1_000_000 * denominator, numerator)
            return (2 * product + divisor) / (2 * divisor)
        }
    }

    @Test("Times are exact in the SPS and in the chunks, with B-frames", .mustEnd, arguments: Rate.all)
    func exact(rate: Rate) throws {
        let content = "\(Content.natural(size: "160x96", seconds: 2)) -f rawvideo -pix_fmt yuv420p -"
        let flags = "--encoder-option bframes=3 -o out.h264 --chunks out.jsonl"
        let encode = "sluice -s 160x96 -r \(rate.text) -p i420 \(flags)"
        try folder.succeed("\(content) | \(encode)")
        let values = try folder.headers("out.h264").sequenceParameters?.values ?? [:]
        #expect(values["timing_info_present_flag"] == 1 && values["fixed_frame_rate_flag"] == 1)
        let (ticks, scale) = (values["num_units_in_tick"] ?? 0, values["time_scale"] ?? 0)
        #expect(ticks > 0 && scale * rate.denominator == 2 * rate.numerator * ticks, "\(scale)/\(ticks)")
        #expect(try folder.probe("out.h264", "r_frame_rate") == "\(rate.numerator)/\(rate.denominator)")
        let timestamps = try folder.chunks("out.jsonl").map(\.timestamp)
        #expect(timestamps.sorted() == (0..<60).map(rate.timestamp))
        #expect(timestamps != timestamps.sorted(), "there are B-frames")
    }

    @Test("Times in the chunks add up: each lasts until the next begins", .mustEnd)
    func durations() throws {
        let source = "sluice testsrc -s 64x48 --frames 20"
        try folder.succeed("\(source) | sluice -s 64x48 -r 24000/1001 -p rgba -o out.h264 --chunks out.jsonl")
        let chunks = try folder.chunks("out.jsonl").sorted { $0.timestamp < $1.timestamp }
        for (chunk, next) in zip(chunks, chunks.dropFirst()) {
            #expect(chunk.timestamp + chunk.duration == next.timestamp)
        }
    }

    @Test("Times begin at 0 after --skip", .mustEnd)
    func skip() throws {
        let source = "sluice testsrc -s 64x48 --frames 6"
        try folder.succeed("\(source) | sluice -s 64x48 -r 25 -p rgba --skip 2 -o out.h264 --chunks out.jsonl")
        #expect(try folder.chunks("out.jsonl").map(\.timestamp).sorted() == [0, 40_000, 80_000, 120_000])
    }

    @Test(
        "Times that are invalid are usage errors",
        .mustEnd,
        arguments: ["0", "-1", "30/0", "abc", "1e9", ""]
    )
    func malformed(rate: String) throws {
        try folder.fail("sluice -s 64x48 -r '\(rate)' -p rgba -o out.h264", status: 64, saying: "framerate")
    }
}
