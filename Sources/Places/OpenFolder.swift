internal import CPosix
package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An open folder: operations in it use the same folder even if its path changes.
///
/// Thread-safety: all methods may be called from any thread.
package final class OpenFolder: Sendable {
    /// The folder's descriptor, which is closed with its last owner.
    package let descriptor: FileDescriptor

    /// Takes over a descriptor of a folder.
    package init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { try? descriptor.close() }

    /// Opens a folder by its path, links followed as those on the way to an output are.
    package convenience init(_ path: FilePath, in root: OpenFolder? = nil) throws(PlaceError) {
        // A name that does not exist: only its folder is needed.
        let place = try NamedPlace(path.appending("x"), in: root, followsLink: false)
        self.init(try place.folder.copy())
    }

    /// Opens a folder by its path; makes missing folders.
    package static func making(_ path: FilePath, in root: OpenFolder? = nil) throws(PlaceError) -> OpenFolder {
        do throws(PlaceError) {
            return try OpenFolder(path, in: root)
        } catch .system(.noSuchFileOrDirectory) {
            let above = path.removingLastComponent()
            if !above.isEmpty { _ = try making(above, in: root) }
            let place = try NamedPlace(path, in: root)
            do throws(Errno) { return try place.makeFolder() } catch { throw .system(error) }
        }
    }

    private func copy() throws(PlaceError) -> FileDescriptor {
        do { return try descriptor.duplicate() } catch { throw .system(error as? Errno ?? .ioError) }
    }

    /// The names in the folder; none if it cannot be read.
    package var names: [FileName] { (try? list()) ?? [] }

    /// The names in the folder.
    package func list() throws(Errno) -> [FileName] {
        var length: Int64 = 0
        guard let list = unsafe cposix_list_folder(descriptor.rawValue, &length) else {
            throw Errno(rawValue: CInt(clamping: -length))
        }
        defer { unsafe free(list) }
        // SAFETY: the list has `length` characters, and is copied.
        let characters = unsafe UnsafeBufferPointer(start: list, count: Int(length)).map { UInt8(bitPattern: $0) }
        return characters.split(separator: 0).map { FileName($0) }
    }

    /// The folder is a virtual one of the kernel, such as those below `/proc` and `/sys`: files cannot be created there.
    package var isOfKernel: Bool { cposix_is_of_kernel(descriptor.rawValue) }

    /// Syncs the folder, so that a name in it is permanent. A folder without read permission cannot be synced; its files are
    /// synced anyway.
    package func sync() -> Errno? {
        let status = cposix_sync(descriptor.rawValue)
        return [0, EBADF, EACCES].contains(status) ? nil : Errno(rawValue: status)
    }
}

/// Why a place cannot be used.
package enum PlaceError: Error, Hashable {
    /// A link on the way belongs to another user, in a folder where everybody may put one.
    case foreignLink
    /// The path leaves the folder that it has to stay in.
    case outside
    /// Another error of the system.
    case system(Errno)

    init(_ status: CInt) {
        switch status {
        case CInt(CPOSIX_FOREIGN_LINK): self = .foreignLink
        case EXDEV: self = .outside
        default: self = .system(Errno(rawValue: status))
        }
    }
}
