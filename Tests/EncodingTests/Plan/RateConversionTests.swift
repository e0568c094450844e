import Testing
import VideoTypes

@testable import Encoding

@Suite("The rule for dropping and repeating frames")
struct RateConversionTests {
    private static let rates: [FrameRate] = [24, 25, 30, 50, 60, 15, 23.976, 29.97, 59.94, 12.5, 1, 1000]

    @Test(
        "The rule for dropping and repeating frames rounds the times of a constant rate as exact fractions",
        arguments: rates
    )
    func exact(from: FrameRate) throws {
        for to in Self.rates {
            let rule = RateConversion(to)
            for frame in 0..<2000 {
                let (product, divisor) = (frame * to.numerator * from.denominator, to.denominator * from.numerator)
                let time = try #require(from.timestamp(ofFrame: frame))
                #expect(
                    rule.tick(time) == Int64((2 * product + divisor) / (2 * divisor)),
                    "\(frame) of \(from) to \(to)"
                )
            }
        }
    }

    @Test("The rule for dropping and repeating frames holds for the largest time and rate")
    func largest() {
        let rule = RateConversion(10_000)
        #expect(rule.tick(MediaTime.bounds.upperBound) == Int64((1 << 53) / 100 + 1))
        #expect(RateConversion(1).tick(0) == 0)
    }
}
