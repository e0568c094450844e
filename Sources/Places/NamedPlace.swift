internal import CPosix
package import SystemPackage

/// A name in an open folder.
///
/// Thread-safety: a value; its methods are single calls of the system.
package struct NamedPlace: Sendable {
    /// The folder.
    package let folder: OpenFolder
    /// The name.
    package let name: FileName

    /// A name in a folder.
    package init(_ name: FileName, in folder: OpenFolder) { (self.name, self.folder) = (name, folder) }

    /// The place that a path leads to, once all links are followed.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - root: The folder that a relative path begins in and must not leave. `nil`, the default, is the working folder, and any
    ///     place will do.
    ///   - followsLink: Whether a link with the last name is followed; if not, the place is the link's.
    package init(_ path: FilePath, in root: OpenFolder? = nil, followsLink: Bool = true) throws(PlaceError) {
        var place = cposix_place()
        let status = unsafe path.withPlatformString {
            unsafe cposix_find_place(root?.descriptor.rawValue ?? -1, $0, followsLink, &place)
        }
        guard status == 0 else { throw PlaceError(status) }
        folder = OpenFolder(FileDescriptor(rawValue: place.folder))
        // SAFETY: the array is read as the bytes that it is, up to its NUL.
        name = unsafe withUnsafeBytes(of: &place.name) { unsafe FileName($0) }
    }

    /// Another name in the same folder.
    package func sibling(_ name: FileName) -> NamedPlace { NamedPlace(name, in: folder) }

    /// The file with this name, links not followed; `nil` if it does not exist.
    package var entry: FileEntry? {
        var entry = cposix_entry()
        let status = unsafe name.withCString { unsafe cposix_entry_at(folder.descriptor.rawValue, $0, &entry) }
        return status == 0 ? FileEntry(entry) : nil
    }

    /// Opens the file for reading, without waiting and without following a link, if it is a regular file.
    ///
    /// - Parameter writes: It is opened for writing as well.
    package func openRegular(writes: Bool = false) -> (descriptor: FileDescriptor, entry: FileEntry)? {
        let descriptor = unsafe name.withCString { unsafe cposix_open_at(folder.descriptor.rawValue, $0, writes) }
        guard descriptor >= 0 else { return nil }
        let file = FileDescriptor(rawValue: descriptor)
        if let entry = FileEntry(of: file), entry.isRegular { return (file, entry) }
        try? file.close()
        return nil
    }

    /// Opens a new file with the name.
    ///
    /// - Parameter asFolderSays: Its permissions are those that the folder's default ACL gives, if it has one.
    package func create(asFolderSays: Bool = false) throws(Errno) -> FileDescriptor {
        let result = unsafe name.withCString {
            unsafe cposix_create_at(folder.descriptor.rawValue, $0, asFolderSays)
        }
        guard result >= 0 else { throw Errno(rawValue: -result) }
        return FileDescriptor(rawValue: result)
    }

    /// Links a file without a name to this one, which must not exist. The errno value; 0 is success.
    package func link(_ file: FileDescriptor) -> CInt {
        unsafe name.withCString { unsafe cposix_link_unnamed(file.rawValue, folder.descriptor.rawValue, $0) }
    }

    /// Renames the file within its folder, to a name that does not exist. The errno value; 0 is success.
    package func renameExclusively(to other: FileName) -> CInt {
        unsafe with(other) { unsafe cposix_rename_exclusively_at(folder.descriptor.rawValue, $0, $1) }
    }

    /// Renames the file within its folder. The errno value; 0 is success.
    package func rename(to other: FileName) -> CInt {
        unsafe with(other) { unsafe cposix_rename_at(folder.descriptor.rawValue, $0, $1) }
    }

    /// Exchanges the files of two names. The errno value; 0 is success.
    package func exchange(with other: FileName) -> CInt {
        unsafe with(other) { unsafe cposix_exchange_at(folder.descriptor.rawValue, $0, $1) }
    }

    /// Removes a file or a link, if it is there and may be removed.
    package func unlink() { _ = unsafe name.withCString { unsafe cposix_unlink_at(folder.descriptor.rawValue, $0) } }

    /// Removes what has a path, not what a link there leads to.
    package static func unlink(_ path: FilePath) { try? NamedPlace(path, followsLink: false).unlink() }

    /// The bytes of the file, if it is a regular file of this user with at most this number.
    package func ownContents(limit: Int) -> [UInt8]? {
        guard let (file, entry) = openRegular() else { return nil }
        defer { try? file.close() }
        return entry.isOurs && entry.size <= limit ? file.contents(limit: limit) : nil
    }

    /// Makes a folder with the name, if it does not exist, and opens it; a link is not followed.
    package func makeFolder() throws(Errno) -> OpenFolder {
        let made = unsafe name.withCString { unsafe cposix_make_folder_at(folder.descriptor.rawValue, $0) }
        guard made == 0 else { throw Errno(rawValue: made) }
        let opened = unsafe name.withCString { unsafe cposix_open_folder_at(folder.descriptor.rawValue, $0) }
        guard opened >= 0 else { throw Errno(rawValue: -opened) }
        return OpenFolder(FileDescriptor(rawValue: opened))
    }

    private func with(_ other: FileName, _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> CInt) -> CInt {
        unsafe name.withCString { from in unsafe other.withCString { to in unsafe body(from, to) } }
    }
}

