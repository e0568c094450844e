internal import CPosix
internal import Places
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
    static var workingFolder: FilePath { .workingFolder }

    /// The arguments that the process was started with, without the program's name: texts that spell their bytes.
    static var arguments: [String] {
        (0..<cposix_argument_count()).dropFirst().map { number in
            // SAFETY: the strings are main's own, end with a NUL, and are never changed.
            unsafe Spelling.text(cString: cposix_argument(number))
        }
    }

    /// This program's own file, whatever it was called by.
    static var program: FilePath { unsafe workingFolder.pushing(FilePath(platformString: cposix_program())) }
}
