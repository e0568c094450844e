internal import CPosix
internal import Places
internal import Sluice

/// The size of a file and when it was written.
struct FileStamp: Hashable, Sendable {
    let size: Int
    let modified: Int64

    /// `nil` without a regular file.
    init?(_ path: FilePath) {
        var status = cposix_status()
        let error = unsafe path.withPlatformString { unsafe cposix_status_of_path($0, &status) }
        guard error == 0, status.kind == CPOSIX_REGULAR else { return nil }
        size = Int(status.size)
        modified = unsafe path.withPlatformString { unsafe cposix_modification_time($0) }
    }

    /// The same at a place, where no link is followed.
    init?(_ place: NamedPlace) {
        guard let entry = place.entry, entry.isRegular else { return nil }
        (size, modified) = (entry.size, entry.modified)
    }
}
