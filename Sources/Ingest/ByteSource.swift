internal import CPosix
internal import Places
public import SystemPackage
public import Threading
internal import VideoTypes

/// Where the bytes of an input come from: standard input, a pipe or a file. Every byte is counted.
///
/// Bytes are read with `read(2)` straight to where they are needed. Those of a regular file can be mapped instead, if they do
/// not have to be changed.
///
/// Thread-safety: used by one thread at a time.
public struct ByteSource: ~Copyable, Sendable {
    /// What an input is called.
    public enum Origin: Hashable, Sendable {
        /// Standard input.
        case standardInput
        /// A file, a FIFO or a device.
        case path(FilePath)

        /// What messages call it.
        public var name: String {
            switch self {
            case .standardInput: "standard input"
            case .path(let path): path.shown
            }
        }

        /// ``name`` with the path as it is, for receipts.
        package var exactName: String {
            guard case .path(let path) = self else { return name }
            return path.spelled
        }
    }

    private let descriptor: FileDescriptor
    private let ownsDescriptor: Bool
    private let interrupt: Interrupt
    private let clock: StageClock
    /// How long a pipe may deliver nothing.
    private let timeout: Duration?
    private let observe: (@Sendable (RawSpan) -> Void)?
    let access: FileAccess
    private let isRegular: Bool
    /// Where a regular file's bytes begin for us: standard input may have been read from already.
    private let start: Int
    /// Bytes that were read ahead to find out what this is.
    private var ahead: [UInt8] = []
    /// What messages call this input.
    public let name: String
    /// Bytes that have been given out.
    public internal(set) var position = 0
    /// Bytes that a regular file had from the beginning on when it was opened; `nil` for everything else.
    public let length: Int?

    /// Opens an input.
    ///
    /// - Parameters:
    ///   - origin: What to open.
    ///   - interrupt: Ends reading early when it is triggered.
    ///   - clock: Counts the time that is spent waiting for bytes.
    ///   - access: How regular files are read. With an observer, files are not mapped.
    ///   - timeout: How long to wait for the next byte of what is not a regular file: a producer that stalls is an error
    ///     then, ``IngestError/timedOut(name:frame:after:)``. `nil`, the default, waits without end.
    ///   - observe: Sees all bytes, in order; for digests.
    public init(
        opening origin: Origin,
        access: FileAccess = .read,
        interrupt: Interrupt,
        clock: StageClock,
        timeout: Duration? = nil,
        observe: (@Sendable (RawSpan) -> Void)? = nil
    ) throws(IngestError) {
        let (descriptor, owns) = try Self.open(origin)
        var status = cposix_status()
        _ = unsafe cposix_status_of_descriptor(descriptor.rawValue, &status)
        guard status.kind != CPOSIX_DIRECTORY else {
            if owns { try? descriptor.close() }
            throw .isFolder(name: origin.name)
        }
        (name, self.interrupt, self.clock, self.observe) = (origin.name, interrupt, clock, observe)
        (self.descriptor, ownsDescriptor, self.timeout) = (descriptor, owns, timeout)
        self.access = observe == nil ? access : .read
        if self.access == .map { cposix_guard_mappings() }
        isRegular = status.kind == CPOSIX_REGULAR
        start = isRegular ? (try? descriptor.seek(offset: 0, from: .current)).map(Int.init) ?? 0 : 0
        length = isRegular ? max(0, Int(status.size) - start) : nil
        if status.kind == CPOSIX_FIFO { _ = cposix_enlarge_pipe(descriptor.rawValue, 1 << 20) }
    }

    /// The same regular file with its own position: for several threads that read parts of it, even if its name now leads to
    /// another file.
    ///
    /// - Parameters:
    ///   - other: The file.
    ///   - position: Bytes from the beginning.
    ///   - observe: Gets all bytes, in order. The default is `nil`.
    public init(
        reading other: borrowing ByteSource,
        from position: Int,
        observe: (@Sendable (RawSpan) -> Void)? = nil
    ) throws(IngestError) {
        precondition(other.isRegular && position >= 0, "only regular files can be read at an offset")
        do {
            descriptor = try other.descriptor.duplicate()
        } catch {
            throw .cannotOpen(name: other.name, error as? Errno ?? .ioError)
        }
        self.observe = observe
        (ownsDescriptor, interrupt, clock, timeout) = (true, other.interrupt, other.clock, nil)
        (access, isRegular, start) = (observe == nil ? other.access : .read, true, other.start)
        (name, self.position, length) = (other.name, position, other.length)
    }

    deinit { if ownsDescriptor { try? descriptor.close() } }

