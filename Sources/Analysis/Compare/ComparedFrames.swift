internal import Bitstream
internal import EncoderCore
internal import Ingest
internal import Jobs
internal import Media
internal import Threading
internal import VideoTypes

/// The frames of one side of a comparison, in presentation order.
protocol ComparedFrames: AnyObject {
    /// What messages call the side.
    var name: String { get }
    /// How the first frame is laid out in memory.
    var layout: PictureLayout { get }
    /// The size of the side's own frames, of which a part may be compared.
    var size: PictureSize { get }
    /// The color of YUV frames, as far as it is known.
    var color: VideoColorSpace { get }
    /// Where their chroma is.
    var chromaLocation: ChromaLocation { get }

    /// The next frame; `nil` after the last.
    func next() throws(JobError) -> VideoFrame?
}

extension ComparedFrames {
    var size: PictureSize { layout.size }
}

/// Frames that are not compressed.
final class RawFrames: ComparedFrames {
    let name: String
    let layout: PictureLayout
    let color: VideoColorSpace
    let chromaLocation: ChromaLocation
    private var reader: FrameReader

    /// Frames that are held at a time: one, and the next while it is read.
    private static let capacity = 2

    /// - Parameters:
    ///   - source: At its first byte.
    ///   - input: How raw frames are laid out there, and which are wanted.
    init(_ source: consuming ByteSource, _ input: InputDescription) throws(JobError) {
        name = source.name
        let header = try source.readY4MHeader(input.format)
        layout = try input.layout(header.map(InputHeader.init(_:)))
        var color = VideoColorSpace.unspecified
        color.fullRange = header?.fullRange ?? false
        (self.color, chromaLocation) = (color, header?.chromaLocation ?? .left)
        reader = FrameReader(
            input: source,
            source: layout,
            isY4M: header != nil,
            conversion: .none,
            selection: input.selection,
            framerate: input.framerate ?? header?.frameRate ?? .thirty,
            pool: PicturePool(layout: layout, capacity: Self.capacity),
            clock: StageClock()
        )
        try asJobError { () throws(IngestError) in
            try reader.checkLength()
            try reader.skipFrames()
        }
    }

    func next() throws(JobError) -> VideoFrame? {
        try asJobError { () throws(IngestError) in try reader.next() }
    }
}
