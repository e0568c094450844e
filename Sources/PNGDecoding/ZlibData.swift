internal import CLibDeflate

/// Data that zlib compressed.
package enum ZlibData {
    /// The most bytes that it may have become.
    private static let limit = 1 << 22

    /// Undoes the compression.
    ///
    /// - Returns: `nil` for data that is damaged, or that would have more than 4 MiB.
    package static func inflate(_ data: ArraySlice<UInt8>) -> [UInt8]? {
        guard let inflater = unsafe libdeflate_alloc_decompressor() else { return nil }
        defer { unsafe libdeflate_free_decompressor(inflater) }
        var room = 1 << 14
        while room <= limit {
            var (bytes, count) = ([UInt8](repeating: 0, count: room), 0)
            let result = unsafe data.withUnsafeBytes { source in
                unsafe bytes.withUnsafeMutableBytes { target in
                    // SAFETY: both are as long as is told.
                    unsafe libdeflate_zlib_decompress(
                        inflater,
                        source.baseAddress,
                        source.count,
                        target.baseAddress,
                        room,
                        &count
                    )
                }
            }
            if result == LIBDEFLATE_SUCCESS { return Array(bytes.prefix(count)) }
            guard result == LIBDEFLATE_INSUFFICIENT_SPACE else { return nil }
            room *= 4
        }
        return nil
    }
}
