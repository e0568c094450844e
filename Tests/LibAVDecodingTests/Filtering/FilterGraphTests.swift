import Testing
import VideoTypes

@testable import LibAV

@Suite("A graph of libavfilter")
struct FilterGraphTests {
    private static let size = PictureSize(width: 34, height: 18)

    private func input(_ format: PixelFormat, _ clock: FilterClock, _ rate: FrameRate?) throws -> FilterInput {
        let layout = try #require(PictureLayout(format: format, size: Self.size))
        return FilterInput(layout: layout, color: .unspecified, clock: clock, framerate: rate)
    }

    private func frame(_ layout: PictureLayout, _ seed: Int) -> VideoFrame {
        let bytes = (0..<layout.byteCount).map { UInt8(truncatingIfNeeded: ($0 &* 31 &+ seed) % 200) }
        return VideoFrame(layout: layout, buffer: PlaneBuffer(copying: bytes), timestamp: 0)
    }

    private static func bytes(_ frame: borrowing VideoFrame) -> [UInt8] {
        let count = frame.layout.byteCount
        return frame.withBytes { bytes in bytes.withUnsafeBytes { Array($0.prefix(count)) } }
    }

    /// The next picture that comes out; `nil` without one.
    private func next(_ graph: inout FilterGraph) throws -> (layout: PictureLayout, timestamp: Int64, bytes: [UInt8])? {
        guard let picture = try graph.receive() else { return nil }
        return (picture.frame.layout, picture.frame.timestamp, Self.bytes(picture.frame))
    }

    @Test(
        "A picture of any format that FFmpeg names comes out as it went in",
        arguments: PixelFormat.allCases.filter { ![.yv12, .v210, .rgbaf32].contains($0) }
    )
    func formats(format: PixelFormat) throws {
        let input = try input(format, FilterClock(counting: 25), 25)
        var graph = try FilterGraph("null", input: input, threads: 1)
        let source = frame(input.layout, 7)
        try graph.send(source, at: 3)
        try graph.finish(at: 4)
        let picture = try #require(try next(&graph))
        #expect(picture.layout == input.layout && picture.timestamp == 120_000)
        let bytes = Self.bytes(source)
        #expect(picture.bytes == (format.isFloat ? Self.finite(bytes) : bytes))
        let last = try next(&graph)
        #expect(last == nil)
        let isFinished = graph.isFinished
        #expect(isFinished)
    }

    /// Floats with 0 for what is no number, and at most the largest float of 16 bits.
    private static func finite(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 4).flatMap { place in
            let value = Float(bitPattern: bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
            let bits = (value.isNaN ? 0 : min(max(value, -65504), 65504)).bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
    }

    @Test("Floats side by side become planes of the same floats")
    func floats() throws {
        let input = try input(.rgbaf32, FilterClock(counting: 25), 25)
        var graph = try FilterGraph("format=gbrapf32le,format=gbrpf32le", input: input, threads: 1)
        let values = (0..<4 * 34 * 18).map { Float($0) / 8 }
        let bytes = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
        try graph.send(VideoFrame(layout: input.layout, buffer: PlaneBuffer(copying: bytes), timestamp: 0), at: 0)
        try graph.finish(at: 1)
        let picture = try #require(try next(&graph))
        let green = picture.bytes[4..<8].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // libswscale drops alpha by way of 16 bits.
        #expect(picture.layout.format == .gbrpf32 && abs(Float(bitPattern: green) - values[5]) < 0.0001)
    }

    @Test("Frames of a constant rate have exact times in a graph, although they come rounded to microseconds")
    func clock() {
        for rate in [FrameRate(30000, 1001), FrameRate(24), FrameRate(24000, 1001), FrameRate(10000), FrameRate(1, 7)] {
            guard let rate else { continue }
            for clock in [FilterClock(counting: rate), FilterClock(fitting: rate)] {
                for frame in [0, 1, 2, 5, 999, 1_000_003] {
                    guard let time = rate.timestamp(ofFrame: frame) else { continue }
                    #expect(clock.units(time) == Int64(frame) * (clock.unitsOfFrame ?? 0), "\(rate) \(frame)")
                }
            }
        }
        // A time that is no frame's stays where it is.
        let clock = FilterClock(fitting: 25)
        #expect(clock.units(50_000) == clock.units(40_000) * 5 / 4)
        #expect(FilterClock.microseconds.units(12_345) == 12_345)
        #expect(FilterClock.microseconds(-3, 25, 1) == -120_000 && FilterClock.microseconds(1, 3, 1) == 333_333)
    }

    @Test("A graph with more or fewer pictures ends when it has given out its last")
    func counts() throws {
        for (text, count) in [("fps=50", 8), ("fps=25/2", 2), ("select='not(mod(n,2))'", 2), ("tpad=stop=3", 7)] {
            let input = try input(.i420, FilterClock(counting: 25), 25)
            var graph = try FilterGraph(text, input: input, threads: 1)
            var found = 0
            for number in 0..<4 {
                try graph.send(frame(input.layout, number), at: Int64(number))
                while try next(&graph) != nil { found += 1 }
            }
            try graph.finish(at: 4)
            while try next(&graph) != nil { found += 1 }
            let isFinished = graph.isFinished
            #expect(found == count && isFinished, "\(text): \(found)")
        }
    }

    @Test(
        "A graph that libavfilter refuses is refused with its words",
        arguments: [
            ("scale=foo", "Invalid size"), ("nosuch", "No such filter"), ("split", "one open video output"),
            ("hflip;vflip", "one open video"), ("crop=1000:1000", "Invalid too big"), ("anullsrc", ""), ("", ""),
        ]
    )
    func refusals(text: String, words: String) throws {
        let input = try input(.i420, FilterClock(counting: 25), 25)
        do throws(FilterError) {
            _ = try FilterGraph(text, input: input, threads: 1)
            Issue.record("\(text) is taken")
        } catch {
            guard case .invalid(let reason) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(!reason.isEmpty && (words.isEmpty || reason.contains(words)), "\(reason)")
        }
    }
}
