internal import ArgumentParser
internal import CPosix
internal import Sluice

enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
    case auto, none, plain, json, openjd
}

/// Progress, messages and the result of a command.
struct ReportingFlags: ParsableArguments {
    @Option(
        help:
            "Style of the progress display; auto: one updated line on a terminal, plain lines elsewhere; openjd: for Open Job Description sessions."
    )
    var progress = ProgressStyle.auto

    @Option(
        help: ArgumentHelp("File descriptor for the progress. (default: 2)", valueName: "n"),
        transform: expecting("a whole number, 0 or more")
    )
    var progressFd: Int32 = 2

    @Flag(help: "Print the result, or the failure, as one JSON object on standard output.")
    var json = false

    @Option(help: "Lowest severity of the messages shown.")
    var logLevel = LogLevel.warning

    @Flag(help: "Print errors only.")
    var quiet = false

    func validate() throws { try ProgressDescriptor.check(progressFd) }
}

/// The descriptor for progress.
enum ProgressDescriptor {
    /// Throws unless the descriptor is open and writable. The program has not opened any descriptors yet, so an open one was
    /// inherited. A closed standard error is not an error.
    static func check(_ number: Int32) throws {
        guard number == 2 || (number > 0 && cposix_is_writable(number)) else {
            throw ValidationError("--progress-fd \(number) is not a descriptor that is open for writing")
        }
    }
}
