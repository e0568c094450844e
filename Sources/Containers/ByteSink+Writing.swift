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
            let count = try readSome(into: &buffer, buffer.indices, at: offset)
            // Another process has truncated our temporary file.
            guard count > 0 else { throw .failed(operation: "reading back", name: name, .ioError) }
            unsafe body(buffer.span.bytes.extracting(first: count))
            offset += count
        }
    }

    /// Bytes that have been written.
    ///
    /// - Precondition: The output ``isSeekable``.
    func bytes(in range: Range<Int>) throws(SinkError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        try read(&bytes, count: range.count, at: range.lowerBound)
        return bytes
    }

    /// Reads up to `buffer.count` bytes from an offset on, fewer at the end of the output.
    ///
    /// - Precondition: The output ``isSeekable``.
    /// - Returns: How many.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SinkError) -> Int {
        do {
            return try unsafe descriptor.read(fromAbsoluteOffset: Int64(offset), into: buffer)
        } catch {
            throw .failed(operation: "reading back", name: name, error as? Errno ?? .ioError)
        }
    }

    /// Cuts off what is behind a length.
    ///
    /// - Precondition: The output ``isSeekable``.
    mutating func truncate(to length: Int) throws(SinkError) {
        precondition(isSeekable && length <= byteCount)
        willRewrite()
        let status = cposix_truncate(descriptor.rawValue, Int64(length))
        guard status == 0 else { throw .failed(operation: "truncating", name: name, Errno(rawValue: status)) }
        byteCount = length
    }

    /// Moves everything from an offset on, so that other bytes can be written there; what is there until then is not specified.
    ///
    /// Where the file system can, blocks are inserted; else bytes are copied, the last first, in constant memory.
    ///
    /// - Precondition: The output ``isSeekable``.
    mutating func makeRoom(byteCount count: Int, at offset: Int) throws(SinkError) {
        precondition(isSeekable && (0...byteCount).contains(offset))
        willRewrite()
        if try insertBlocks(byteCount: count, at: offset) {
            byteCount += count
            return
        }
        var buffer = [UInt8](repeating: 0, count: min(1 << 22, byteCount - offset))
        var end = byteCount
        while end > offset {
            let length = min(buffer.count, end - offset)
            try read(&buffer, count: length, at: end - length)
            let bytes = unsafe buffer.span.bytes.extracting(first: length)
            var written = 0
            while written < length {
                written += try writeSome(bytes.extracting(droppingFirst: written), at: end - length + count + written)
            }
            end -= length
        }
        byteCount += count
    }

    /// Inserts blocks of the file system in front of the block that an offset is in. Returns whether it could.
    private mutating func insertBlocks(byteCount count: Int, at offset: Int) throws(SinkError) -> Bool {
        let block = 4096
        guard count > 0, count.isMultiple(of: block) else { return false }
        let start = offset / block * block
        let before = try bytes(in: start..<offset)
        guard cposix_insert_range(descriptor.rawValue, Int64(start), Int64(count)) == 0 else { return false }
        var written = 0
        while written < before.count {
            written += unsafe try writeSome(before.span.bytes.extracting(droppingFirst: written), at: start + written)
        }
        return true
    }

    private func read(_ buffer: inout [UInt8], count: Int, at offset: Int) throws(SinkError) {
        var done = 0
        while done < count {
            let some = try readSome(into: &buffer, done..<count, at: offset + done)
            // Another process has truncated our temporary file.
            guard some > 0 else { throw .failed(operation: "reading back", name: name, .ioError) }
            done += some
        }
    }

    private func readSome(into buffer: inout [UInt8], _ range: Range<Int>, at offset: Int) throws(SinkError) -> Int {
        do {
            return try unsafe buffer.withUnsafeMutableBytes { buffer in
                let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[range])
                return try unsafe descriptor.read(fromAbsoluteOffset: Int64(offset), into: part)
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
