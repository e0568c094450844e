package import Places
package import SystemPackage

/// The files of a sequence of pictures, one frame each, by a pattern of their names: `shots/frame_%04d.png`, where a number is
/// counted up, or `shots/*.exr`, where numbers in the names are compared as numbers.
///
/// Only the last component of the path is a pattern, and only if no file has that name.
package struct PictureSequence: Sendable {
    /// What the names of pictures usually end with, in small letters.
    package static let suffixes: Set = ["png", "jpg", "jpeg", "bmp", "webp", "tif", "tiff", "dpx", "exr"]

    /// The pattern.
    package let pattern: FilePath
    /// The folder of the pictures.
    package let folder: FilePath
    /// The names of the pictures in it, in order; at least one.
    package let names: [FileName]

    /// What messages call the sequence.
    package var name: String { pattern.shown }

    /// The path of a picture.
    package func path(_ index: Int) -> FilePath { FilePath(bytes: prefix + names[index].bytes) }

    /// The pattern up to its last component.
    private var prefix: [UInt8] { Self.prefix(of: pattern) }

    /// The folder of a pattern; `nil` for a path that is not a pattern, or a file of that name.
    package static func folder(of path: FilePath) -> FilePath? {
        guard NamePattern(FileName(lastOf: path)) != nil, FileEntry(at: path) == nil else { return nil }
        let prefix = prefix(of: path)
        return prefix.isEmpty ? FilePath(".") : FilePath(bytes: prefix)
    }

    /// All files that a pattern matches, in no order, whatever is missing among them; none for a path that is not a pattern, or a
    /// file of that name.
    ///
    /// - Throws: ``IngestError`` if the folder cannot be read.
    package static func files(of path: FilePath) throws(IngestError) -> [FilePath] {
        guard let folder = folder(of: path), let pattern = NamePattern(FileName(lastOf: path)) else { return [] }
        let prefix = prefix(of: path)
        return try list(folder).filter { pattern.match($0) != nil }.map { FilePath(bytes: prefix + $0.bytes) }
    }

    private static func prefix(of path: FilePath) -> [UInt8] {
        let bytes = path.bytes
        return Array(bytes.prefix((bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1))
    }

    /// Looks for the pictures of a pattern.
    ///
    /// - Parameters:
    ///   - path: The pattern.
    ///   - startNumber: The first number that is wanted; `nil` for the lowest that there is.
    /// - Returns: `nil` for a path that is not a pattern, or a file of that name.
    /// - Throws: ``IngestError`` if the folder cannot be read, if no name matches, or if a number is missing.
    package init?(_ path: FilePath, startNumber: Int?) throws(IngestError) {
        guard let folder = Self.folder(of: path), let pattern = NamePattern(FileName(lastOf: path)) else { return nil }
        (self.pattern, self.folder) = (path, folder)
        let entries = try Self.list(folder)
        var found = entries.compactMap { name in pattern.match(name).map { NumberedName(name, $0) } }
        found.sort()
        NumberedName.findCounters(&found)
        if let startNumber { found.removeAll { ($0.number ?? .min) < startNumber } }
        guard !found.isEmpty else { throw Self.nothing(path, folder, startNumber) }
        try Self.check(found, from: startNumber, path)
        names = found.map(\.name)
    }

    private static func list(_ folder: FilePath) throws(IngestError) -> [FileName] {
        let open: OpenFolder
        do throws(PlaceError) {
            open = try OpenFolder(folder)
        } catch {
            let errno = if case .system(let errno) = error { errno } else { Errno.permissionDenied }
            throw .cannotOpen(name: folder.shown, errno)
        }
        do throws(Errno) { return try open.list() } catch { throw .cannotOpen(name: folder.shown, error) }
    }

    private static func nothing(_ path: FilePath, _ folder: FilePath, _ startNumber: Int?) -> IngestError {
        let from = startNumber.map { " with a number of \($0) or more" } ?? ""
        return .damagedHeader(name: path.shown, reason: "no file in \(folder.shown) has such a name\(from)")
    }

    /// Throws if a number is missing, where the names differ in numbers alone.
    private static func check(
        _ found: [NumberedName],
        from start: Int?,
        _ path: FilePath
    ) throws(IngestError) {
        guard let kinds = found.first?.kinds, found.allSatisfy({ $0.kinds == kinds }) else { return }
        // Each shot, or each view, counts for itself.
        var next: [[NumberedName.Part]: Int] = [:]
        for picture in found {
            guard let number = picture.number else { continue }
            let expected = next[picture.shape] ?? start ?? number
            guard number == expected else {
                let there = "\(picture.name.spelled) is there"
                let reason =
                    number < expected
                    ? "two names have the number \(number)" : "number \(expected) is missing, and \(there)"
                throw .damagedHeader(name: path.shown, reason: reason)
            }
            next[picture.shape] = expected + 1
        }
    }
}
