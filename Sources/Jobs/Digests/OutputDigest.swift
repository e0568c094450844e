internal import LibAV
internal import Threading

/// The SHA-256 of everything that is written, if that is wanted.
package final class OutputDigest: Sendable {
    private let digest = Monitor<SHA256?>(SHA256())

    package init() {}

    package func update(_ bytes: RawSpan) { digest.withLock { $0?.update(bytes) } }

    /// Forgets what has been seen: the output is not that any more.
    package func restart() { digest.withLock { $0 = SHA256() } }

    /// The digest. No bytes may be added afterwards.
    package func finish() -> String? { digest.withLock { $0.take() }?.finish() }
}
