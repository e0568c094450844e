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
        if let startNumber { found.removeAll { ($0.number ?? -1) < startNumber } }
        guard let first = found.first else { throw Self.nothing(path, folder, startNumber) }
        try Self.check(found, from: startNumber ?? first.number, pattern, path)
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

    /// Throws if a number is missing, where the names differ in one number alone.
    private static func check(
        _ found: [NumberedName],
        from first: Int?,
        _ pattern: NamePattern,
        _ path: FilePath
    ) throws(IngestError) {
        guard var expected = first, let shape = found.first?.shape, found.allSatisfy({ $0.shape == shape }) else {
            return
        }
        for picture in found {
            guard let number = picture.number else { return }
            guard number == expected else {
                let there = "\(picture.name.spelled) is there"
                let reason =
                    number < expected
                    ? "two names have the number \(number)" : "number \(expected) is missing, and \(there)"
                throw .damagedHeader(name: path.shown, reason: reason)
            }
            expected += 1
        }
    }
}

/// A name in which a number may be found, for its order.
private struct NumberedName: Comparable {
    let name: FileName
    /// The number that counts; `nil` without one.
    let number: Int?
    /// The name without that number: alike in names that count.
    let shape: [UInt8]
    /// Text and numbers by turns.
    private let parts: [Part]

    enum Part: Comparable {
        case number(Int, digits: Int)
        case text([UInt8])

        static func < (first: Part, second: Part) -> Bool {
            switch (first, second) {
            case (.number(let a, let digits), .number(let b, let others)): (a, digits) < (b, others)
            case (.number, .text): true
            case (.text, .number): false
            case (.text(let a), .text(let b)): a.lexicographicallyPrecedes(b)
            }
        }
    }

    init(_ name: FileName, _ place: Range<Int>) {
        (self.name, parts) = (name, Self.parts(name.bytes))
        let digits = place.isEmpty ? name.bytes.lastNumber : place
        let end = name.bytes.count
        shape = name.bytes[..<(digits?.lowerBound ?? end)] + [0] + name.bytes[(digits?.upperBound ?? end)...]
        number = digits.flatMap { Int(String(decoding: name.bytes[$0], as: UTF8.self)) }
    }

    static func < (first: NumberedName, second: NumberedName) -> Bool {
        guard first.parts == second.parts else { return first.parts.lexicographicallyPrecedes(second.parts) }
        return first.name < second.name
    }

    static func == (first: NumberedName, second: NumberedName) -> Bool { first.name == second.name }

    private static func parts(_ bytes: [UInt8]) -> [Part] {
        var (parts, rest): ([Part], ArraySlice<UInt8>) = ([], bytes[...])
        while let first = rest.first {
            let run = rest.prefix { $0.isDigit == first.isDigit }
            // Numbers of more digits than these are text.
            let number = first.isDigit && run.count <= 18 ? Int(String(decoding: run, as: UTF8.self)) : nil
            parts.append(number.map { .number($0, digits: run.count) } ?? .text(Array(run)))
            rest = rest.dropFirst(run.count)
        }
        return parts
    }
}

extension [UInt8] {
    /// The place of the last number, of at most 18 digits.
    fileprivate var lastNumber: Range<Int>? {
        guard let last = lastIndex(where: \.isDigit) else { return nil }
        var start = last
        while start > 0, self[start - 1].isDigit { start -= 1 }
        return last - start < 18 ? start..<last + 1 : nil
    }
}

extension UInt8 {
    /// A digit of ASCII.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