    private static func open(_ origin: Origin) throws(IngestError) -> (FileDescriptor, owns: Bool) {
        guard case .path(let path) = origin else { return (.standardInput, false) }
        do {
            // A FIFO without a writer is waited for later, where an interrupt can end that; see readSome.
            return (try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking]), true)
        } catch {
            throw .cannotOpen(name: origin.name, error as? Errno ?? .ioError)
        }
    }

    /// The device and inode of what is open, by which an output can be recognized as the same file.
    public var identity: FileIdentity? { FileIdentity(of: descriptor) }

    /// Whether an observer gets each byte.
    var isObserved: Bool { observe != nil }

    /// The bytes that a regular file has now; `nil` for everything else.
    var currentLength: Int? {
        guard isRegular else { return nil }
        var status = cposix_status()
        guard unsafe cposix_status_of_descriptor(descriptor.rawValue, &status) == 0 else { return nil }
        return max(0, Int(status.size) - start)
    }

    /// Maps the next bytes.
    func mapping(of count: Int) -> PlaneBuffer? {
        var mapping = unsafe cposix_mapping()
        let status = unsafe cposix_map(descriptor.rawValue, Int64(start + position), count, &mapping)
        guard status == 0, let base = unsafe mapping.base else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: mapping.bytes, count: count)
        let (address, length) = unsafe (UInt(bitPattern: base), mapping.mapped)
        // SAFETY: the buffer is the mapping's only owner, and calls this once.
        return unsafe PlaneBuffer(readingFrom: bytes) {
            guard let base = unsafe UnsafeMutableRawPointer(bitPattern: address) else { return }
            unsafe cposix_unmap(base, length)
        }
    }

    /// Reading was asked to stop.
    public var isInterrupted: Bool { interrupt.isTriggered }

    /// Looks at the next bytes without giving them out; fewer than `count` only at the end.
    public mutating func peek(_ count: Int) throws(IngestError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count - ahead.count))
        var span = bytes.mutableSpan
        var target = unsafe span.mutableBytes
        let read = try fill(&target, 0..<target.byteCount, usingAhead: false)
        position -= read
        // What comes from a file can be read again.
        guard !isRegular else { return Array(bytes.prefix(read)) }
        ahead += bytes.prefix(read)
        return Array(ahead.prefix(count))
    }

    /// The next bytes, fewer than `count` only at the end of the input or when reading was interrupted.
    public mutating func readBytes(upTo count: Int) throws(IngestError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        var target = unsafe span.mutableBytes
        let filled = try read(into: &target, 0..<count)
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Some of the next bytes: those that are there, once there are any. None at the end of the input, or when reading was
    /// interrupted.
    public mutating func readSome(into target: inout MutableRawSpan) throws(IngestError) -> Int {
        guard target.byteCount > 0 else { return 0 }
        guard ahead.isEmpty else { return try read(into: &target, 0..<min(ahead.count, target.byteCount)) }
        while !interrupt.isTriggered {
            guard let count = try readSome(&target, 0..<target.byteCount, at: position) else { continue }
            position += count
            if let observe, count > 0 { observe(target.bytes.extracting(0..<count)) }
            return count
        }
        return 0
    }

    /// Moves to a position in a regular file. It may be after the end, where reads return no bytes.
    public mutating func seek(to position: Int) {
        precondition(isRegular && position >= 0, "only regular files can be read at an offset")
        self.position = position
    }

    /// Reads until `range` of `target` is full.
    ///
    /// - Returns: The bytes read: fewer than requested at the end of the input, or when reading was interrupted.
    public mutating func read(into target: inout MutableRawSpan, _ range: Range<Int>) throws(IngestError) -> Int {
        let count = try fill(&target, range, usingAhead: true)
        if let observe, count > 0 {
            observe(target.bytes.extracting(range.lowerBound..<(range.lowerBound + count)))
        }
        return count
    }

    private mutating func fill(
        _ target: inout MutableRawSpan,
        _ range: Range<Int>,
        usingAhead: Bool
    ) throws(IngestError) -> Int {
        var filled = range.lowerBound
        if usingAhead, !ahead.isEmpty {
            for byte in ahead.prefix(range.count) {
                target.storeBytes(of: byte, toByteOffset: filled, as: UInt8.self)
                filled += 1
            }
            ahead.removeFirst(filled - range.lowerBound)
        }
        while filled < range.upperBound, !interrupt.isTriggered {
            let next = filled..<range.upperBound
            guard let count = try readSome(&target, next, at: position + filled - range.lowerBound) else { continue }
            if count == 0 { break }
            filled += count
        }
        position += filled - range.lowerBound
        return filled - range.lowerBound
    }

    /// One `read(2)`; `nil` if it has to be tried again, 0 at the end.
    private func readSome(
        _ target: inout MutableRawSpan,
        _ range: Range<Int>,
        at position: Int
    ) throws(IngestError) -> Int? {
        if !isRegular {
            try waitForBytes()
            if interrupt.isTriggered { return nil }
        }
        do {
            return try unsafe target.withUnsafeMutableBytes { bytes in
                let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[range])
                guard isRegular else { return try unsafe descriptor.read(into: piece) }
                return try unsafe descriptor.read(fromAbsoluteOffset: Int64(start + position), into: piece)
            }
        } catch {
            let errno = error as? Errno ?? .ioError
            if errno == .resourceTemporarilyUnavailable { return nil }
            throw .readFailed(name: name, frame: 0, errno)
        }
    }

    private func waitForBytes() throws(IngestError) {
        let isReady = clock.measure(.waitingForInput) { interrupt.waitUntilReadable(descriptor, atMost: timeout) }
        if !isReady, let timeout { throw .timedOut(name: name, frame: nil, after: timeout) }
    }
}

extension ByteSource {
    /// The result of reading a line.
    public enum Line: Hashable, Sendable {
        /// A line, without its line feed.
        case complete([UInt8])
        /// The input ends, or reading was interrupted, this many bytes into the line.
        case end(bytes: Int)
    }

    /// Reads a line.
    ///
    /// - Parameter limit: A longer line is an error.
    public mutating func readLine(limit: Int) throws(IngestError) -> Line {
        var line: [UInt8] = []
        while let byte = try readByte() {
            if byte == UInt8(ascii: "\n") { return .complete(line) }
            line.append(byte)
            guard line.count <= limit else {
                throw .damagedHeader(name: name, reason: "a header line has more than \(limit) bytes")
            }
        }
        return .end(bytes: line.count)
    }

    private mutating func readByte() throws(IngestError) -> UInt8? {
        var byte: UInt8 = 0
        let count = unsafe try withUnsafeMutableBytes(of: &byte) { bytes throws(IngestError) in
            var span = unsafe bytes.mutableBytes
            return try read(into: &span, 0..<1)
        }
        return count == 1 ? byte : nil
    }
}
