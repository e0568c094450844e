public import SystemPackage

/// Why an output could not be made.
public enum SinkError: Error, Hashable, Sendable {
    /// There is something at the path already.
    case exists(FilePath)
    /// There is a link at the path, and nothing where it leads.
    case leadsNowhere(FilePath)
    /// The file cannot be created.
    case cannotCreate(FilePath, Errno)
    /// Writing, syncing or renaming failed.
    case failed(operation: String, name: String, Errno)
    /// Whoever reads the pipe has gone.
    case closedPipe(name: String)
    /// The format of the output has no place for what it was given.
    case refused(name: String, reason: String)
}

extension SinkError: CustomStringConvertible {
    /// The thing, what happened, and what would have been right.
    public var description: String {
        switch self {
        case .exists(let path): "\(path) exists (--overwrite replaces it)"
        case .leadsNowhere(let path): "\(path) is a link that leads nowhere"
        case .cannotCreate(let path, let errno): "\(path) cannot be created: \(errno)"
        case .failed(let operation, let name, let errno): "\(operation) \(name) failed: \(errno)"
        case .closedPipe(let name): "\(name) was closed by its reader before everything was written"
        case .refused(let name, let reason): "\(name) cannot be written: \(reason)"
        }
    }
}
