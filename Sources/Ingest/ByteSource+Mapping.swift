internal import CPosix
internal import SystemPackage
internal import VideoTypes

/// How the bytes of regular files get to an encoder that takes them as they are.
public enum FileAccess: Hashable, Sendable {
    /// By `read(2)`, one copy.
    case read
    /// By mapping, no copy. If the file becomes shorter, the missing part reads as zeros, and is an error afterwards. For this
    /// the process gets a handler for SIGBUS, so it is for programs, not for libraries.
    case map
}

extension ByteSource {
    /// Lends the next bytes of a regular file where they are, instead of reading them.
    ///
    /// - Parameter count: The number of bytes, 1 or more.
    /// - Returns: `nil` if they cannot be mapped, do not exist, or are observed; then they can be read.
    mutating func map(_ count: Int) -> PlaneBuffer? {
        guard access == .map, let length, length - position >= count, !isInterrupted else { return nil }
        guard let buffer = mapping(of: count) else { return nil }
        position += count
        return buffer
    }

    /// Passes over bytes of a regular file without reading them; `false` if they have to be read.
    mutating func skip(_ count: Int) -> Bool {
        guard let length, !isObserved, length - position >= count else { return false }
        position += count
        return true
    }

    /// Throws if a regular file does not have the length any more that it had when it was opened.
    func checkUnchanged() throws(IngestError) {
        guard currentLength == length else { throw .changedLength(name: name) }
    }

    /// Throws if bytes were mapped that the file did not have any more when they were used.
    func checkNothingLost() throws(IngestError) {
        guard access != .map || !cposix_lost_mapped_bytes() else { throw .changedLength(name: name) }
    }
}
