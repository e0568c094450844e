public import Encoders
public import Filters
public import Jobs
public import Media
internal import PixelConversion
internal import Places
public import SystemPackage
public import VideoTypes

/// One encode: the source of its frames, their encoding, and the destination of the output.
///
/// A job is a value; files are opened only when it runs. ``run(_:)`` is in a separate file.
public struct EncodeJob: Sendable {
    /// Where the frames come from, and how they are laid out there.
    public var input: InputDescription
    /// The encoder's settings. Its size, frame rate, chroma and color are those of the input unless other members of the job
    /// set them; these values in the configuration itself are replaced.
    public var config: EncoderConfig
    /// What filters make of the pictures before anything else happens to them. The default is nothing.
    public var filters = PictureFilters()
    /// What happens to the picture between input and encoder.
    public var picture = PictureOptions()
    /// The color of the input, where it is converted, or not tagged. The default takes the input's tags.
    public var inputColor = InputColor()
    /// The specified color; other values follow from the input.
    public var color = ColorOptions()
    /// Options for single frames, by their number in the output.
    public var frameOptions: [Int: EncodeOptions] = [:]
    /// What was done with the pictures of the input before this job gets them, for the receipt; `nil`, the default, is nothing.
    var filtering: Receipt.Filtering?
    /// Files besides the input from which this job was read. No output may replace one. The default is empty.
    public var otherInputs: [FilePath] = []
    /// Where the chunks go.
    public var output: OutputDescription
    /// Checks of the output before it is renamed into place. `nil`, the default, means none.
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
    package func checkPlaces() throws(JobError) {
        var places = FilePlaces()
        places.read(self)
        for destination in [output.destination, output.description, output.chunks] {
            places.write(destination, leavesPartial: true)
        }
        places.write(output.receipt)
        try places.check()
    }
}
