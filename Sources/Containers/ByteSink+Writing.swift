internal import CPosix
internal import SystemPackage

// Writing: after everything else or, in a file, anywhere.
extension ByteSink {
    /// Writes all of `bytes` after everything else.
    package mutating func write(_ bytes: [UInt8]) throws(SinkError) { unsafe try write(bytes.span.bytes) }

    /// Writes all of `bytes` after everything else.
    package mutating func write(_ bytes: RawSpan) throws(SinkError) {
        var written = 0
        while written < bytes.byteCount {
            let some = try writeSome(bytes.extracting(droppingFirst: written), at: nil)
            didAppend(bytes.extracting(written..<written + some))
            written += some
        }
    }

    /// Writes all of `bytes` from an offset on; bytes past the end extend the output.
    ///
    /// - Precondition: The output ``isSeekable``, and the offset leaves no gap.
    package mutating func write(_ bytes: RawSpan, at offset: Int) throws(SinkError) {
        let rewritten = min(bytes.byteCount, byteCount - offset)
        precondition(isSeekable && offset >= 0 && rewritten >= 0, "writing at an offset would leave a gap")
        var written = 0
        if rewritten > 0 { willRewrite() }
        while written < rewritten {
            written += try writeSome(bytes.extracting(written..<rewritten), at: offset + written)
        }
        try write(bytes.extracting(droppingFirst: rewritten))
    }

    /// Reads the whole output in its current state, piece by piece.
    ///
    /// - Precondition: The output ``isSeekable``.
    package func readBack(_ body: (RawSpan) -> Void) throws(SinkError) {
        precondition(isSeekable, "only a file can be read back")
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var offset = 0
        while offset < byteCount {
            let count = try read(into: &buffer, at: offset)
            // Another process has truncated our temporary file.
            guard count > 0 else { throw .failed(operation: "reading back", name: name, .ioError) }
            unsafe body(buffer.span.bytes.extracting(first: count))
            offset += count
        }
    }

    private func read(into buffer: inout [UInt8], at offset: Int) throws(SinkError) -> Int {
        do {
            return try unsafe buffer.withUnsafeMutableBytes { buffer in
                try unsafe descriptor.read(fromAbsoluteOffset: Int64(offset), into: buffer)
            }
        } catch {
            throw .failed(operation: "reading back", name: name, error as? Errno ?? .ioError)
        }
    }

    private func writeSome(_ bytes: RawSpan, at offset: Int?) throws(SinkError) -> Int {
        do {
            return try unsafe bytes.withUnsafeBytes { bytes in
                guard let offset else { return try unsafe descriptor.write(bytes) }
                return try unsafe descriptor.write(toAbsoluteOffset: Int64(offset), bytes)
            }
        } catch {
            switch error as? Errno {
            case .resourceTemporarilyUnavailable?:
                _ = cposix_wait_writable(descriptor.rawValue, -1, -1)
                return 0
            case .brokenPipe?: throw .closedPipe(name: name)
            case let errno: throw .failed(operation: "writing", name: name, errno ?? .ioError)
            }
        }
    }
}
