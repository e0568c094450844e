public import PixelConversion
package import Places

/// One encode: where frames come from, what they become, and where that goes.
///
/// A job is a value; nothing is opened before it is run. ``run(_:)`` is in a file of its own.
public struct EncodeJob: Sendable {
    /// Where the frames come from, and how they stand there.
    public var input: InputDescription
    /// The encoder's settings. Its size, frame rate, chroma and color are those of the input unless the other members
    /// of the job say otherwise; what stands in the configuration itself is replaced.
    public var config: EncoderConfig
    /// What happens to the picture between input and encoder.
    public var picture = PictureOptions()
    /// What is said about color; the rest follows from the input.
    public var color = ColorOptions()
    /// Options for single frames, by their number in the output.
    public var frameOptions: [Int: EncodeOptions] = [:]
    /// Files besides the input that what stands here was read from. No output may replace one. The default is none.
    public var otherInputs: [FilePath] = []
    /// Where the chunks go.
    public var output: OutputDescription
    /// What is checked of the output before it gets its name. `nil`, the default, checks nothing.
    public var verification: VerificationOptions?
    /// How the encode is spread over the machine's cores. `nil`, the default, means one encoder.
    public var parallel: ParallelOptions?
    /// Bounds on what waits between the stages.
    public var bounds = PipelineBounds()
    /// What a batch knows the output by, for the receipt. `nil`, the default, outside of one.
    public var record: JobRecord?

    /// A job with every default.
    public init(input: InputDescription, config: EncoderConfig, output: OutputDescription) {
        self.input = input
        self.config = config
        self.output = output
    }

    /// Throws if a file that is read would be written, or one written twice, however they are spelled.
    func checkPlaces() throws(JobError) {
        var places = FilePlaces()
        places.read(self)
        for destination in [output.destination, output.description, output.chunks] {
            places.write(destination, leavesPartial: true)
        }
        places.write(output.receipt)
        try places.check()
    }
}

/// How an input's frames are framed.
public enum InputFormat: String, CaseIterable, Hashable, Sendable {
    /// Y4M if it begins with `YUV4MPEG2`; raw if its size and pixel format are given; else whatever it begins as.
    case auto
    /// Frames and nothing else.
    case raw
    /// YUV4MPEG2.
    case y4m
    /// A coded stream, or a container with one, whose frames are decoded.
    case media
}

/// Where frames come from, and how they stand there.
public struct InputDescription: Sendable {
    /// The input.
    public var origin: ByteSource.Origin
    /// How its frames are framed. The default is to find out.
    public var format = InputFormat.auto
    /// The frames' size; `nil`, the default, where a header tells it.
    public var size: PictureSize?
    /// The frames' rate. `nil`, the default, where a header tells it.
    public var framerate: FrameRate?
    /// The frames of a stream keep times of their own, whatever the rate that its container says. The default is that they
    /// do where the container says none that is constant.
    public var hasVariableRate = false
    /// The output begins at the time at which a media input begins, rather than at 0. The default is that it does not.
    public var keepsStartTime = false
    /// How a raw frame's pixels stand. `nil`, the default, where a header tells it.
    public var pixelFormat: PixelFormat?
    /// Bytes from one row to the next of a raw frame's first plane. `nil`, the default, means rows without a gap.
    public var stride: Int?
    /// How long a pipe may have nothing to give before that is an error. `nil`, the default, waits without end.
    public var timeout: Duration?
    /// Which frames are wanted.
    public var selection = FrameReader.Selection()
    /// Whether the receipt has the input's SHA-256.
    public var hasDigest = false

    /// An input with every default.
    public init(_ origin: ByteSource.Origin) { self.origin = origin }
}

/// What to do about an odd width or height where the codec cannot say it.
public enum OddSizePolicy: String, CaseIterable, Hashable, Sendable {
    /// Refuse the configuration.
    case refuse
    /// Repeat the last column or row.
    case pad
    /// Leave the last column or row out.
    case crop
}

