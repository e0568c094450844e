internal import LibAV
internal import Threading

/// The SHA-256 of everything that is read, if that is wanted.
package final class InputDigest: Sendable {
    private let digest = Monitor<SHA256?>(nil)

    package init() {}

    package func update(_ bytes: RawSpan) {
        digest.withLock { digest in
            if digest == nil { digest = SHA256() }
            digest?.update(bytes)
        }
    }

    package func finish() -> String { digest.withLock { $0.take() ?? SHA256() }.finish() }
}
