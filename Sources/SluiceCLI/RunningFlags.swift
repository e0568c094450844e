internal import ArgumentParser
internal import CPosix
internal import Sluice

struct RunningFlags: ParsableArguments {
    @Option(help: "Pictures that wait for the encoder, at most.", transform: expecting("a whole number in 1...4096"))
    var queueDepth = 16

    @Option(
        help: "Memory for pictures and chunks in flight, at most; the encoder's own comes on top. (default: 32M)",
        transform: expecting("bytes, such as 64M or 2G")
    )
    var maxMemory: MemorySize?

    @Option(help: "How to say how far it is; auto: a line on a terminal, plain lines elsewhere.")
    var progress = ProgressStyle.auto

    @Option(
        help: ArgumentHelp("The descriptor that progress goes to.", valueName: "n"),
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
        guard (1...4096).contains(queueDepth) else {
            throw ValidationError("--queue-depth \(queueDepth) is not in 1...4096")
        }
        // Nothing of ours is open yet, so that what is open is meant.
        guard progressFd > 0, cposix_is_open(progressFd) else {
            throw ValidationError("--progress-fd \(progressFd) is not a descriptor that is open for writing")
        }
    }

    var bounds: PipelineBounds {
        var bounds = PipelineBounds()
        bounds.queueDepth = queueDepth
        bounds.maxBytes = maxMemory?.bytes
        return bounds
    }
}
