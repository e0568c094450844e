import Encoders
import Testing
import VideoTypes

@Suite("The choice of an encoder")
struct BackendChoiceTests {
    private func choice(
        _ change: (inout EncoderConfig) -> Void = { _ in },
        after earlier: BackendChoice? = nil
    ) throws -> BackendChoice {
        var config = EncoderConfig(codec: .lowest(.h264), width: 64, height: 48)
        config.hardwareAcceleration = .preferHardware
        change(&config)
        return try BackendChoice(for: ValidatedEncoderConfig(config), after: earlier)
    }

    @Test("The choice of an encoder is kept within a run, so that no hardware is opened twice for the same request")
    func kept() throws {
        var first = try choice()
        first.notice = "as it was chosen first"
        let segment = try choice({ ($0.isSegment, $0.threads) = (true, 1) }, after: first)
        #expect(segment.notice == first.notice)
        #expect(segment.backend.name == first.backend.name)
        #expect(segment.config.values.isSegment)
        #expect(segment.config.values.threads == 1)
    }

    @Test("The choice of an encoder is made anew when the input turns out to be something else")
    func anew() throws {
        var first = try choice()
        first.notice = "as it was chosen first"
        #expect(try choice({ $0.codedWidth = 32 }, after: first).notice != first.notice)
        #expect(try choice({ $0.hardwareAcceleration = .preferSoftware }, after: first).notice == nil)
    }
}
