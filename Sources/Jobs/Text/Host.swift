internal import CPosix

/// The machine that the program runs on.
package enum Host {
    /// Its own name, without asking the network for it.
    package static var name: String {
        var bytes = [UInt8](repeating: 0, count: 257)
        // SAFETY: at most 256 bytes are written, so that the last one stays 0.
        unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe cposix_host_name(start.assumingMemoryBound(to: CChar.self), 256)
        }
        let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        return name.isEmpty ? "localhost" : name
    }
}
