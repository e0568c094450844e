internal import CPosix
package import Places
public import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where bytes go: a pipe, a device, or a file that is linked to its name only when it is complete.
///
/// A file is written without a name, in the folder that the path led to when it was opened. It is synced, and `publish` links
/// it to its name. A sink that is dropped instead leaves no file, and an existing file with that name does not change.
public struct ByteSink: ~Copyable, Sendable {
    /// What an output is called.
    public enum Destination: Hashable, Sendable {
        /// Standard output.
        case standardOutput
        /// A path; an existing pipe or device is written in place.
        case path(FilePath)

        /// What messages call it.
        public var name: String {
            switch self {
            case .standardOutput: "standard output"
            case .path(let path): path.shown
            }
        }

        /// ``name`` with the path as it is, for receipts.
        package var exactName: String {
            guard case .path(let path) = self else { return name }
            return path.spelled
        }
    }

    let descriptor: FileDescriptor
    /// The descriptor is ours to close, and still open.
    private var ownsDescriptor: Bool
    /// What messages call the output.
    public let name: String
    /// The file's place to be, and the one that it has until then; `nil` where bytes are written in place.
    private var names: Names?
    private let overwrite: Bool
    private let temporaries: TemporaryFiles
    private let period: Int
    /// Gets the bytes, until one of them is replaced.
    private var observe: (@Sendable (RawSpan) -> Void)?
    /// The length of the output so far, in bytes.
    package internal(set) var byteCount = 0
    /// Bytes that had been written were replaced, so that an observer has not seen the contents of the output.
    package private(set) var isRewritten = false

    /// When the file is to have been modified, in nanoseconds since 1970. `nil`, the default, is when it was written. A partial
    /// output does not get it.
    package var modified: Int64?

    /// Written bytes can be replaced and read back: the output is a file without a name yet.
    package var isSeekable: Bool { names != nil }

    /// A path of the file until it is renamed into place; `nil` if bytes are written in place.
    package var unnamedFile: FilePath? {
        guard let names else { return nil }
        if let path = UnnamedFile.path(of: descriptor) { return path }
        return names.temporary.map { names.path.removingLastComponent().appending($0.name) }
    }

    private struct Names {
        let final: NamedPlace
        /// As requested, for messages.
        let path: FilePath
        /// `nil` where the file has no name at all until it has its own.
        let temporary: NamedPlace?
        /// The file's numbers.
        let entry: FileEntry?
    }

    /// Opens an output.
    ///
    /// - Parameters:
    ///   - destination: What to open.
    ///   - overwrite: Whether an existing file may be replaced, when the new one is complete.
    ///   - temporaries: Learns of the file that has no name yet.
    ///   - mayBeAbandoned: A signal may end the program while the opening waits for the reader of a FIFO, because nothing has
    ///     been written yet. This is the default. Otherwise a FIFO without a reader is an error.
    ///   - observe: Gets all bytes, in order, after they are written, until ``isRewritten`` becomes true. The default is `nil`.
    /// - Throws: ``SinkError/exists(_:)`` or ``SinkError/cannotCreate(_:_:)``.
    package init(
        opening destination: Destination,
        overwrite: Bool,
        temporaries: TemporaryFiles,
        mayBeAbandoned: Bool = true,
        observe: (@Sendable (RawSpan) -> Void)? = nil
    ) throws(SinkError) {
        try self.init(
            opening: destination,
            OutputLookup(),
            overwrite: overwrite,
            temporaries: temporaries,
            mayBeAbandoned: mayBeAbandoned,
            observe: observe
        )
    }

