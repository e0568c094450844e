internal import CPosix
public import SystemPackage
public import Threading

/// Where the bytes of an input come from: standard input, a pipe or a file. Every byte is counted.
///
/// Bytes are read with `read(2)` straight to where they are needed. A regular file is read the same way and not mapped:
/// that is as fast where each byte is copied once anyway, and a file that shrinks meanwhile is a short read instead of
/// a SIGBUS.
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
            case .path(let path): path.string
            }
        }
    }

    private let descriptor: FileDescriptor
    private let ownsDescriptor: Bool
    private let interrupt: Interrupt
    private let clock: StageClock
    private let observe: (@Sendable (RawSpan) -> Void)?
    private let isRegular: Bool
    /// Bytes that were read ahead to find out what this is.
    private var ahead: [UInt8] = []
    /// What messages call this input.
    public let name: String
    /// Bytes that have been given out.
    public private(set) var position = 0
    /// Bytes that a regular file had from the beginning on when it was opened; `nil` for everything else.
    public let length: Int?

    /// Opens an input.
    ///
    /// - Parameters:
    ///   - origin: What to open.
    ///   - interrupt: Ends reading early when it is triggered.
    ///   - clock: Counts the time that is spent waiting for bytes.
    ///   - observe: Sees all bytes, in order; for digests.
    public init(
        opening origin: Origin,
        interrupt: Interrupt,
        clock: StageClock,
        observe: (@Sendable (RawSpan) -> Void)? = nil
    ) throws(IngestError) {
        (name, self.interrupt, self.clock, self.observe) = (origin.name, interrupt, clock, observe)
        let (descriptor, owns) = try Self.open(origin)
        (self.descriptor, ownsDescriptor) = (descriptor, owns)
        var status = cposix_status()
        _ = unsafe cposix_status_of_descriptor(descriptor.rawValue, &status)
        isRegular = status.kind == CPOSIX_REGULAR
        // Standard input may have been read from already: what is left counts.
        let start = isRegular ? (try? descriptor.seek(offset: 0, from: .current)) ?? 0 : 0
        length = isRegular ? max(0, Int(status.size) - Int(start)) : nil
        if status.kind == CPOSIX_FIFO { _ = cposix_enlarge_pipe(descriptor.rawValue, 1 << 20) }
    }

    deinit { if ownsDescriptor { try? descriptor.close() } }

    private static func open(_ origin: Origin) throws(IngestError) -> (FileDescriptor, owns: Bool) {
        guard case .path(let path) = origin else { return (.standardInput, false) }
        var status = cposix_status()
        let error = unsafe path.withPlatformString { unsafe cposix_status_of_path($0, &status) }
        if error == 0, status.kind == CPOSIX_DIRECTORY { throw .isFolder(name: origin.name) }
        do {
            return (try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]), true)
        } catch {
            throw .cannotOpen(name: origin.name, error as? Errno ?? .ioError)
        }
    }

    /// The device and inode of what is open, by which an output can be recognized as the same file.
    public var identity: FileIdentity? { FileIdentity(of: descriptor) }

    /// Reading was asked to stop.
    public var isInterrupted: Bool { interrupt.isTriggered }

    /// Looks at the next bytes without giving them out; fewer than `count` only at the end.
    public mutating func peek(_ count: Int) throws(IngestError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count - ahead.count))
        var span = bytes.mutableSpan
        var target = unsafe span.mutableBytes
        let read = try fill(&target, 0..<target.byteCount, usingAhead: false)
        ahead += bytes.prefix(read)
        position -= read
        return Array(ahead.prefix(count))
    }

    /// Reads until `range` of `target` is full.
    ///
    /// - Returns: The bytes read: fewer than asked for at the end of the input, or when reading was interrupted.
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
            guard let count = try readSome(&target, filled..<range.upperBound) else { continue }
            if count == 0 { break }
            filled += count
        }
        position += filled - range.lowerBound
        return filled - range.lowerBound
    }

    /// One `read(2)`; `nil` if it has to be tried again, 0 at the end.
    private func readSome(_ target: inout MutableRawSpan, _ range: Range<Int>) throws(IngestError) -> Int? {
        do {
            if !isRegular {
                clock.measure(.waitingForInput) { interrupt.waitUntilReadable(descriptor) }
                if interrupt.isTriggered { return nil }
            }
            return try unsafe target.withUnsafeMutableBytes { bytes in
                try unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[range]))
            }
        } catch {
            let errno = error as? Errno ?? .ioError
            if errno == .resourceTemporarilyUnavailable { return nil }
            throw .readFailed(name: name, frame: 0, errno)
        }
    }
}

extension ByteSource {
    /// Reads a line and takes its line feed away.
    ///
    /// - Parameter limit: A longer line is an error.
    /// - Returns: `nil` at the end of the input, or when reading was interrupted before the first byte.
    public mutating func readLine(limit: Int) throws(IngestError) -> [UInt8]? {
        var line: [UInt8] = []
        while let byte = try readByte() {
            if byte == UInt8(ascii: "\n") { return line }
            line.append(byte)
            guard line.count <= limit else {
                throw .damagedHeader(name: name, reason: "a header line has more than \(limit) bytes")
            }
        }
        guard line.isEmpty || isInterrupted else {
            throw .damagedHeader(name: name, reason: "the input ends within a header line, after \(line.count) bytes")
        }
        return nil
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
