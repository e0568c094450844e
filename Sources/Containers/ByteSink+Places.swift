internal import CPosix
internal import Places
package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

// What is at an output's path already, and whether that allows to open it.
extension ByteSink {
    /// Throws the error that opening the output would throw because of existing files, without opening it.
    ///
    /// - Parameters:
    ///   - destination: What would be opened.
    ///   - overwrite: Whether an existing file may be replaced.
    package static func checkAvailable(_ destination: Destination, overwrite: Bool) throws(SinkError) {
        try checkAvailable(destination, OutputLookup(), overwrite: overwrite)
    }

    /// The same for a name that is looked up in a way of its own.
    package static func checkAvailable(
        _ destination: Destination,
        _ lookup: OutputLookup,
        overwrite: Bool
    ) throws(SinkError) {
        guard case .path(let path) = destination else { return }
        guard path.lastComponent?.kind == .regular else {
            throw .isNoFile(path, reason: "it is a folder, but an output must be a file")
        }
        switch kind(of: path) {
        case nil where lookup.followsLink && isDanglingLink(path): throw .leadsNowhere(path)
        case CPOSIX_DIRECTORY?: throw .cannotCreate(path, .isDirectory)
        default: break
        }
        let place = try lookup.place(of: path)
        // What /proc and /dev/fd have for an open pipe is not a name in a folder.
        if lookup.isSide, place.entry != nil, kind(of: path) == CPOSIX_FIFO { throw .notRegular(path) }
        guard !lookup.isInPlace(path) else {
            guard place.entry?.isForeign != true else { throw .foreignPipe(path) }
            return
        }
        guard !place.folder.isOfKernel else {
            throw .isNoFile(path, reason: "it is in a kernel file system, which does not store files")
        }
        guard let entry = place.entry else { return }
        guard entry.isRegular else { throw .cannotCreate(path, .fileExists) }
        guard overwrite else { throw .exists(path) }
        guard !entry.isFixed else { throw .fixed(path) }
    }

    private static func isDanglingLink(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe cposix_exists($0) }
    }

    /// Where ``publish(suffix:)`` puts what there is so far of a file, by its suffix `.partial`; `nil` where bytes are written in
    /// place.
    package static func partialFile(of path: FilePath) -> FilePath? {
        guard isFileOrNothing(path) else { return nil }
        return SideFiles.path(resolved(path), suffix: ".partial")
    }

    /// The regular file that a path leads to; `nil` without one.
    package static func regularFile(at path: FilePath) -> FilePath? {
        kind(of: path) == CPOSIX_REGULAR ? resolved(path) : nil
    }

    /// A path leads to a regular file, or does not exist.
    package static func isFileOrNothing(_ path: FilePath) -> Bool {
        let kind = kind(of: path)
        return kind == nil || kind == CPOSIX_REGULAR
    }

    private static func resolved(_ path: FilePath) -> FilePath {
        guard let real = unsafe path.withPlatformString({ unsafe cposix_resolve($0) }) else { return path }
        defer { unsafe free(real) }
        return unsafe FilePath(platformString: real)
    }

    /// The standard stream that a path such as `/dev/fd/1` means, if the output of that descriptor is redirected.
    package static func movedStream(at path: FilePath) -> FileDescriptor? {
        let number = unsafe path.withPlatformString { unsafe cposix_moved_stream($0) }
        return number < 0 ? nil : FileDescriptor(rawValue: number)
    }

    static func kind(of path: FilePath) -> cposix_kind? {
        var status = cposix_status()
        let error = unsafe path.withPlatformString { unsafe cposix_status_of_path($0, &status) }
        return error == 0 ? status.kind : nil
    }
}
