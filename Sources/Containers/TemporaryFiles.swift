public import SystemPackage
internal import Threading

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The files of a run that do not have their names yet, so that a run that is cut short can remove them.
///
/// Thread-safety: all methods may be called from any thread.
public final class TemporaryFiles: Sendable {
    private let paths = Monitor<Set<FilePath>>([])

    private let opening = Monitor(Opening())

    private struct Opening {
        var count = 0
        var isInterrupted = false
    }

    /// No files.
    public init() {}

    /// A signal has come. From here on no output is waited for that nobody reads yet.
    ///
    /// - Returns: Whether one is waited for at this moment: then there is nothing yet that a signal could leave.
    public func interrupt() -> Bool {
        opening.withLock { opening in
            opening.isInterrupted = true
            return opening.count > 0
        }
    }

    /// - Returns: Whether to wait for a reader; no if a signal has come.
    func beginOpening() -> Bool {
        opening.withLock { opening in
            if !opening.isInterrupted { opening.count += 1 }
            return !opening.isInterrupted
        }
    }

    func endOpening() { opening.withLock { $0.count -= 1 } }

    func add(_ path: FilePath) { paths.withLock { _ = $0.insert(path) } }

    func forget(_ path: FilePath) { paths.withLock { _ = $0.remove(path) } }

    /// Removes every file that is left. What cannot be removed stays; there is nobody left to tell.
    public func removeAll() {
        let left = paths.withLock { paths in
            defer { paths = [] }
            return paths
        }
        for path in left { Self.unlink(path) }
    }

    /// Removes a file, if it is there and may be removed.
    public static func unlink(_ path: FilePath) {
        _ = unsafe path.withPlatformString { name in unsafe removeFile(name) }
    }
}

private func removeFile(_ name: UnsafePointer<CChar>) -> CInt { unsafe unlink(name) }
