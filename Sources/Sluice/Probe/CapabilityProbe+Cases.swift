internal import CPosix
internal import Synchronization

extension CapabilityProbe {
    /// Tries many cases, as many at once as there are cores.
    @available(*, noasync, message: "blocks the calling thread")
    public func run(_ cases: [ProbeCase]) -> [(ProbeCase, ProbeOutcome)] {
        let unusable = unusableHardware(cases)
        let outcomes = Monitor([ProbeOutcome?](repeating: nil, count: cases.count))
        let next = Atomic(0)
        Self.withWorkers(Int(cposix_core_count())) {
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < cases.count else { return }
                let reason = unusable[cases[index].encoder]
                let outcome = reason.map { .unsupported($0) } ?? run(cases[index])
                outcomes.withLock { $0[index] = outcome }
            }
        }
        let all = outcomes.withLock { $0 }
        return zip(cases, all).map { ($0, $1 ?? .failed("it was not tried")) }
    }

    /// Why hardware encoders cannot be used, found out once each and not once for every case.
    private func unusableHardware(_ cases: [ProbeCase]) -> [String: String] {
        var reasons: [String: String] = [:]
        for name in Set(cases.map(\.encoder)) {
            guard let backend = BackendRegistry.all.first(where: { $0.name == name }), backend.isHardware,
                let first = cases.first(where: { $0.encoder == name && $0.bitrateMode == .variable })
            else { continue }
            if case .unsupported(let reason) = run(first) { reasons[name] = reason }
        }
        return reasons
    }

    /// Runs the body on this thread and others, as many as the system allows.
    private static func withWorkers(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        guard count > 1, let thread = try? WorkerThread(name: "sluice-probe", body: body) else { return body() }
        withWorkers(count - 1, body)
        thread.join()
    }
}
