internal import ArgumentParser
internal import CPosix
internal import Sluice

enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
    case auto, none, plain, json, openjd
}

/// What is said while a command runs, and at its end.
struct ReportingFlags: ParsableArguments {
    @Option(
        help:
            "How to say how far it is; auto: a line on a terminal, plain lines elsewhere; openjd: for sessions of Open Job Description."
    )
    var progress = ProgressStyle.auto

    @Option(
        help: ArgumentHelp("The descriptor that progress goes to. (default: 2)", valueName: "n"),
        transform: expecting("a whole number, 0 or more")
    )
    var progressFd: Int32 = 2

    @Flag(help: "Give the result, or the failure, as one JSON object on standard output.")
    var json = false

    @Option(help: "The least serious messages to show.")
    var logLevel = LogLevel.warning

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        // Nothing of ours is open yet, so that what is open is meant.
        guard progressFd > 0, cposix_is_open(progressFd) else {
            throw ValidationError("--progress-fd \(progressFd) is not a descriptor that is open for writing")
        }
    }
}
