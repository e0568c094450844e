internal import CPosix
internal import Synchronization
internal import Threading
internal import VideoTypes

extension CapabilityProbe {
    /// Tries many cases, as many at once as there are cores, in this process: an encoder that crashes takes it along (`sluice probe`
    /// tries them in others).
    @available(*, noasync, message: "blocks the calling thread")
    public func run(_ cases: [ProbeCase]) -> [(ProbeCase, ProbeOutcome)] { Self.table(of: cases, runAll) }

    /// Tries many cases by a function that tries those which it is given, and finds out only once each that hardware cannot be
    /// used.
    package static func table(
        of cases: [ProbeCase],
        _ run: ([ProbeCase]) -> [ProbeOutcome]
    ) -> [(ProbeCase, ProbeOutcome)] {
        let unusable = unusableHardware(cases, run)
        let tried = cases.filter { unusable[$0.encoder] == nil }
        let outcomes = Dictionary(zip(tried, run(tried)), uniquingKeysWith: { first, _ in first })
        return cases.map { ($0, unusable[$0.encoder] ?? outcomes[$0] ?? .failed("not tested")) }
    }

    /// Why hardware encoders cannot be used.
    private static func unusableHardware(
        _ cases: [ProbeCase],
        _ run: ([ProbeCase]) -> [ProbeOutcome]
    ) -> [String: ProbeOutcome] {
        let hardware = BackendRegistry.all.filter(\.isHardware).map(\.name)
        let firsts = hardware.compactMap { name in
            cases.first { $0.encoder == name && $0.bitrateMode == .variable }
        }
        let found = zip(firsts, run(firsts)).filter { if case .unsupported = $1 { true } else { false } }
        return Dictionary(found.map { ($0.encoder, $1) }, uniquingKeysWith: { first, _ in first })
    }

    private func runAll(_ cases: [ProbeCase]) -> [ProbeOutcome] {
        let outcomes = Monitor([ProbeOutcome?](repeating: nil, count: cases.count))
        let next = Atomic(0)
        Self.withWorkers(Int(cposix_core_count())) {
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < cases.count else { return }
                let outcome = run(cases[index])
                outcomes.withLock { $0[index] = outcome }
            }
        }
        return outcomes.withLock { $0 }.map { $0 ?? .failed("not tested") }
    }

    /// Runs the body on this thread and others, as many as the system allows.
    private static func withWorkers(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        guard count > 1, let thread = try? WorkerThread(name: "sluice-probe", body: body) else { return body() }
        withWorkers(count - 1, body)
        thread.join()
    }
}
