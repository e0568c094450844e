internal import Bitstream
internal import Jobs
internal import VideoTypes

/// What is in a stream.
public struct StreamReport: Encodable, Sendable {
    /// How much of something there is in a stream.
    public struct Range: Encodable, Sendable {
        /// The mean.
        public let average: Double
        /// The least.
        public let min: Double
        /// The most.
        public let max: Double

        init?(_ values: [Double]) {
            guard let min = values.min(), let max = values.max() else { return nil }
            (self.min, self.max) = (min, max)
            average = values.reduce(0, +) / Double(values.count)
        }
    }

    /// The version of this object's shape.
    public let version = 1
    /// The path, or "standard input".
    public let name: String
    /// How the stream is framed.
    public let format: String
    /// The codec's name.
    public let codec: String
    /// The codec string that the stream's own headers make.
    public let codecString: String
    /// The profile as text.
    public let profile: String
    /// Width and height of the picture that is shown, in luma samples; of the largest, where a stream has several.
    public let width: Int
    /// The same for its height.
    public let height: Int
    /// The sizes of the pictures that are shown, each from a unit on: one, unless the stream changes it.
    public internal(set) var pictures: [Pictures] = []
    /// The number of changes of the size over the limit of the list.
    public internal(set) var picturesOmitted = 0
    /// Chroma and bit depth.
    public let samples: String
    /// The color.
    let colorSpace: ColorSpaceObject
    let colorWords: String
    /// Units.
    public let frames: Int
    /// Units that show a picture: fewer than all units if pictures are hidden, or an edit list skips some.
    public let shownFrames: Int
    /// Units that decoding can start with.
    public let keyFrames: Int
    /// Bytes of all units.
    public let bytes: Int
    /// Microseconds from the first picture to the end of the last.
    public let duration: Int64
    /// Frames a second: as specified for the stream, else from the timestamps.
    public let framerate: Double
    /// Bits a second over the whole duration.
    public let averageBitrate: Double
    /// Bits a second in the second that has the most.
    public let peakBitrate: Double
    /// The target bit rate of the encode, if known.
    public internal(set) var targetBitrate: Int?
    /// The scale of the header quantizers.
    public let quantizerScale: String
    /// The header quantizers of all units.
    public let quantizer: Range?
    /// Units of each temporal layer, where layers are known.
    public let temporalLayers: [Int: Int]?
    /// Peak signal-to-noise ratio of the frames against the source, in decibels.
    public internal(set) var psnr: Range?
    /// What the source was, if there was one.
    public internal(set) var source: String?
    /// Whether the stream keeps to its level.
    public let level: LevelVerdict
    /// The different parameter sets, as text.
    public let parameterSets: [ParameterSetWords]
    /// The number of parameter sets over the limit of the list.
    public let parameterSetsOmitted: Int
    /// The units in decoding order.
    public internal(set) var units: [InspectedUnit]

    init(
        name: String,
        format: String,
        _ codec: VideoCodec,
        _ profile: StreamProfile,
        _ framerate: FrameRate?,
        _ units: [InspectedUnit],
        _ sets: ParameterSetList
    ) {
        let timeline = Timeline(units, framerate: framerate ?? profile.framerate)
        (self.name, self.format, self.codec, self.units) = (name, format, codec.name, units)
        level = LevelVerdict(profile.level, framerate: timeline.framerate, units: units)
        codecString = profile.codecString(level.level ?? level.lowestLevel)
        self.profile = profile.words
        (width, height) = (profile.shownSize.width, profile.shownSize.height)
        samples = profile.format
        (colorSpace, colorWords) = (ColorSpaceObject(profile.colorSpace), profile.colorSpace.words)
        frames = units.count
        shownFrames = units.count(where: \.isShown)
        keyFrames = units.count(where: \.isKey)
        bytes = timeline.bytes
        duration = timeline.duration
        self.framerate = timeline.framerate?.approximate ?? 0
        (averageBitrate, peakBitrate) = (timeline.averageBitrate, timeline.peakBitrate)
        quantizerScale = UnitInspectors.quantizerScale(codec)
        quantizer = Range(units.compactMap { $0.quantizer?.average })
        let layers = Dictionary(grouping: units.compactMap(\.temporalLayer)) { $0 }.mapValues(\.count)
        temporalLayers = layers.isEmpty ? nil : layers
        (parameterSets, parameterSetsOmitted) = (sets.sets, sets.omitted)
    }

    /// `16 shown, `, if that differs from the number of units.
    var shownWords: String { shownFrames == frames ? "" : "\(shownFrames) shown, " }

    /// The object as one line of JSON, with its line feed.
    public var line: [UInt8] { JSON.line(self) }

    private enum CodingKeys: String, CodingKey {
        case version, name, format, codec, codecString, profile, width, height, pictures, picturesOmitted, samples,
            colorSpace, frames, shownFrames, keyFrames
        case bytes, duration, framerate, averageBitrate, peakBitrate, targetBitrate, quantizerScale, quantizer
        case temporalLayers, psnr, source, level, parameterSets, parameterSetsOmitted, units
    }
}
