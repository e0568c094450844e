internal import CPosix
internal import Sluice

/// What a child writes, line by line.
struct Stream {
    enum Kind { case output, words, progress }

    let kind: Kind
    /// `nil` at its end.
    var descriptor: ClosingDescriptor?
    var lines = LineBuffer()

    init(_ kind: Kind, _ descriptor: ClosingDescriptor) { (self.kind, self.descriptor) = (kind, descriptor) }
}

/// A descriptor that is closed with its last owner.
final class ClosingDescriptor: Sendable {
    let value: Int32
    init(_ value: Int32) { self.value = value }
    deinit { try? FileDescriptor(rawValue: value).close() }
}

/// Both ends of a pipe, which no child has unless it is given them.
struct Ends {
    let read: ClosingDescriptor
    let write: ClosingDescriptor

    /// - Throws: Why the system gives none, `EMFILE` for one.
    init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        let status = unsafe cposix_pipe(&ends)
        guard status == 0 else { throw Errno(rawValue: status) }
        (read, write) = (ClosingDescriptor(ends[0]), ClosingDescriptor(ends[1]))
    }
}
