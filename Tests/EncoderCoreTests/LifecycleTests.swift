import Testing

@testable import EncoderCore

@Suite("An encoder's lifecycle")
struct LifecycleTests {
    @Test("An encoder's lifecycle starts when it is configured first, and reconfigures then")
    func configuring() {
        var lifecycle = CodecLifecycle()
        #expect(lifecycle.state == .unconfigured)
        #expect(lifecycle.configure() == .start)
        #expect(lifecycle.configure() == .reconfigure)
        #expect(lifecycle.state == .configured)
    }

    @Test("An encoder's lifecycle ends its session when it is reset, and can be configured anew")
    func resetting() {
        var lifecycle = CodecLifecycle()
        #expect(lifecycle.reset() == .none)
        #expect(lifecycle.configure() == .start)
        #expect(lifecycle.reset() == .end)
        #expect(lifecycle.state == .unconfigured)
        #expect(lifecycle.reset() == .none)
        #expect(lifecycle.configure() == .start)
    }

    @Test("An encoder's lifecycle is closed for good, once")
    func closing() {
        var lifecycle = CodecLifecycle()
        #expect(lifecycle.configure() == .start)
        #expect(lifecycle.close() == .end)
        #expect(lifecycle.close() == .none)
        #expect(lifecycle.reset() == .none)
        #expect(lifecycle.configure() == .refuse)
        #expect(lifecycle.state == .closed)
    }

    @Test("An encoder's lifecycle has no session to end when it is closed before it is configured")
    func closingEarly() {
        var lifecycle = CodecLifecycle()
        #expect(lifecycle.close() == .none)
        #expect(lifecycle.configure() == .refuse)
    }
}
