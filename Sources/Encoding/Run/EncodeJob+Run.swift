internal import CPosix
public import Confinement
public import Containers
internal import Filters
public import Ingest
public import Jobs
public import Logging
internal import Media

extension EncodeJob {
    /// What a job needs from its caller.
    public struct Context: Sendable {
        /// Ends the input early: what has been read is encoded, and the output gets the suffix `.partial`.
        public var interrupt = Interrupt()
        /// Where the job reports its progress.
        public var progress = JobProgress()
        /// Learns of the files that do not have their names yet.
        public var temporaries = TemporaryFiles()
        /// How files are read whose frames need no conversion. The default is to read them; a program may map them.
        public var fileAccess = FileAccess.read
        /// How many processors segments are spread over where that is left open; asked only then. The default is all of the
        /// machine's.
        public var cores: @Sendable () -> Int = { max(1, Int(cposix_core_count())) }
        /// Takes messages.
        public var logger = Logger.silent
        /// What confines the process, for the receipt; `nil`, the default, where its owner does not tell.
        public var sandbox: SandboxState?

        /// A context without observers.
        public init() {}
    }

    /// Runs the job to its end, on the calling thread and two of its own.
    ///
    /// - Returns: The receipt. Every frame that came in is in the output then.
    /// - Throws: ``Jobs/JobError``. Then no output is written, and an existing file stays as it was.
    @available(*, noasync, message: "blocks the calling thread")
    public func run(_ context: Context = Context()) throws(JobError) -> Receipt {
        guard input.selection.skip >= 0, input.selection.count ?? 1 > 0, (1...4096).contains(bounds.queueDepth) else {
            throw .usage("skip is 0 or more, count 1 or more, and the queue's depth in 1...4096")
        }
        try parallel?.check()
        try checkKeeping()
        try checkTimes()
        // What is known without the input is checked without it: a wrong setting is not to wait for a slow producer.
        try checkFilters()
        var plan: EncodePlan?
        if !hasFilters(nil), ![.y4m, .media].contains(input.format), input.isDescribed {
            plan = try EncodePlan(self, header: nil)
        }
        try output.checkAudio()
        try checkPlaces()
        try asJobError { () throws(SinkError) in try output.checkAvailable() }
        return try EncodeRun(self, context, plan: plan).run()
    }
}
