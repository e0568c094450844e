package import Ingest
internal import Places
internal import SystemPackage

/// A file as it was before it was read, by which it is known whether somebody has written to it meanwhile.
package struct InputStamp {
    private let path: FilePath
    private let entry: FileEntry

    /// The file of an input; `nil` for anything but a regular file with a path.
    package init?(_ origin: ByteSource.Origin) {
        guard case .path(let path) = origin, let entry = FileEntry(at: path), entry.isRegular else { return nil }
        (self.path, self.entry) = (path, entry)
    }

    /// Bytes of the file.
    package var size: Int { entry.size }
    /// When it was modified, in nanoseconds since 1970.
    package var modified: Int64 { entry.modified }

    /// Throws if the file was written to since. One that another has taken the place of has been read as it was.
    package func check() throws(JobError) {
        guard let now = FileEntry(at: path), now.isSame(as: entry) else { return }
        guard now.modified != entry.modified || now.size != entry.size else { return }
        throw .input(.changed(name: path.shown, what: "changed while it was read"))
    }
}
