internal import CPosix
public import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where bytes go: a pipe, a device, or a file that gets its name only when it is whole.
///
/// A file is written beside its name, synced and renamed in ``publish(suffix:)``. A sink that is dropped instead leaves
/// no file behind, and whatever stood at the name stays as it was.
public struct ByteSink: ~Copyable, Sendable {
    /// What an output is called.
    public enum Destination: Hashable, Sendable {
        /// Standard output.
        case standardOutput
        /// A path; what is there and is no regular file (a pipe, a device) is written in place.
        case path(FilePath)

        /// What messages call it.
        public var name: String {
            switch self {
            case .standardOutput: "standard output"
            case .path(let path): path.string
            }
        }
    }

    let descriptor: FileDescriptor
    /// The descriptor is ours to close, and still open.
    private var ownsDescriptor: Bool
    /// What messages call the output.
    public let name: String
    /// The file's name to be, and the one that it has until then; `nil` where bytes are written in place.
    private var names: (final: FilePath, temporary: FilePath)?
    private let overwrite: Bool
    private let temporaries: TemporaryFiles
    /// Learns of the bytes, until one of them is written anew.
    private var observe: (@Sendable (RawSpan) -> Void)?
    /// The length of the output so far, in bytes.
    public private(set) var byteCount = 0
    /// Bytes that had been written already were written anew, so that an observer has not seen what the output holds.
    public private(set) var isRewritten = false

    /// Bytes that stand in the output already can be written anew and read back: it is a file that has no name yet.
    public var isSeekable: Bool { names != nil }

    /// Where the file stands until it has its name; `nil` where bytes are written in place.
    public var unnamedFile: FilePath? { names?.temporary }

    /// Opens an output.
    ///
    /// - Parameters:
    ///   - destination: What to open.
    ///   - overwrite: Whether an existing file may be replaced, once the new one is whole.
    ///   - temporaries: Learns of the file that has no name yet.
    ///   - mayBeAbandoned: There is nothing yet that would be lost with the program, should a signal end it while the opening waits
    ///     for the reader of a FIFO. The default is that there is not.
    ///   - observe: Is given all bytes, in order, once they are written; nothing more after ``isRewritten`` has become
    ///     true. `nil`, the default, means that nobody wants to know.
    /// - Throws: ``SinkError/exists(_:)`` or ``SinkError/cannotCreate(_:_:)``.
    public init(
        opening destination: Destination,
        overwrite: Bool,
        temporaries: TemporaryFiles,
        mayBeAbandoned: Bool = true,
        observe: (@Sendable (RawSpan) -> Void)? = nil
    ) throws(SinkError) {
        self.observe = observe
        self.overwrite = overwrite
        self.temporaries = temporaries
        name = destination.name
        switch destination {
        case .standardOutput:
            descriptor = FileDescriptor(rawValue: cposix_standard_output())
            ownsDescriptor = false
        case .path(let path) where Self.movedStream(at: path) != nil:
            descriptor = Self.movedStream(at: path) ?? .standardError
            ownsDescriptor = false
        case .path(let path):
            ownsDescriptor = true
            try Self.checkAvailable(destination, overwrite: overwrite)
            switch Self.kind(of: path) {
            case CPOSIX_OTHER?, CPOSIX_FIFO?:
                guard !mayBeAbandoned || temporaries.beginOpening() else { throw .cannotCreate(path, .interrupted) }
                defer { if mayBeAbandoned { temporaries.endOpening() } }
                descriptor = try Self.open(path, .writeOnly, [.closeOnExec])
            case let existing:
                // A link stays a link: what it leads to is replaced.
                let final = Self.resolved(path)
                let temporary = Self.temporaryName(for: final)
                descriptor = try Self.create(temporary, for: path)
                if existing != nil {
                    _ = unsafe final.withPlatformString { [descriptor] in
                        unsafe cposix_copy_permissions($0, descriptor.rawValue)
                    }
                }
                temporaries.add(temporary)
                names = (final, temporary)
            }
        }
    }

    deinit {
        if ownsDescriptor { try? descriptor.close() }
        guard let names else { return }
        TemporaryFiles.unlink(names.temporary)
        temporaries.forget(names.temporary)
    }

    mutating func didAppend(_ bytes: RawSpan) {
        byteCount += bytes.byteCount
        observe?(bytes)
    }

    mutating func willRewrite() {
        isRewritten = true
        observe = nil
    }

    /// Brings everything to the disk, so that publishing has little left that can fail.
    public func sync() throws(SinkError) {
        guard names != nil else { return }
        let status = cposix_sync(descriptor.rawValue)
        guard status == 0 else { throw .failed(operation: "syncing", name: name, Errno(rawValue: status)) }
    }

    /// Completes the output: the file gets its name, and what stood there before is gone.
    ///
    /// - Parameter suffix: What is added to the name, for an output that is usable but not all that was asked for. A
    ///   file with the suffix is replaced if there is one.
    public consuming func publish(suffix: String = "") throws(SinkError) {
        let publication = Publication(temporaries)
        do throws(SinkError) {
            try publish(suffix: suffix, in: publication)
        } catch {
            publication.withdraw()
            throw error
        }
        publication.keep()
    }

