internal import CPosix
package import SystemPackage

/// A file that is written before it has its name: without a name, if the file system supports this, so that a killed process
/// leaves no file; else with a hidden name in the same folder.
package struct UnnamedFile: Sendable {
    /// Open for reading and writing, for its owner only.
    package let descriptor: FileDescriptor
    /// The hidden name; `nil` if it has none.
    package let temporary: NamedPlace?

    /// Makes a file for a place, locked for as long as it is open.
    ///
    /// - Parameter replaces: It will replace a file.
    package init(for place: NamedPlace, replaces: Bool) throws(Errno) {
        let result = cposix_open_unnamed(place.folder.descriptor.rawValue, !replaces)
        if result >= 0 {
            (descriptor, temporary) = (FileDescriptor(rawValue: result), nil)
        } else if Errno(rawValue: -result) == .notSupported {
            SideFiles.removeStale(of: place)
            let name = place.sibling(SideFiles.temporary(of: place))
            (descriptor, temporary) = (try name.create(asFolderSays: !replaces), name)
        } else {
            throw Errno(rawValue: -result)
        }
        _ = cposix_lock(descriptor.rawValue)
    }

    /// A path that opens an open file again; `nil` if the system does not have one.
    package static func path(of descriptor: FileDescriptor) -> FilePath? {
        var characters = [CChar](repeating: 0, count: 32)
        // SAFETY: the call writes at most the 32 characters that are there.
        let isThere = unsafe characters.withUnsafeMutableBufferPointer {
            guard let start = $0.baseAddress else { return false }
            return unsafe cposix_path_of_descriptor(descriptor.rawValue, start)
        }
        return isThere ? FilePath(bytes: characters.map { UInt8(bitPattern: $0) }) : nil
    }

    /// Gives the file the permissions that it is to keep; see `cposix_settle_permissions`.
    package static func settlePermissions(_ descriptor: FileDescriptor, replacing place: NamedPlace?) -> CInt {
        guard let place else { return cposix_settle_permissions(descriptor.rawValue, -1, nil) }
        return unsafe place.name.withCString {
            unsafe cposix_settle_permissions(descriptor.rawValue, place.folder.descriptor.rawValue, $0)
        }
    }
}
