package import Bitstream
package import Containers
internal import Ingest
package import Jobs
package import VideoTypes

/// A unit of a stream with what its file stores about it. Times are in microseconds.
package struct MediaUnit {
    var data: [UInt8]
    /// What messages call it.
    var place: String
    var timestamp: Int64?
    var decodeTimestamp: Int64?
    var duration: Int64?
    /// The file holds it as a picture with a time of its own: without one, it is damaged.
    var mustHavePicture = false
    /// An edit list leaves its picture out.
    var isDiscarded = false
    /// The unit's type as the file stores it; `nil` if the file does not store it reliably.
    var type: EncodedVideoChunk.ChunkType?
    /// The decoder configuration record from here on, where it changes.
    var description: [UInt8]?
    var alpha: [UInt8]?

    init(_ data: [UInt8], place: String) { (self.data, self.place) = (data, place) }

    /// Takes the second field of its picture, which comes after it.
    mutating func take(field: MediaUnit) {
        data += field.data
        if let first = duration, let second = field.duration { duration = first &+ second }
    }
}

/// What a file stores before its first unit.
package struct MediaHead {
    /// `nil` for a codec that libavcodec alone reads (``ContainerUnits/nextPacket()``).
    package var codec: VideoCodec?
    /// What messages call the codec.
    package var codecName: String
    /// The pictures have transparency that is left out.
    package var dropsAlpha = false
    /// FFmpeg's name of the pixel format, where the container tells.
    package var pixelFormat: String?
    package var description: [UInt8]?
    /// The size of the pictures, where the container has one.
    package var size: PictureSize?
    /// H.264's and HEVC's parameter sets with start codes, where the container has them apart from the stream.
    package var parameterSets: [UInt8]?
    /// The format of units that are pictures, as files have them; `nil` for those of a stream.
    package var pictureFormat: PictureFormat?
    /// Units are pictures with a file each.
    package var isPictures: Bool { pictureFormat != nil }
    /// Some units have no times, though others have.
    var mayLackTimes = false
    /// Units have times.
    package var hasTimes = false
    /// The times are those of the rate in the stream's headers.
    package var hasOwnRate = false
    package var framerate: FrameRate?
    /// The file declares the rate as constant, not as an average.
    package var hasConstantRate = false
    package var frameCount: Int?
    package var duration: Int64?
    /// When the stream ends, if the file stores it.
    package var end: Int64?
    /// By how much a time may be wrong, since the file counts in something coarser.
    package var clockError: Int64 = 1
    package var pixelAspectRatio: PixelAspectRatio?
    package var orientation = Orientation.upright
    package var colorSpace: VideoColorSpace?
    package var hdr: HDRMetadata?
    package var others: [MediaInfo.OtherStream] = []
    package var leftovers: [String] = []
    package var metadata = SourceMetadata()

    init(_ codec: VideoCodec) { (self.codec, codecName) = (codec, codec.name) }

    /// - Parameter codecName: libavcodec's name of a codec that it alone reads.
    init(codecName: String) { self.codecName = codecName }

    /// - Parameter pictures: The format of the pictures that units are.
    init(pictures: PictureFormat) { (pictureFormat, codecName) = (pictures, pictures.codec) }
}

/// Where units come from.
///
/// Thread-safety: used by one thread at a time.
package protocol MediaUnits: AnyObject {
    /// Reading was asked to stop; the end that follows is not that of the input.
    var isInterrupted: Bool { get }
    /// The next unit in decoding order; `nil` after the last.
    func next() throws(JobError) -> MediaUnit?
}

extension JobError {
    /// What a parser found wrong with an input.
    package static func media(_ name: String, _ error: BitstreamError, in place: String? = nil) -> JobError {
        let reason = place.map { "\(error), in \($0)" } ?? "\(error)"
        guard error.reason != .unsupported else { return .input(.unsupported(name: name, reason: reason)) }
        return .input(.damaged(name: name, reason: reason))
    }
}
