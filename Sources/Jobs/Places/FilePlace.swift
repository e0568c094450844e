internal import CPosix
internal import Containers
internal import Ingest
internal import Places
internal import SystemPackage

/// What the name of a file that is read or written leads to: what is there, or else a name in a folder.
enum FilePlace: Hashable {
    case existing(FileIdentity)
    case new(folder: FileIdentity, name: FileName)

    /// `nil` where several outputs may go, such as /dev/null, and where opening will fail anyway.
    init?(_ destination: ByteSink.Destination) {
        switch destination {
        case .standardOutput:
            guard let identity = FileIdentity(of: FileDescriptor(rawValue: cposix_standard_output())) else {
                return nil
            }
            self = .existing(identity)
        case .path(let path):
            if let stream = ByteSink.movedStream(at: path) {
                guard let identity = FileIdentity(of: stream) else { return nil }
                self = .existing(identity)
            } else if let identity = FileIdentity(of: path) {
                self = .existing(identity)
            } else if ByteSink.isFileOrNothing(path), let folder = FileIdentity(of: path.removingLastComponent()),
                path.lastComponent != nil
            {
                self = .new(folder: folder, name: FileName(lastOf: path))
            } else {
                return nil
            }
        }
    }
}