/// What happens to the picture between input and encoder.
public struct PictureOptions: Hashable, Sendable {
    /// The size to scale to. `nil`, the default, does not scale.
    public var scale: PictureSize?
    /// What to do about odd sizes. The default is to refuse them.
    public var oddSize = OddSizePolicy.refuse
    /// The coded chroma. `nil`, the default, means what the input has and the codec string has room for, else 4:2:0.
    public var chroma: ChromaSubsampling?
    /// Bits of a coded sample. `nil`, the default, means what the codec string says, or about what the input has.
    public var bitDepth: Int?
    /// What stands behind transparent input where alpha is discarded. `nil`, the default, means that transparency is
    /// ignored and the colors are taken as they are.
    public var background: RGBColor?
    /// The input's colors are multiplied by its alpha already. The default is that they are not.
    public var isPremultiplied = false
    /// The size at which the picture is to be shown, which becomes the sample aspect ratio. `nil`, the default, means
    /// square samples, or what a header says.
    public var displaySize: PictureSize?
    /// How far a player is to rotate the picture. `nil`, the default, means what the configuration says, or a header.
    public var rotation: Orientation.Rotation?
    /// Whether a player is to mirror it then. `nil`, the default, means what the configuration says, or a header.
    public var flip: Bool?

    /// No change.
    public init() {}
}

/// What is said about color. `nil` everywhere, the default, means BT.709 limited for RGB and gray input, and what a
/// header says, or unspecified, for YUV.
public struct ColorOptions: Hashable, Sendable {
    /// The primaries, which are written as they are.
    public var primaries: ColorPrimaries?
    /// The transfer characteristics, which are written as they are.
    public var transfer: TransferCharacteristics?
    /// The matrix: RGB is converted with it, YUV is taken to have it.
    public var matrix: MatrixCoefficients?
    /// The range: RGB and gray are converted to it, YUV is taken to have it.
    public var fullRange: Bool?
    /// Where 4:2:0 chroma is sited: RGB is converted to it, YUV is taken to have it.
    public var chromaLocation: ChromaLocation?

    /// Nothing said.
    public init() {}
}

/// Where chunks go.
public struct OutputDescription: Sendable {
    /// The output.
    public var destination: ByteSink.Destination
    /// The output's format.
    public var format: OutputFormat
    /// Whether existing files may be replaced. The default is that they may not.
    public var overwrite = false
    /// MP4 is written in fragments, as it is to a pipe in any case. The default is that it is not.
    public var fragment = false
    /// The audio of a media input is carried over as it is, into a container. The default is that it is left behind.
    public var copiesAudio = false
    /// Where the decoder configuration record goes, in formats that have one.
    public var description: ByteSink.Destination?
    /// Where the lines go that describe one chunk each.
    public var chunks: ByteSink.Destination?
    /// Whether the receipt has the output's SHA-256. The default is that it does.
    public var hasDigest = true
    /// Where the receipt goes.
    public var receipt: ByteSink.Destination?
    /// The folder that all outputs have to be in, or below. `nil`, the default, is any.
    package var root: OutputRoot?
    /// Where it is written which files are about to get names; `nil`, the default, outside of a batch.
    package var claim: Int32?

    /// An output with every default.
    public init(_ destination: ByteSink.Destination, format: OutputFormat) {
        self.destination = destination
        self.format = format
    }

    /// The folders that a batch's job writes in, as they are found within ``root``; none without one, or where they cannot be opened.
    package var rootFolders: [OpenFolder] {
        guard root != nil else { return [] }
        let paths = [destination, description, chunks, receipt].compactMap { destination -> FilePath? in
            if case .path(let path)? = destination { path } else { nil }
        }
        return paths.compactMap { try? lookup.place(of: $0).folder }
    }

    /// How the names of the stream and of what is written beside it become places.
    var lookup: OutputLookup {
        var lookup = OutputLookup()
        lookup.root = root
        return lookup
    }

    /// The same for the receipt, which is written at the end.
    var receiptLookup: OutputLookup {
        var lookup = lookup
        lookup.isSide = true
        return lookup
    }

    /// Throws if there is something already where nothing may be replaced. It is checked again when the outputs are
    /// named; this is to find out before the work is done.
    func checkAvailable() throws(SinkError) {
        for destination in [destination, description, chunks].compactMap(\.self) {
            try ByteSink.checkAvailable(destination, lookup, overwrite: overwrite)
        }
        if let receipt { try ByteSink.checkAvailable(receipt, receiptLookup, overwrite: overwrite) }
    }
}

/// Bounds on what waits between the stages.
public struct PipelineBounds: Hashable, Sendable {
    /// Pictures that wait for the encoder, at most. At least 1; the default is 16.
    public var queueDepth = 16
    /// Bytes of pictures and chunks in flight, at most; the encoder's own memory comes on top. The default is 32 MiB,
    /// and whatever three pictures need where that is more. If it is set, it is kept.
    public var maxBytes: Int?

    /// The defaults.
    public init() {}
}
