import Foundation
import TestSupport

/// Where things are.
enum Repository {
    static let products = {
        let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent()
    }()

    /// The folder of the whole repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func example(_ name: String) -> String { "\(root)/Examples/\(name)" }
}

/// A command ended with a status that is not 0.
struct Failed: Error, CustomStringConvertible {
    let description: String
}

/// Commands that run in a folder.
extension TemporaryFolder {
    @discardableResult
    func run(_ command: String, _ arguments: String...) throws -> String { try run(command, arguments: arguments) }

    @discardableResult
    func run(_ command: String, arguments: [String] = [], standardOutput: String = "stdout") throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [command] + arguments
        process.currentDirectoryURL = url
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["SLUICE_PROGRAM": Self.program],
            uniquingKeysWith: { _, ours in ours }
        )
        let output = url.appending(path: standardOutput)
        FileManager.default.createFile(atPath: output.path, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(description: "\(command) \(arguments) ended with status \(process.terminationStatus)")
        }
        return try String(decoding: Data(contentsOf: output), as: UTF8.self)
    }

    private static var program: String {
        ProcessInfo.processInfo.environment["SLUICE_PROGRAM"] ?? Repository.products.appending(path: "sluice").path
    }

    /// Profile, width, height, level and the number of frames that ffprobe decodes.
    func probe(_ name: String) throws -> String {
        let entries = "stream=profile,width,height,level,nb_read_frames"
        let arguments = ["-v", "error", "-count_frames", "-show_entries", entries, "-of", "csv=p=0", name]
        return try run("ffprobe", arguments: arguments).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
