internal import Sluice
internal import Threading

/// What names of files lead to: two names of one file have the same key, whatever links there are on the way, and even if the
/// file and its folder are not there yet. Each name, and each folder, is looked up once.
///
/// Thread-safety: all methods may be called from any thread.
final class FileKeys: Sendable {
    private let known = Monitor<[FilePath: FilePath]>([:])

    func key(_ file: BatchJob.File) -> FilePath { key(file.path) }

    private func key(_ path: FilePath) -> FilePath {
        if let found = known.withLock({ $0[path] }) { return found }
        let key = find(path)
        known.withLock { $0[path] = key }
        return key
    }

    private func find(_ path: FilePath) -> FilePath {
        if let real = PathRules.resolved(path) { return real }
        guard let name = path.lastComponent else { return path }
        return key(path.removingLastComponent()).appending(name)
    }
}
