internal import CPosix
package import Places
package import SystemPackage

/// How the name of an output becomes a place in an open folder.
package struct OutputLookup: Sendable {
    /// The folder that the output must be in, or below; `nil`, the default, is any.
    package var root: OutputRoot?
    /// Whether a link at the name is followed. The default is that it is, unless another user owns it in a sticky folder; names
    /// that Sluice gives have no links.
    package var followsLink = true
    /// It is a small file that is written at the end, when waiting for the reader of a FIFO is not possible.
    package var isSide = false

    /// Any place, by any link of one's own.
    package init() {}

    /// The same for a small file that is written at the end.
    package static var side: OutputLookup {
        var lookup = OutputLookup()
        lookup.isSide = true
        return lookup
    }

    /// Whether the path is a pipe or a device, which is written in place.
    func isInPlace(_ path: FilePath) -> Bool {
        let kind = ByteSink.kind(of: path)
        return followsLink && (kind == CPOSIX_OTHER || kind == CPOSIX_FIFO)
    }

    /// The place that a path leads to.
    package func place(of path: FilePath) throws(SinkError) -> NamedPlace {
        do throws(PlaceError) {
            let place = try found(path)
            guard followsLink || place.entry?.isLink != true else { throw .system(.tooManySymbolicLinkLevels) }
            return place
        } catch .system(.tooManySymbolicLinkLevels) where !followsLink {
            throw .isLink(path)
        } catch {
            throw SinkError(error, path)
        }
    }

    private func found(_ path: FilePath) throws(PlaceError) -> NamedPlace {
        guard let root else { return try NamedPlace(path, followsLink: followsLink) }
        guard let inside = root.relative(path) else { throw .outside }
        return try NamedPlace(inside, in: root.folder, followsLink: followsLink)
    }
}

extension SinkError {
    /// Why a path leads to no place.
    package init(_ error: PlaceError, _ path: FilePath) {
        switch error {
        case .foreignLink: self = .foreignLink(path)
        case .outside: self = .outside(path)
        case .system(let errno): self = .cannotCreate(path, errno)
        }
    }
}

/// A folder that outputs have to be in, or below.
package struct OutputRoot: Sendable {
    /// The folder, opened once.
    package let folder: OpenFolder
    /// Its path, absolute.
    package let path: FilePath

    /// A folder and its path.
    package init(_ folder: OpenFolder, path: FilePath) { (self.folder, self.path) = (folder, path) }

    /// The path from this folder on; `nil` if it does not begin with the folder's.
    package func relative(_ other: FilePath) -> FilePath? {
        var rest = other
        guard rest.removePrefix(path), !rest.isEmpty, rest.isRelative else { return nil }
        return rest
    }
}
