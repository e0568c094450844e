internal import CPosix
internal import EncoderCore
internal import LibAV
public import Logging
internal import SystemPackage
internal import Threading

/// Keeps the output of codec libraries out of standard output and standard error, and passes it to a logger.
///
/// Libraries print warnings to descriptors 1 and 2, where a program has its data and its own messages. While one of these
/// lives, both descriptors are pipes that a thread reads, and standard output and standard error have other numbers, which
/// ``Containers/ByteSink/Destination/standardOutput`` and everything else in this package use. Lines that come are logged as
/// warnings, each different one once; repetitions, and those after ``lineLimit`` lines, are counted. Reading does not depend
/// on the logger's reader, so that no library waits for anybody.
///
/// The library does this only where its user asks for it: it changes the process's descriptors. Create it before the first
/// call of an encoder or a decoder; a process can have it once.
///
/// Thread-safety: created and ended by one thread.
@safe
public final class LibraryOutput: Sendable {
    /// Different lines that are logged, at most.
    public static let lineLimit = 50
    /// Bytes of a line that are logged, at most.
    public static let lineLength = 500

    /// The descriptors cannot be moved.
    public struct Refused: Error, CustomStringConvertible {
        /// What the system reports.
        public let description: String

        fileprivate init(_ status: Int32) { description = "\(Errno(rawValue: status))" }
    }

    private let readers: [Int32]
    private let wake: (read: Int32, write: Int32)
    private let thread = Monitor<WorkerThread?>(nil)

    /// Who has asked what the last error was, and what it was.
    private struct Questions {
        var asked = 0
        var answered = 0
        var error: String?
        var isOver = false
    }
    private let questions = Monitor(Questions())
    private static let (end, question): (UInt8, UInt8) = (0, 1)

    /// Moves the two descriptors. What is printed waits in pipes until ``log(to:)``.
    ///
    /// - Throws: ``Refused`` where the system gives no pipe, or the process has one of these already.
    public init() throws(Refused) {
        var ends: [Int32] = [-1, -1]
        var readers: [Int32] = [-1, -1]
        var status = unsafe cposix_pipe(&ends)
        guard status == 0 else { throw Refused(status) }
        status = unsafe cposix_move_standard_streams(&readers)
        guard status == 0 else {
            for end in ends { try? FileDescriptor(rawValue: end).close() }
            throw Refused(status)
        }
        (self.readers, wake) = (readers, (ends[0], ends[1]))
        for reader in readers { _ = cposix_enlarge_pipe(reader, 1 << 20) }
    }

    /// Starts to log what libraries print, on a thread of its own. Once.
    ///
    /// - Parameter logger: Must not wait, and must not write to the descriptors 1 and 2.
    public func log(to logger: Logger) {
        let lines = PrintedLines(logger)
        // Without a thread the pipes fill up, and what does not fit is lost: a library would wait for room.
        var started = try? WorkerThread(name: "sluice-prints") { [self] in drain(into: lines) }
        if started == nil { cposix_end_library_output() } else { LibraryWords.read { [self] in takeError() } }
        thread.withLock { $0 = started.take() }
    }

    /// Logs what is left, and gives descriptor 2 back to standard error. Descriptor 1 stays away from the output.
    public func finish() {
        LibraryWords.read(nil)
        cposix_end_library_output()
        signal(Self.end)
        if let thread = thread.withLock({ $0.take() }) { thread.join() }
    }

    private func signal(_ reason: UInt8) { _ = try? FileDescriptor(rawValue: wake.write).writeAll([reason]) }

    /// The last error that was printed since the last call: everything is read first that is there.
    private func takeError() -> String? {
        let number = questions.withLock { questions in
            questions.asked += 1
            return questions.asked
        }
        signal(Self.question)
        _ = questions.wait(atMost: .seconds(1)) { $0.answered >= number || $0.isOver }
        return questions.withLock { $0.error.take() }
    }

    private func drain(into lines: PrintedLines) {
        var lines = lines
        let descriptors = readers + [wake.read]
        var isLast = false
        while !isLast {
            let mask = unsafe cposix_wait_any_readable(descriptors, Int32(descriptors.count), -1)
            let reasons = mask & 4 != 0 ? bytes(of: wake.read) : []
            isLast = reasons.contains(Self.end)
            for number in readers.indices { read(number, into: &lines) }
            answer(reasons.count(where: { $0 == Self.question }), lines.error.take(), isLast)
        }
        lines.finish()
    }

    private func answer(_ count: Int, _ error: String?, _ isLast: Bool) {
        questions.withLock { questions in
            questions.answered += count
            questions.error = error ?? questions.error
            questions.isOver = isLast
        }
    }

    /// What can be read at once.
    private func bytes(of descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = try? unsafe bytes.withUnsafeMutableBytes { bytes in
            try unsafe FileDescriptor(rawValue: descriptor).read(into: bytes)
        }
        return Array(bytes.prefix(count ?? 0))
    }

    /// Everything that is there.
    private func read(_ number: Int, into lines: inout PrintedLines) {
        while true {
            let bytes = number == 0 ? bytes(of: readers[0]) : errors()
            guard !bytes.isEmpty else { return }
            lines.take(bytes[...], from: number)
        }
    }

    /// What can be read of the errors at once. It is kept for a fault that ends the process before it is logged.
    private func errors() -> [UInt8] {
        var bytes: UnsafePointer<CChar>?
        let count = unsafe cposix_read_library_errors(readers[1], &bytes)
        guard count > 0, let bytes = unsafe bytes else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    deinit {
        for end in readers + [wake.read, wake.write] { try? FileDescriptor(rawValue: end).close() }
    }
}
