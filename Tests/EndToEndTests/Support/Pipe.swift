import Foundation

/// A pipe that no other child inherits; what is still open is closed with its owner.
final class Pipe {
    private(set) var readEnd: Int32
    private(set) var writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        // Between these calls no child may be started; Glibc's `pipe2` is hidden from Swift.
        let status = ChildProcess.spawning.withLock { _ in
            let status = pipe(&ends)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return status
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
        guard status == 0 else { throw TestFailure("no pipe") }
    }

    func closeReadEnd() {
        if readEnd >= 0 { close(readEnd) }
        readEnd = -1
    }

    func closeWriteEnd() {
        if writeEnd >= 0 { close(writeEnd) }
        writeEnd = -1
    }

    deinit {
        closeReadEnd()
        closeWriteEnd()
    }

    /// Writes until everything is written, or until the reader has read nothing for `patience` seconds.
    ///
    /// - Returns: How many bytes went in.
    @discardableResult
    func write(_ bytes: [UInt8], patience: Double = 20) -> Int {
        _ = fcntl(writeEnd, F_SETFL, O_NONBLOCK)
        var written = 0
        while written < bytes.count, wait(writeEnd, POLLOUT, patience) {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(writeEnd, $0.baseAddress, $0.count) }
            if count < 0, errno != EAGAIN { break }
            written += max(0, count)
        }
        return written
    }

    /// Reads until `count` bytes have arrived, until the end, or until nothing has arrived for `patience` seconds.
    func read(atLeast count: Int = .max, patience: Double = 20) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while all.count < count, wait(readEnd, POLLIN, patience) {
            let size = Glibc.read(readEnd, &piece, piece.count)
            if size <= 0 { break }
            all += piece.prefix(size)
        }
        return all
    }

    private func wait(_ descriptor: Int32, _ events: Int32, _ seconds: Double) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&request, 1, Int32(seconds * 1000)) > 0
    }
}