    /// Gives the file its name for as long as `publication` is not withdrawn.
    public consuming func publish(suffix: String, in publication: Publication) throws(SinkError) {
        try sync()
        guard let (final, temporary) = names else { return }
        // Some file systems have errors left for the very end, which is before the file looks finished.
        ownsDescriptor = false
        do {
            try descriptor.close()
        } catch {
            throw .failed(operation: "closing", name: name, error as? Errno ?? .ioError)
        }
        let path = FilePath(final.string + suffix)
        do throws(PublicationError) {
            try publication.place(temporary, at: path, replacing: overwrite || !suffix.isEmpty)
        } catch {
            let errno = Errno(rawValue: error.status)
            throw errno == .fileExists ? .exists(path) : .failed(operation: error.operation, name: name, errno)
        }
        names = nil
    }

    /// Throws what ``publish(suffix:)`` would throw because of what stands at the name now.
    public func checkName() throws(SinkError) {
        guard let (final, _) = names else { return }
        try Self.check(final, overwrite: overwrite)
    }
}

extension ByteSink {
    /// Throws what opening the output would throw because of what is there already; nothing is opened.
    ///
    /// - Parameters:
    ///   - destination: What would be opened.
    ///   - overwrite: Whether an existing file may be replaced.
    public static func checkAvailable(_ destination: Destination, overwrite: Bool) throws(SinkError) {
        guard case .path(let path) = destination else { return }
        try check(path, overwrite: overwrite)
        if kind(of: path) == nil { try checkFolder(of: path) }
    }

    /// Throws what is wrong with a name, whatever has become of its folder.
    private static func check(_ path: FilePath, overwrite: Bool) throws(SinkError) {
        guard (path.lastComponent?.string.utf8.count ?? 0) <= longestName else {
            throw .cannotCreate(path, .fileNameTooLong)
        }
        switch kind(of: path) {
        case nil where unsafe path.withPlatformString({ unsafe cposix_exists($0) }): throw .leadsNowhere(path)
        case CPOSIX_DIRECTORY?: throw .cannotCreate(path, .isDirectory)
        case CPOSIX_REGULAR? where !overwrite: throw .exists(path)
        default: return
        }
    }

    private static func checkFolder(of path: FilePath) throws(SinkError) {
        let folder = path.removingLastComponent()
        var status = cposix_status()
        let error = unsafe (folder.isEmpty ? "." : folder).withPlatformString {
            unsafe cposix_status_of_path($0, &status)
        }
        guard error == 0 else { throw .cannotCreate(path, Errno(rawValue: error)) }
    }

    /// File systems take 255 bytes, and `.partial` may be added.
    private static var longestName: Int { 255 - ".partial".utf8.count }

    /// Where ``publish(suffix:)`` puts what there is so far of a file, by its suffix `.partial`; `nil` where bytes are written in
    /// place.
    package static func partialFile(of path: FilePath) -> FilePath? {
        guard isFileOrNothing(path) else { return nil }
        return FilePath(resolved(path).string + ".partial")
    }

    /// The regular file that a path leads to; `nil` if there is none.
    package static func regularFile(at path: FilePath) -> FilePath? {
        kind(of: path) == CPOSIX_REGULAR ? resolved(path) : nil
    }

    /// There is a regular file at a path, or nothing.
    package static func isFileOrNothing(_ path: FilePath) -> Bool {
        let kind = kind(of: path)
        return kind == nil || kind == CPOSIX_REGULAR
    }

    private static func resolved(_ path: FilePath) -> FilePath {
        guard let real = unsafe path.withPlatformString({ unsafe cposix_resolve($0) }) else { return path }
        defer { unsafe free(real) }
        return unsafe FilePath(platformString: real)
    }

    /// The standard stream that a path such as `/dev/fd/1` means, where what is printed to that descriptor goes elsewhere.
    package static func movedStream(at path: FilePath) -> FileDescriptor? {
        let number = unsafe path.withPlatformString { unsafe cposix_moved_stream($0) }
        return number < 0 ? nil : FileDescriptor(rawValue: number)
    }

    private static func kind(of path: FilePath) -> cposix_kind? {
        var status = cposix_status()
        let error = unsafe path.withPlatformString { unsafe cposix_status_of_path($0, &status) }
        return error == 0 ? status.kind : nil
    }

    /// A hidden name beside the final one, unique to this process and call.
    private static func temporaryName(for path: FilePath) -> FilePath {
        var temporary = path
        let unique = String(UInt64.random(in: .min ... .max), radix: 36)
        // A name may have 255 bytes; the front of it is enough to know it by.
        let front = String(decoding: (path.lastComponent?.string ?? "").utf8.prefix(200), as: UTF8.self)
        temporary.removeLastComponent()
        temporary.append(".\(front).\(unique).sluice")
        return temporary
    }

    private static func create(_ temporary: FilePath, for path: FilePath) throws(SinkError) -> FileDescriptor {
        do throws(SinkError) {
            return try open(temporary, .readWrite, [.create, .exclusiveCreate, .closeOnExec])
        } catch {
            // What the user knows is the name that was asked for.
            guard case .cannotCreate(_, let errno) = error else { throw error }
            throw .cannotCreate(path, errno)
        }
    }

    private static func open(
        _ path: FilePath,
        _ mode: FileDescriptor.AccessMode,
        _ options: FileDescriptor.OpenOptions
    ) throws(SinkError) -> FileDescriptor {
        do {
            let permissions = FilePermissions(rawValue: 0o666)
            return try FileDescriptor.open(path, mode, options: options, permissions: permissions)
        } catch {
            throw .cannotCreate(path, error as? Errno ?? .ioError)
        }
    }
}
