internal import CPosix
internal import SystemPackage
internal import Threading

/// Files that get their names together, or not at all: as long as it is not sure that each of them gets its own, those that
/// have theirs can lose them again, and what stood there before comes back.
///
/// On a file system that cannot exchange two names, what was replaced cannot come back; the new file, which is whole, stays.
///
/// Thread-safety: all methods may be called from any thread.
public final class Publication: Sendable {
    private struct File {
        let path: FilePath
        let before: Before
    }

    /// What stood at a name.
    private enum Before {
        case nothing
        /// It is kept under the name that the new file had.
        case kept(FilePath)
        case lost
    }

    private let files = Monitor<[File]>([])
    private let temporaries: TemporaryFiles

    /// - Parameter temporaries: Learns of the files that wait for what becomes of this.
    public init(_ temporaries: TemporaryFiles) { self.temporaries = temporaries }

    /// Gives a file its name, and has that last.
    func place(_ temporary: FilePath, at path: FilePath, replacing: Bool) throws(PublicationError) {
        let before = try replacing ? Self.replace(temporary, path) : Self.name(temporary, path)
        if case .kept = before {} else { temporaries.forget(temporary) }
        files.withLock { $0.append(File(path: path, before: before)) }
        let folder = path.removingLastComponent()
        let status = unsafe (folder.isEmpty ? "." : folder).withPlatformString { unsafe cposix_sync_directory($0) }
        // The file is whole and has its name; a folder that may not be opened to be synced takes nothing from that.
        guard status == 0 || status == Errno.permissionDenied.rawValue else {
            throw PublicationError(operation: "syncing the folder of", status: status)
        }
    }

    /// All files have their names: what they replaced goes.
    public func keep() {
        for case .kept(let former) in takeAll().map(\.before) { remove(former) }
    }

    /// Takes the names away again.
    public func withdraw() {
        for file in takeAll().reversed() {
            switch file.before {
            case .nothing: TemporaryFiles.unlink(file.path)
            case .kept(let former):
                _ = unsafe Self.call(former, file.path) { unsafe cposix_rename($0, $1) }
                temporaries.forget(former)
            case .lost: continue
            }
        }
    }

    private func takeAll() -> [File] {
        files.withLock { files in
            defer { files = [] }
            return files
        }
    }

    private func remove(_ former: FilePath) {
        TemporaryFiles.unlink(former)
        temporaries.forget(former)
    }

    private static func name(_ temporary: FilePath, _ path: FilePath) throws(PublicationError) -> Before {
        let status = unsafe call(temporary, path) { unsafe cposix_rename_exclusively($0, $1) }
        guard status == 0 else { throw PublicationError(operation: "renaming", status: status) }
        return .nothing
    }

    private static func replace(_ temporary: FilePath, _ path: FilePath) throws(PublicationError) -> Before {
        let existed = unsafe path.withPlatformString { unsafe cposix_exists($0) }
        guard existed else { return try renamed(temporary, path, before: .nothing) }
        let status = unsafe call(temporary, path) { unsafe cposix_exchange($0, $1) }
        switch Errno(rawValue: status) {
        case _ where status == 0:
            // A folder or a FIFO can be exchanged, but is not to be replaced.
            guard ByteSink.isFileOrNothing(temporary) else {
                _ = unsafe call(temporary, path) { unsafe cposix_exchange($0, $1) }
                throw PublicationError(operation: "renaming", status: Errno.fileExists.rawValue)
            }
            return .kept(temporary)
        case .invalidArgument, .noFunction, .notSupported, .noSuchFileOrDirectory:
            return try renamed(temporary, path, before: .lost)
        default: throw PublicationError(operation: "renaming", status: status)
        }
    }

    private static func renamed(
        _ temporary: FilePath,
        _ path: FilePath,
        before: Before
    ) throws(PublicationError) -> Before {
        let status = unsafe call(temporary, path) { unsafe cposix_rename($0, $1) }
        guard status == 0 else { throw PublicationError(operation: "renaming", status: status) }
        return before
    }

    private static func call(
        _ from: FilePath,
        _ to: FilePath,
        _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> CInt
    ) -> CInt {
        unsafe from.withPlatformString { from in unsafe to.withPlatformString { to in unsafe body(from, to) } }
    }
}

/// Which step failed, with its errno value.
struct PublicationError: Error {
    let operation: String
    let status: CInt
}
