internal import CPosix
internal import Sluice
internal import SystemPackage

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
package final class ClosingDescriptor: Sendable {
    /// Its number.
    package let value: Int32
    init(_ value: Int32) { self.value = value }
    deinit { try? FileDescriptor(rawValue: value).close() }
}

/// Both ends of a pipe, which no child has unless it is given them.
package struct Ends {
    /// Data written to the other end is read here.
    package let read: ClosingDescriptor
    /// Takes what the other end gives.
    package let write: ClosingDescriptor

    /// - Throws: Why the system gives none, `EMFILE` for one.
    package init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        let status = unsafe cposix_pipe(&ends)
        guard status == 0 else { throw Errno(rawValue: status) }
        (read, write) = (ClosingDescriptor(ends[0]), ClosingDescriptor(ends[1]))
    }
}

/// Waits until some of at most 16 descriptors can be read or have ended; those below 0 are passed over.
///
/// - Parameters:
///   - descriptors: The descriptors.
///   - milliseconds: How long to wait; without end if it is negative.
/// - Returns: A mask of them, from the lowest bit; 0 when the time is over.
package func waitForReadable(_ descriptors: [Int32], milliseconds: Int32) -> Int32 {
    unsafe cposix_wait_any_readable(descriptors, Int32(descriptors.count), milliseconds)
}
