internal import Sluice

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What surrounds the process.
enum Environment {
    /// The variables, by name.
    static var variables: [String: String] { ProcessInfo.processInfo.environment }

    /// The folder that relative names begin in.
    static var workingFolder: FilePath { FilePath(FileManager.default.currentDirectoryPath) }

    /// This program's own file, whatever it was called by.
    static var program: FilePath {
        #if os(Linux)
            FilePath("/proc/self/exe")
        #else
            workingFolder.pushing(FilePath(CommandLine.arguments[0]))
        #endif
    }
}