    /// Opens an output whose name is looked up in a way of its own.
    package init(
        opening destination: Destination,
        _ lookup: OutputLookup,
        overwrite: Bool,
        temporaries: TemporaryFiles,
        mayBeAbandoned: Bool = true,
        observe: (@Sendable (RawSpan) -> Void)? = nil
    ) throws(SinkError) {
        self.observe = observe
        self.overwrite = overwrite
        self.temporaries = temporaries
        period = temporaries.period
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
            try Self.checkAvailable(destination, lookup, overwrite: overwrite)
            if lookup.isInPlace(path) {
                let checked = try lookup.place(of: path).entry
                descriptor = try Self.openInPlace(path, checked, temporaries, mayBeAbandoned: mayBeAbandoned)
                return
            }
            // A link stays a link: what it leads to is replaced.
            let final = try lookup.place(of: path)
            let file = try Self.create(final, for: path)
            descriptor = file.descriptor
            if let temporary = file.temporary { temporaries.add(temporary) }
            let entry = FileEntry(of: file.descriptor)
            if let entry { temporaries.begin(final.name, entry) }
            names = Names(final: final, path: path, temporary: file.temporary, entry: entry)
        }
    }

    deinit {
        if ownsDescriptor { try? descriptor.close() }
        if let entry = names?.entry { temporaries.end(entry) }
        guard let temporary = names?.temporary else { return }
        temporary.unlink()
        temporaries.forget(temporary)
    }

    mutating func didAppend(_ bytes: RawSpan) {
        byteCount += bytes.byteCount
        observe?(bytes)
    }

    mutating func willRewrite() {
        isRewritten = true
        observe = nil
    }

    /// Syncs everything to the disk, so that little remains that can fail in publishing.
    package func sync() throws(SinkError) {
        guard names != nil else { return }
        let status = cposix_sync(descriptor.rawValue)
        guard status == 0 else { throw .failed(operation: "syncing", name: name, Errno(rawValue: status)) }
    }

    /// Completes the output: the file is renamed into place, and replaces an existing one.
    ///
    /// - Parameter suffix: Appended to the name of an output that is usable but incomplete. An existing file with the suffix is
    ///   replaced.
    package consuming func publish(suffix: String = "") throws(SinkError) {
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
    package consuming func publish(suffix: String, in publication: Publication) throws(SinkError) {
        if suffix.isEmpty { try setModificationTime() }
        try sync()
        guard let names else { return }
        let isPartial = !suffix.isEmpty
        let target = isPartial ? names.final.sibling(SideFiles.name(names.final.name, suffix: suffix)) : names.final
        let path = isPartial ? SideFiles.path(names.path, suffix: suffix) : names.path
        let file = try whole(names, replacing: overwrite || isPartial ? target : nil)
        do throws(PublicationError) {
            try publication.place(
                file,
                at: target,
                replacing: overwrite ? .anything : isPartial ? .own : .nothing
            )
        } catch {
            let errno = Errno(rawValue: error.status)
            throw errno == .fileExists ? .exists(path) : .failed(operation: error.operation, name: name, errno)
        }
        if let entry = names.entry { temporaries.end(entry) }
        self.names = nil
    }

    private func setModificationTime() throws(SinkError) {
        guard names != nil, let modified else { return }
        let status = cposix_set_modification_time(descriptor.rawValue, modified)
        guard status == 0 else { throw failed("setting the modification time of", Errno(rawValue: status)) }
    }

    /// Drops the output, and takes away the file that it would have replaced, for as long as `publication` is not withdrawn.
    package consuming func discard(in publication: Publication) throws(SinkError) {
        try checkName()
        guard let names, overwrite else { return }
        do throws(PublicationError) {
            try publication.clear(names.final)
        } catch {
            throw failed(error.operation, Errno(rawValue: error.status))
        }
    }

    /// Closes the file, with the permissions that it is to keep: some file systems have errors left for the very end, which is
    /// before the file looks finished.
    private mutating func whole(_ names: Names, replacing place: NamedPlace?) throws(SinkError) -> Publication.File {
        guard temporaries.period == period else { throw failed("renaming", .noSuchFileOrDirectory) }
        let status = UnnamedFile.settlePermissions(descriptor, replacing: place)
        guard status == 0 else { throw failed("setting the permissions of", Errno(rawValue: status)) }
        let copy = names.temporary == nil ? try? descriptor.duplicate() : nil
        guard names.temporary != nil || copy != nil else { throw failed("naming", .tooManyOpenFiles) }
        ownsDescriptor = false
        do {
            try descriptor.close()
        } catch {
            try? copy?.close()
            throw failed("closing", error as? Errno ?? .ioError)
        }
        return Publication.File(temporary: names.temporary, descriptor: copy)
    }

    private func failed(_ operation: String, _ errno: Errno) -> SinkError {
        .failed(operation: operation, name: name, errno)
    }

    /// Throws what ``publish(suffix:)`` would throw because of what is at the name now.
    package func checkName() throws(SinkError) {
        guard let names, !overwrite, names.final.entry != nil else { return }
        throw .exists(names.path)
    }

    /// The file that has no name yet, by its numbers; `nil` where bytes are written in place.
    package var unnamedEntry: FileEntry? { names?.entry }
}
