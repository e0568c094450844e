internal import CFFmpeg

/// A SHA-256 digest in the making, by libavutil. Sole owner of one `AVSHA`.
///
/// Thread-safety: used by one thread at a time.
@safe
package struct SHA256: ~Copyable, Sendable {
    private nonisolated(unsafe) let context: OpaquePointer

    /// A digest before the first byte.
    package init() {
        guard let context = unsafe av_sha_alloc() else { fatalError("out of memory for a SHA-256 context") }
        unsafe self.context = context
        unsafe av_sha_init(context, 256)
    }

    deinit { unsafe av_free(UnsafeMutableRawPointer(context)) }

    /// Adds bytes.
    package mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { bytes in
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe av_sha_update(context, start, bytes.count)
        }
    }

    /// Adds bytes.
    package mutating func update(_ bytes: [UInt8]) { unsafe update(bytes.span.bytes) }

    /// The digest in lower-case hexadecimal digits.
    package consuming func finish() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe av_sha_final(context, &digest)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
