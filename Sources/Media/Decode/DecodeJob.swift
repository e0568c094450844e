public import Confinement
public import Containers
internal import Encoders
public import Ingest
public import Jobs
public import Logging
public import VideoTypes

/// One decoding: which stream, what its frames become, and where they go.
///
/// A job is a value; files are opened only when it runs.
public struct DecodeJob: Sendable {
    /// What frames are written as.
    public enum Format: String, CaseIterable, Hashable, Sendable {
        /// Frames one after the other, rows without gaps.
        case raw
        /// YUV4MPEG2.
        case y4m
        /// A line of text for each frame, with its SHA-256: see ``FrameHashText``.
        case framehash

        /// The format of a file name's extension, and the pixel format if the extension is the name of one.
        public static func named(by fileExtension: String) -> (format: Format, pixels: PixelFormat?)? {
            let name = fileExtension.lowercased()
            if let pixels = PixelFormat(rawValue: name) { return (.raw, pixels) }
            switch name {
            case "y4m": return (.y4m, nil)
            case "yuv", "raw", "rgb", "bin": return (.raw, nil)
            case "framehash", "sha256": return (.framehash, nil)
            default: return nil
            }
        }
    }

    /// The stream.
    public var input: ByteSource.Origin
    /// What is known of it beforehand.
    public var media = MediaOptions()
    /// Which frames are wanted. Whether a partial stream is accepted, is in ``media``.
    public var selection = FrameReader.Selection()
    /// How the pixels are laid out. `nil`, the default, is the stream's own format.
    public var pixelFormat: PixelFormat?
    /// Transparency is decoded: the output has room for it.
    var keepsAlpha: Bool { pixelFormat?.hasAlpha == true }
    /// The size to scale to. `nil`, the default, does not scale.
    public var size: PictureSize?
    /// What is written.
    public var format: Format
    /// The destination of the output.
    public var output: ByteSink.Destination
    /// Whether an existing file may be replaced. The default is that it may not.
    public var overwrite = false
    /// The destination of the receipt.
    public var receipt: ByteSink.Destination?
    /// Threads that decode. `nil`, the default, is one for each processor.
    public var threads: Int?

    /// A job with every default.
    public init(input: ByteSource.Origin, output: ByteSink.Destination, format: Format) {
        (self.input, self.output, self.format) = (input, output, format)
    }

    /// What a job needs from its caller.
    public struct Context: Sendable {
        /// Ends the input early: what has been read is written, and the output gets the suffix `.partial`.
        public var interrupt = Interrupt()
        /// Learns of the files that do not have their names yet.
        public var temporaries = TemporaryFiles()
        /// Takes messages.
        public var logger = Logger.silent
        /// What confines the process, for the receipt; `nil`, the default, where its owner does not tell.
        public var sandbox: SandboxState?

        /// A context without observers.
        public init() {}
    }

    /// Runs the job to its end, on the calling thread and others of its own.
    ///
    /// - Returns: The result. Then every requested frame of the stream is in the output.
    /// - Throws: ``Jobs/JobError``. Then no output is written, and an existing file stays as it was.
    @available(*, noasync, message: "blocks the calling thread")
    public func run(_ context: Context = Context()) throws(JobError) -> DecodeReceipt {
        guard selection.skip >= 0, selection.count ?? 1 > 0, (1...64).contains(threads ?? 1) else {
            throw .usage("skip is 0 or more, count 1 or more, and threads in 1...64")
        }
        guard format != .y4m || pixelFormat.map(Y4MText.has) ?? true else {
            throw .usage("Y4M does not support \(pixelFormat?.rawValue ?? "this format") (\(Y4MText.formatNames))")
        }
        try checkPlaces()
        return try DecodeRun(self, context).run()
    }

    private func checkPlaces() throws(JobError) {
        var places = FilePlaces()
        places.read(input, media)
        places.write(output, leavesPartial: true)
        places.write(receipt)
        try places.check()
        try asJobError { () throws(SinkError) in
            try ByteSink.checkAvailable(output, overwrite: overwrite)
            if let receipt { try ByteSink.checkAvailable(receipt, receiptLookup, overwrite: overwrite) }
        }
    }

    /// How the receipt's name becomes a place: it is written at the end.
    package var receiptLookup: OutputLookup { .side }
}
