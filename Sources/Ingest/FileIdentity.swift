internal import CPosix
public import SystemPackage

/// The device and inode of a file, a pipe or a folder: two names with the same identity mean the same.
public struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// The identity of what is open; `nil` for a device, of which many may write at once.
    public init?(of descriptor: FileDescriptor) {
        var status = cposix_status()
        guard unsafe cposix_status_of_descriptor(descriptor.rawValue, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The identity of the file at a path; `nil` for a device, or if it does not exist.
    public init?(of path: FilePath) {
        var status = cposix_status()
        let path = path.isEmpty ? "." : path
        guard unsafe path.withPlatformString({ unsafe cposix_status_of_path($0, &status) }) == 0 else { return nil }
        self.init(status)
    }

    private init?(_ status: cposix_status) {
        guard status.kind != CPOSIX_OTHER else { return nil }
        (device, inode) = (status.device, status.inode)
    }
}
