internal import ArgumentParser
internal import Sluice

struct RunningFlags: ParsableArguments {
    @Option(
        help: "Maximum number of pictures waiting for the encoder. (default: 16)",
        transform: expecting("a whole number in 1...4096")
    )
    var queueDepth = 16

    @Option(
        help: "Maximum memory for pictures and chunks in flight, without the encoder's own. (default: 16M)",
        transform: expecting("bytes, such as 64M or 2G")
    )
    var maxMemory: MemorySize?

    @Option(
        help: ArgumentHelp(
            "Split the frames into segments, and encode this many at a time; auto: only if that is faster than the codec's own threads. The output is the same for every number.",
            valueName: "auto|n"
        ),
        transform: expecting("auto, or a whole number in 1...128")
    )
    var parallel: Workers?

    @Option(
        help: "Frames in a segment. (default: whole key frame intervals, 120 frames or more)",
        transform: expecting("a whole number, 1 or more")
    )
    var segmentFrames: Int?

    @OptionGroup var reporting: ReportingFlags

    func validate() throws {
        if parallel == nil, segmentFrames != nil {
            throw ValidationError("--segment-frames needs --parallel")
        }
        if let segmentFrames, !(1...1_000_000).contains(segmentFrames) {
            throw ValidationError("--segment-frames \(segmentFrames) is not in 1...1000000")
        }
        guard (1...4096).contains(queueDepth) else {
            throw ValidationError("--queue-depth \(queueDepth) is not in 1...4096")
        }
    }

    /// How the encode is spread over the cores; `nil` if it is not.
    var parallelOptions: ParallelOptions? {
        guard let parallel else { return nil }
        var options = ParallelOptions()
        options.workers = parallel.workers
        options.segmentFrames = segmentFrames
        return options
    }

    var bounds: PipelineBounds {
        var bounds = PipelineBounds()
        bounds.queueDepth = queueDepth
        bounds.maxBytes = maxMemory?.bytes
        return bounds
    }
}
