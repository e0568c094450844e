internal import CPosix
internal import Logging
internal import Sluice
internal import SystemPackage

extension FileDescriptor {
    /// Standard output, which has another number than 1 while libraries are kept away from it.
    static var ownOutput: FileDescriptor { FileDescriptor(rawValue: cposix_standard_output()) }

    /// Standard error, which has another number than 2 while libraries are kept away from it.
    static var ownErrors: FileDescriptor { FileDescriptor(rawValue: cposix_standard_error()) }

    /// What a user means by a descriptor's number.
    static func named(_ number: Int32) -> FileDescriptor {
        switch number {
        case 1: ownOutput
        case 2: ownErrors
        default: FileDescriptor(rawValue: number)
        }
    }
}

/// A command's messages on standard error, and what libraries print, which becomes messages.
///
/// Create it before the first call of a codec library or libavformat.
struct CommandWords {
    let words: Diagnostics
    let logger: Logger
    private let prints: LibraryOutput

    /// - Parameter level: The least serious messages that are shown.
    init(level: Logger.Level) throws(Failure) {
        do throws(LibraryOutput.Refused) {
            prints = try LibraryOutput()
        } catch {
            throw Failure(.unavailable, name: "pipeRefused", message: "cannot create a pipe: \(error)")
        }
        let words = Diagnostics(.ownErrors)
        self.words = words
        logger = Logger(label: "sluice") { _ in DiagnosticsLogHandler(words, level: level) }
        prints.log(to: logger)
    }

    /// Prints the last messages of libraries before those of the command. Called once.
    func endPrints() { prints.finish() }
}
