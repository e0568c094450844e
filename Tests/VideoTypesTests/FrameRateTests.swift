import Testing
import VideoTypes

@Suite("A frame rate")
struct FrameRateTests {
    @Test(
        "A frame rate is read as the exact fraction that people mean",
        arguments: [
            ("30", 30, 1), ("25", 25, 1), ("30000/1001", 30000, 1001), ("60/2", 30, 1), ("12.5", 25, 2),
            ("23.976", 24000, 1001), ("23.98", 24000, 1001), ("23.97", 24000, 1001), ("23.976024", 24000, 1001),
            ("29.97", 30000, 1001), ("29.970", 30000, 1001), ("29.97003", 30000, 1001), ("59.94", 60000, 1001),
            ("119.88", 120000, 1001), ("47.952", 48000, 1001), ("14.985", 15000, 1001), ("25.0", 25, 1),
            ("0.5", 1, 2), ("15.01", 1501, 100), ("29.9", 299, 10), ("1/3600", 1, 3600), ("10000", 10000, 1),
            ("024", 24, 1),
        ]
    )
    func reading(text: String, numerator: Int, denominator: Int) {
        let rate = FrameRate(text)
        #expect(rate?.numerator == numerator)
        #expect(rate?.denominator == denominator)
    }

    @Test(
        "A frame rate that is not a NTSC rate cut or rounded keeps its decimals",
        arguments: [
            ("29.98", 1499, 50), ("29.96", 749, 25), ("59.95", 1199, 20), ("23.99", 2399, 100), ("0.99", 99, 100),
            ("1.99", 199, 100), ("29.971", 29971, 1000),
        ]
    )
    func exactDecimals(text: String, numerator: Int, denominator: Int) {
        let (read, exact) = (FrameRate(text), FrameRate(numerator, denominator))
        #expect(read == exact, "\(text) is \(read?.description ?? "nothing")")
    }

    @Test(
        "A frame rate is not read from anything else",
        arguments: [
            "", "0", "-30", "+30", " 30", "30 ", "30/0", "0/1", "/30", "30/", "30/1/1", "30.", ".5", "1e3", "0x1E",
            "nan", "inf", "30,5", "29.97.1", "29.9700300", "10001", "10001/1", "99999999999999999999", "2147483648",
            "1/2147483648", "٣٠", "30fps", "0.0", "10000.5",
        ]
    )
    func junk(text: String) { #expect(FrameRate(text) == nil, "\(text) became \(FrameRate(text)?.description ?? "")") }

    @Test("A frame rate is written as it is read", arguments: ["30", "30000/1001", "25/2", "1/3600"])
    func roundTrip(text: String) { #expect(FrameRate(text)?.description == text) }

    @Test("A frame rate is in lowest terms, so that equal rates are equal")
    func lowestTerms() {
        #expect(FrameRate(60000, 2002) == FrameRate(30000, 1001))
        #expect(FrameRate(Int(Int32.max), Int(Int32.max)) == FrameRate(1))
        #expect(FrameRate(.max, 1) == nil)
        #expect(FrameRate(1, .max) == nil)
    }

    /// The time by arithmetic of twice the width: the nearest microsecond, halves upwards.
    private func exactTime(_ frame: Int, _ rate: FrameRate) -> Int64 {
        let product = UInt(frame).multipliedFullWidth(by: UInt(rate.denominator) * 2_000_000)
        let divisor = UInt(2 * rate.numerator)
        let (low, carry) = product.low.addingReportingOverflow(UInt(rate.numerator))
        return Int64(divisor.dividingFullWidth((product.high + (carry ? 1 : 0), low)).quotient)
    }

    @Test(
        "A frame rate gives a million frames the exact times, and durations that add up",
        arguments: ["30000/1001", "24000/1001", "25", "3", "7/3", "60000/1001"]
    )
    func times(text: String) throws {
        let rate = try #require(FrameRate(text))
        var (wrong, sum) = (0, Int64(0))
        for frame in 0...1_000_000 {
            guard let time = rate.timestamp(ofFrame: frame), time == exactTime(frame, rate), time == sum else {
                wrong += 1
                continue
            }
            sum += rate.duration(ofFrame: frame) ?? 0
        }
        #expect(wrong == 0)
        #expect(rate.timestamp(ofFrame: 0) == 0)
    }

    @Test("A frame rate at 30000/1001 puts frame 30000 at exactly 1001 seconds")
    func wholeSeconds() throws {
        let rate = try #require(FrameRate(30000, 1001))
        #expect(rate.timestamp(ofFrame: 30_000) == 1_001_000_000)
        #expect((0...3).map { rate.timestamp(ofFrame: $0) } == [0, 33367, 66733, 100_100])
        #expect(rate.timestamp(ofFrame: 300_000_000) == 10_010_000_000_000)
    }

    @Test("A frame rate has no time for frames that there cannot be")
    func impossible() throws {
        let rate = try #require(FrameRate(30000, 1001))
        #expect(rate.timestamp(ofFrame: -1) == nil)
        #expect(rate.timestamp(ofFrame: .max) == nil)
        #expect(rate.duration(ofFrame: .max) == nil)
        #expect(rate.duration(ofFrame: -1) == nil)
    }

    @Test(
        "A frame rate has times for as long as any run can last, a century at least",
        arguments: ["30", "30000/1001", "60000/1001", "1000", "2147483647/214749", "2147483647/71582789"]
    )
    func longRuns(text: String) throws {
        let rate = try #require(FrameRate(text))
        let frame = Int(rate.approximate * 100 * 365 * 86400)
        #expect(rate.timestamp(ofFrame: frame) == exactTime(frame, rate))
    }
}
