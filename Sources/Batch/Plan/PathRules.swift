internal import CPosix
internal import Places
internal import Sluice
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where the files of a manifest may be: below its folder, or below the folder of the outputs, unless absolute paths were
/// allowed.
struct PathRules: Sendable {
    /// The manifest's folder, absolute.
    let folder: FilePath
    /// The folder that relative outputs are in, absolute.
    let outputFolder: FilePath
    let allowsAbsolute: Bool

    private static let hint = "(to allow it, use --allow-absolute-paths)"

    /// Why a path is refused; `nil` if it is not.
    func refusal(of path: String, isOutput: Bool) -> String? {
        guard !path.isEmpty else { return "a file's name is empty" }
        if let long = path.utf8.split(separator: UInt8(ascii: "/")).map(\.count).max(), long > 255 {
            return "\(path): a name of \(long) bytes is too long (at most 255)"
        }
        guard !["-", "/dev/stdin", "/dev/stdout"].contains(path) else {
            return "\(path): a job cannot read or write standard streams; it reads files, or the output of its command"
        }
        let last = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last.map(Array.init)
        if isOutput, let last, ["", ".", ".."].contains(where: { last == Array($0.utf8) }) {
            return "\(path) is a folder, but an output must be a file"
        }
        guard !allowsAbsolute else { return nil }
        // By bytes: a slash and an accent after it are one character, and still a slash.
        guard path.utf8.first != UInt8(ascii: "/") else { return "\(path) is an absolute path \(Self.hint)" }
        var depth = 0
        for part in path.utf8.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            depth += part.elementsEqual("..".utf8) ? -1 : 1
            guard depth >= 0 else {
                return "\(path) is outside the folder of the \(isOutput ? "outputs" : "manifest") \(Self.hint)"
            }
        }
        let root = isOutput ? outputFolder : folder
        guard let real = Self.resolved(root), let target = nearestExisting(absolute(path, isOutput: isOutput)) else {
            return nil
        }
        guard !target.starts(with: real) else { return nil }
        return "\(path) is a link to \(target.spelled), outside \(real.spelled) \(Self.hint)"
    }

    /// The path from the root of the file system, without `.` and `..`.
    func absolute(_ path: String, isOutput: Bool) -> FilePath {
        (isOutput ? outputFolder : folder).pushing(FilePath(spelled: path)).lexicallyNormalized()
    }

    /// Whether an input with the name exists.
    func isThere(_ name: String) -> Bool { Self.resolved(absolute(name, isOutput: false)) != nil }

    /// The target of a path, or its nearest existing parent folder.
    private func nearestExisting(_ path: FilePath) -> FilePath? {
        var path = path
        while true {
            if let real = Self.resolved(path) { return real }
            guard path.removeLastComponent() else { return nil }
        }
    }

    /// The path with all links followed; `nil` if it does not exist.
    static func resolved(_ path: FilePath) -> FilePath? {
        guard let real = unsafe path.withPlatformString({ unsafe cposix_resolve($0) }) else { return nil }
        defer { unsafe free(real) }
        return unsafe FilePath(platformString: real)
    }

    /// What a pattern finds.
    struct Matches {
        let files: [String]
        /// Folders were not read, because of a lack of descriptors or memory: more files may exist.
        let shortage: Errno?
    }

    /// The files that match a pattern below the manifest's folder.
    func files(matching pattern: String, limit: Int) -> Matches {
        let isAbsolute = pattern.utf8.first == UInt8(ascii: "/")
        let root = isAbsolute ? "/" : folder
        var shortage: Errno?
        let found = GlobPattern(pattern).files(limit: limit) { folder in
            do throws(PlaceError) {
                return try Self.list(folder.isEmpty ? root : root.pushing(folder))
            } catch {
                // As in a shell, what is not a folder, or may not be read, has no files.
                if case .system(let errno) = error, errno.isShortage { shortage = errno }
                return []
            }
        }
        return Matches(files: found.map { (isAbsolute ? "/" : "") + $0.spelled }, shortage: shortage)
    }

    private static func list(_ folder: FilePath) throws(PlaceError) -> [(name: FileName, isFolder: Bool)] {
        let open = try OpenFolder(folder)
        let names: [FileName]
        do throws(Errno) { names = try open.list() } catch { throw .system(error) }
        return names.sorted().map { name in
            var status = cposix_status()
            let found = unsafe folder.appending(name).withPlatformString {
                unsafe cposix_status_of_path($0, &status) == 0
            }
            return (name, found && status.kind == CPOSIX_DIRECTORY)
        }
    }

    /// The file of a command's program: found in the path as a shell does, or named by a path from the manifest's folder.
    func program(_ name: String, path: String) -> FilePath? {
        let candidates =
            name.utf8.contains(UInt8(ascii: "/"))
            ? [folder.pushing(FilePath(spelled: name))]
            : path.split(separator: ":").map { FilePath(spelled: String($0)).pushing(FilePath(spelled: name)) }
        return candidates.first { unsafe $0.withPlatformString { unsafe cposix_is_executable($0) } }
    }
}
