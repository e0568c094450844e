import Foundation
import SystemPackage
import Testing

/// A folder that is removed with its owner. All tests make theirs by it.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// A new, empty folder.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "sluice-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// A file in it, there or not.
    public func file(_ name: String) -> URL { url.appending(path: name) }

    /// The path of a file in it, there or not.
    public func path(_ name: String) -> FilePath { FilePath(file(name).path) }

    /// There is such a file in it; a link has to lead to one.
    public func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name).path) }

    /// The bytes of a file in it; `nil` where there is no such file.
    public func contents(of name: String) -> [UInt8]? { try? bytes(of: name) }

    /// The bytes of a file in it.
    public func bytes(of name: String) throws -> [UInt8] { Array(try Data(contentsOf: file(name))) }

    /// Writes a file.
    public func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: file(name)) }

    /// Writes a file of text.
    public func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    /// Everything in it, hidden files too, but not the streams of commands that run or ran in it.
    public var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return all.filter { !$0.hasPrefix(Self.streamPrefix) }.sorted()
    }

    private static let streamPrefix = "stream-"

    /// Names for the streams of a command that runs in it, one for each of these.
    public static func streamNames(_ streams: [String]) -> [String] {
        let command = UUID().uuidString
        return streams.map { "\(streamPrefix)\(command)-\($0)" }
    }

    /// How long a command may run, in seconds; one that hangs is killed, and fails the test.
    private static let patience = 300.0

    /// Runs a command in the folder.
    ///
    /// - Returns: What it wrote to stdout and stderr; files take both, so that no pipe can fill up.
    @discardableResult
    public func run(_ command: String, _ arguments: [String]) throws -> (output: String, errors: String) {
        let streams = Self.streamNames(["out", "err"])
        for stream in streams { try write([], to: stream) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [command] + arguments
        process.currentDirectoryURL = url
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: file(streams[0]))
        process.standardError = try FileHandle(forWritingTo: file(streams[1]))
        try process.run()
        let child = process.processIdentifier
        let limit = DispatchWorkItem { kill(child, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience, execute: limit)
        process.waitUntilExit()
        limit.cancel()
        let texts = try streams.map { String(decoding: try bytes(of: $0), as: UTF8.self) }
        try #require(process.terminationStatus == 0, "\(command) \(arguments.joined(separator: " ")): \(texts[1])")
        return (texts[0], texts[1])
    }
}
