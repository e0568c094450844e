internal import Places
internal import SystemPackage
internal import Threading

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Files that get their names together, or not at all: as long as it is not sure that each of them gets its own, those that
/// have theirs can lose them again, and what was there before comes back.
///
/// On a file system that cannot exchange two names, a replaced file cannot be restored; the new file, which is complete, stays.
///
/// Thread-safety: all methods may be called from any thread.
package final class Publication: Sendable {
    /// A complete file that is not renamed into place yet.
    struct File {
        /// The name that it has until then; `nil` if it has none.
        let temporary: NamedPlace?
        /// The file, open, where it has no name.
        let descriptor: FileDescriptor?
    }

    /// What may be at a name.
    enum Replaced {
        case nothing
        /// A file of this user.
        case own
        case anything
    }

    private struct Placed {
        let place: NamedPlace
        let before: Before
    }

    /// What was at a name.
    private enum Before {
        case nothing
        /// It is kept under a hidden name.
        case kept(NamedPlace)
        case lost
    }

    private let files = Monitor<[Placed]>([])
    private let temporaries: TemporaryFiles

    /// - Parameter temporaries: Tracks the files that wait for the result.
    package init(_ temporaries: TemporaryFiles) { self.temporaries = temporaries }

    /// Gives a file its name, and has that last.
    func place(_ file: File, at place: NamedPlace, replacing: Replaced) throws(PublicationError) {
        defer { try? file.descriptor?.close() }
        let before = try replacing == .nothing ? Self.name(file, place) : replace(file, place, replacing)
        if case .kept = before {} else { file.temporary.map(temporaries.forget) }
        files.withLock { $0.append(Placed(place: place, before: before)) }
        if let errno = place.folder.sync() {
            throw PublicationError(operation: "syncing the folder of", status: errno.rawValue)
        }
    }

    /// Takes a file away from its name, if there is one.
    func clear(_ place: NamedPlace) throws(PublicationError) {
        guard place.entry != nil else { return }
        let former = place.sibling(SideFiles.temporary(of: place))
        temporaries.add(former)
        let status = place.rename(to: former.name)
        guard status == 0 else {
            temporaries.forget(former)
            throw PublicationError(operation: "removing", status: status)
        }
        guard Self.mayBeReplaced(former.entry, .anything) else {
            _ = former.rename(to: place.name)
            temporaries.forget(former)
            throw PublicationError(operation: "removing", status: EEXIST)
        }
        files.withLock { $0.append(Placed(place: place, before: .kept(former))) }
        if let errno = place.folder.sync() {
            throw PublicationError(operation: "syncing the folder of", status: errno.rawValue)
        }
    }

    /// All files are renamed into place: the replaced files are removed.
    package func keep() {
        for case .kept(let former) in takeAll().map(\.before) { remove(former) }
    }

    /// Takes the names away again.
    package func withdraw() {
        for file in takeAll().reversed() {
            switch file.before {
            case .nothing: file.place.unlink()
            case .kept(let former):
                _ = former.rename(to: file.place.name)
                temporaries.forget(former)
            case .lost: continue
            }
        }
    }

    private func takeAll() -> [Placed] {
        files.withLock { files in
            defer { files = [] }
            return files
        }
    }

    private func remove(_ former: NamedPlace) {
        former.unlink()
        temporaries.forget(former)
    }

    /// Links a file to a name that does not exist.
    private static func name(_ file: File, _ place: NamedPlace) throws(PublicationError) -> Before {
        let status = file.temporary?.renameExclusively(to: place.name) ?? file.descriptor.map(place.link) ?? EBADF
        guard status == 0 else { throw PublicationError(operation: "renaming", status: status) }
        return .nothing
    }

    /// Gives a file a name that may have been another's.
    private func replace(
        _ file: File,
        _ place: NamedPlace,
        _ replacing: Replaced
    ) throws(PublicationError) -> Before {
        if place.entry == nil {
            do throws(PublicationError) {
                return try Self.name(file, place)
            } catch {
                // Another process has created a file there meanwhile, which may be replaced.
                guard error.status == EEXIST else { throw error }
            }
        }
        let temporary = try hiddenName(of: file, for: place)
        do throws(PublicationError) {
            return try Self.exchange(temporary, place, replacing)
        } catch {
            if file.temporary == nil { remove(temporary) }
            throw error
        }
    }

    private func hiddenName(of file: File, for place: NamedPlace) throws(PublicationError) -> NamedPlace {
        if let temporary = file.temporary { return temporary }
        let temporary = place.sibling(SideFiles.temporary(of: place))
        temporaries.add(temporary)
        _ = try Self.name(file, temporary)
        return temporary
    }

    private static func exchange(
        _ temporary: NamedPlace,
        _ place: NamedPlace,
        _ replacing: Replaced
    ) throws(PublicationError) -> Before {
        let status = temporary.exchange(with: place.name)
        switch Errno(rawValue: status) {
        case _ where status == 0:
            guard mayBeReplaced(temporary.entry, replacing) else {
                _ = temporary.exchange(with: place.name)
                throw PublicationError(operation: "renaming", status: EEXIST)
            }
            return .kept(temporary)
        case .invalidArgument, .noFunction, .notSupported, .noSuchFileOrDirectory:
            guard let entry = place.entry else { return try renamed(temporary, place, before: .nothing) }
            guard mayBeReplaced(entry, replacing) else {
                throw PublicationError(operation: "renaming", status: EEXIST)
            }
            return try renamed(temporary, place, before: .lost)
        default: throw PublicationError(operation: "renaming", status: status)
        }
    }

    /// A folder, a link or a FIFO could be exchanged, but is not to be replaced.
    private static func mayBeReplaced(_ entry: FileEntry?, _ replacing: Replaced) -> Bool {
        entry.map { $0.isRegular && (replacing == .anything || $0.isOurs) } ?? false
    }

    private static func renamed(
        _ temporary: NamedPlace,
        _ place: NamedPlace,
        before: Before
    ) throws(PublicationError) -> Before {
        let status = temporary.rename(to: place.name)
        guard status == 0 else { throw PublicationError(operation: "renaming", status: status) }
        return before
    }
}

/// Which step failed, with its errno value.
struct PublicationError: Error {
    let operation: String
    let status: CInt
}
