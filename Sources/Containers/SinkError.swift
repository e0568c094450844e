internal import Places
public import SystemPackage
internal import VideoTypes

/// Why an output could not be made.
public enum SinkError: Error, Hashable, Sendable {
    /// There is something at the path already.
    case exists(FilePath)
    /// The path is a dangling symbolic link.
    case leadsNowhere(FilePath)
    /// There is a link at the path, where Sluice writes under a name that it gives itself.
    case isLink(FilePath)
    /// The path leads through a link that another user owns, in a folder where everybody may put one.
    case foreignLink(FilePath)
    /// There is a file at the path that is not the one that would be replaced; why not.
    case isAnother(FilePath, reason: String)
    /// There is a pipe or a device at the path that another user owns, in a folder where everybody may put one.
    case foreignPipe(FilePath)
    /// The file at the path cannot be replaced: it is mounted there, or its attributes forbid it.
    case fixed(FilePath)
    /// The path leads out of the folder that outputs have to be in.
    case outside(FilePath)
    /// No file can have that path; the reason.
    case isNoFile(FilePath, reason: String)
    /// There is a FIFO at the path of a small file that is written at the end.
    case notRegular(FilePath)
    /// The file cannot be created.
    case cannotCreate(FilePath, Errno)
    /// Writing, syncing or renaming failed.
    case failed(operation: String, name: String, Errno)
    /// The reader of the pipe has closed it.
    case closedPipe(name: String)
    /// The format of the output cannot store what the input has.
    case cannotHold(name: String, reason: String)
    /// Writing the format failed.
    case refused(name: String, reason: String)
}

extension SinkError: CustomStringConvertible {
    /// The thing, what happened, and what would have been right.
    public var description: String {
        switch self {
        case .exists(let path): "\(path.shown) exists (\(Setting.overwrite) replaces it)"
        case .leadsNowhere(let path): "\(path.shown) is a dangling symbolic link"
        case .isLink(let path): "\(path.shown) is a link, which is not followed (remove it)"
        case .foreignLink(let path):
            "\(path.shown) is behind a link of another user in a folder with the sticky bit, which is not followed"
        case .foreignPipe(let path):
            "\(path.shown) is a pipe of another user in a folder with the sticky bit, which is not written to (use another name)"
        case .fixed(let path):
            "\(path.shown) cannot be replaced: it is a mount point, or its attributes forbid it (\(Setting.destination) - writes to a pipe)"
        case .isAnother(let path, let reason): "\(path.shown) exists, and \(reason)"
        case .isNoFile(let path, let reason): "\(path.shown) cannot be an output: \(reason)"
        case .outside(let path): "\(path.shown) is outside the folder of the outputs"
        case .notRegular(let path): "\(path.shown) is a FIFO, but a file is needed"
        case .cannotCreate(let path, let errno): "\(path.shown) cannot be created: \(errno)"
        case .failed(let operation, let name, let errno): "\(operation) \(name) failed: \(errno)"
        case .closedPipe(let name): "\(name) was closed by its reader before everything was written"
        case .cannotHold(let name, let reason), .refused(let name, let reason): "\(name) cannot be written: \(reason)"
        }
    }
}