extension NamedPlace: Hashable {
    package static func == (first: NamedPlace, second: NamedPlace) -> Bool {
        first.folder === second.folder && first.name == second.name
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(folder))
        hasher.combine(name)
    }
}

/// What is known of a file without reading it.
package struct FileEntry: Hashable, Sendable {
    /// It is a regular file.
    package let isRegular: Bool
    /// It is a symbolic link.
    package let isLink: Bool
    /// This process' user owns it.
    package let isOurs: Bool
    /// Another user owns it, in a folder with the sticky bit that others may write; false for an open file.
    package let isForeign: Bool
    /// No file can be renamed to its name: it is mounted there, or its attributes forbid it (`chattr +i`).
    package let isFixed: Bool
    /// Bytes.
    package let size: Int
    /// When it was written, in nanoseconds since 1970.
    package let modified: Int64
    /// The number of the device that it is on.
    package let device: UInt64
    /// Its number there.
    package let inode: UInt64
    /// When it was made, in nanoseconds since 1970: numbers are given again; 0 where the system does not know.
    package let born: Int64

    init(_ entry: cposix_entry) {
        (isRegular, isLink, isOurs) = (entry.is_regular, entry.is_link, entry.is_ours)
        (isForeign, isFixed) = (entry.is_foreign, entry.is_fixed)
        (size, modified) = (Int(entry.size), entry.modified)
        (device, inode, born) = (entry.device, entry.inode, entry.born)
    }

    /// An open file.
    package init?(of descriptor: FileDescriptor) {
        var entry = cposix_entry()
        guard unsafe cposix_entry_of(descriptor.rawValue, &entry) == 0 else { return nil }
        self.init(entry)
    }

    /// The same file, whatever it is called.
    package func isSame(as other: FileEntry) -> Bool {
        device == other.device && inode == other.inode && born == other.born
    }
}

extension FileDescriptor {
    /// The bytes of a file from its beginning on; `nil` if it has more than the limit, or cannot be read.
    package func contents(limit: Int) -> [UInt8]? {
        var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while bytes.count <= limit {
            // SAFETY: the buffer is used within the closure.
            let count = try? unsafe piece.withUnsafeMutableBytes {
                try unsafe read(fromAbsoluteOffset: Int64(bytes.count), into: $0)
            }
            guard let count else { return nil }
            if count == 0 { return bytes }
            bytes += piece.prefix(count)
        }
        return nil
    }
}

extension FileEntry {
    /// The target of a path, all links followed; `nil` if it does not exist.
    package init?(at path: FilePath) {
        guard let entry = (try? NamedPlace(path))?.entry else { return nil }
        self = entry
    }
}
