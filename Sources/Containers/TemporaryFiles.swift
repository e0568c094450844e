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

    private let opening = Monitor(0)

    /// No files.
    public init() {}

    /// An output is being opened that may have to wait for its reader: there is nothing yet that a signal could leave.
    public var isOpening: Bool { opening.withLock { $0 > 0 } }

    func whileOpening<Value, Failure: Error>(_ open: () throws(Failure) -> Value) throws(Failure) -> Value {
        opening.withLock { $0 += 1 }
        defer { opening.withLock { $0 -= 1 } }
        return try open()
    }

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
