internal import CPosix
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Where the files of a manifest may be: below its folder, or below the folder of the outputs, unless absolute paths were
/// asked for.
struct PathRules: Sendable {
    /// The manifest's folder, absolute.
    let folder: FilePath
    /// The folder that relative outputs are in, absolute.
    let outputFolder: FilePath
    let allowsAbsolute: Bool

    private static let hint = "(--allow-absolute-paths lets a manifest name any file)"

    /// Why a path is refused; `nil` if it is not.
    func refusal(of path: String, isOutput: Bool) -> String? {
        guard !path.isEmpty else { return "a file's name is empty" }
        guard !["-", "/dev/stdin", "/dev/stdout"].contains(path) else {
            return "\(path): a batch has no streams of its own to give; a job reads files, or what its command writes"
        }
        guard !allowsAbsolute else { return nil }
        guard !path.hasPrefix("/") else { return "\(path) is an absolute path \(Self.hint)" }
        var depth = 0
        for part in path.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            guard depth >= 0 else {
                return "\(path) leaves the folder of the \(isOutput ? "outputs" : "manifest") \(Self.hint)"
            }
        }
        let root = isOutput ? outputFolder : folder
        guard let real = Self.resolved(root), let target = nearestExisting(absolute(path, isOutput: isOutput)) else {
            return nil
        }
        guard !target.starts(with: real) else { return nil }
        return "\(path) leads by a link to \(target), out of \(real) \(Self.hint)"
    }

    /// The path from the root of the file system, without `.` and `..`.
    func absolute(_ path: String, isOutput: Bool) -> FilePath {
        (isOutput ? outputFolder : folder).pushing(FilePath(path)).lexicallyNormalized()
    }

    /// What a path leads to, or the nearest folder above it that there is.
    private func nearestExisting(_ path: FilePath) -> FilePath? {
        var path = path
        while true {
            if let real = Self.resolved(path) { return real }
            guard path.removeLastComponent() else { return nil }
        }
    }

    /// The path with all links followed; `nil` if nothing is there.
    static func resolved(_ path: FilePath) -> FilePath? {
        guard let real = unsafe path.withPlatformString({ unsafe cposix_resolve($0) }) else { return nil }
        defer { unsafe free(real) }
        return unsafe FilePath(platformString: real)
    }

    /// The files that match a pattern below the manifest's folder.
    func files(matching pattern: String, limit: Int) -> [String] {
        let isAbsolute = pattern.hasPrefix("/")
        let root = isAbsolute ? "/" : folder.string
        let found = GlobPattern(pattern).files(limit: limit) { Self.list(root + "/" + $0) }
        return isAbsolute ? found.map { "/" + $0 } : found
    }

    private static func list(_ folder: String) -> [(name: String, isFolder: Bool)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { name in
            var status = cposix_status()
            let found = unsafe cposix_status_of_path("\(folder)/\(name)", &status) == 0
            return (name, found && status.kind == CPOSIX_DIRECTORY)
        }
    }

    /// The file that a command's first word means: found in the path as a shell does, or named by a path from the manifest's
    /// folder.
    func program(_ name: String, path: String) -> FilePath? {
        let candidates =
            name.contains("/")
            ? [folder.pushing(FilePath(name))]
            : path.split(separator: ":").map { FilePath(String($0)).appending(name) }
        return candidates.first { unsafe $0.withPlatformString { unsafe cposix_is_executable($0) } }
    }
}
