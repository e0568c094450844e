import Testing
import VideoTypes

@Suite("Rates of AV1")
struct RateTests {
    @Test(
        "A target rate of AV1 is met within a tenth without lookahead, also with layers",
        arguments: [BitrateMode.variable, .constant],
        [ScalabilityMode.l1t1, .l1t2, .l1t3]
    )
    func target(mode: BitrateMode, scalability: ScalabilityMode) throws {
        var recipe = Recipe(frames: 250)
        recipe.isNoise = true
        recipe.config.bitrate = 400_000
        (recipe.config.latencyMode, recipe.config.bitrateMode) = (.realtime, mode)
        recipe.config.scalabilityMode = scalability
        let bits = try recipe.encode().map(\.data.count).reduce(0, +) * 8
        #expect(abs(Double(bits) / 10 / 400_000 - 1) < 0.1, "\(mode) \(scalability): \(bits / 10) bits a second")
    }
}
