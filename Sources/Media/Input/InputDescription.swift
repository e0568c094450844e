public import Ingest
internal import PixelConversion
internal import Places
public import VideoTypes

/// How an input's frames are framed.
public enum InputFormat: String, CaseIterable, Hashable, Sendable {
    /// Y4M if it begins with `YUV4MPEG2`; raw if its size and pixel format are given; else whatever it begins as.
    case auto
    /// Only frames, without headers.
    case raw
    /// YUV4MPEG2.
    case y4m
    /// A coded stream, or a container with one, whose frames are decoded.
    case media
}

/// Where frames come from, and how they are laid out there.
public struct InputDescription: Sendable {
    /// The input.
    public var origin: ByteSource.Origin
    /// How its frames are framed. The default is to find out.
    public var format = InputFormat.auto
    /// The frames' size; `nil`, the default, takes it from a header.
    public var size: PictureSize?
    /// The frames' rate. `nil`, the default, takes it from a header.
    public var framerate: FrameRate?
    /// The frames of a stream keep their own times, whatever rate its container stores. By default they do if the container has
    /// no constant rate.
    public var hasVariableRate = false
    /// The first number of a sequence of pictures. `nil`, the default, is the lowest that there is.
    public var startNumber: Int?
    /// The output begins at the time at which a media input begins, rather than at 0. The default is that it does not.
    public var keepsStartTime = false
    /// The times of the frames; excludes ``framerate``, and replaces the rate in a header and the times of media. `nil`, the
    /// default, has raw frames and pictures come at a constant rate, and those of media at their own times.
    public var frameTimes: FrameTimes?
    /// How long the last frame is shown, in microseconds, 1 or more; for frames without a constant rate. `nil`, the default, leaves
    /// it to the input, and shows the last frame as long as the one before it where the input does not tell.
    public var durationOfLast: Int64?
    /// The pixel format of raw frames. `nil`, the default, takes it from a header.
    public var pixelFormat: PixelFormat?
    /// Bytes from one row to the next of a raw frame's first plane. `nil`, the default, means rows without a gap.
    public var stride: Int?
    /// Rows from the beginning of a raw frame's first plane to that of the next, where planes are padded in height. `nil`, the
    /// default, means as many as the picture has.
    public var planeRows: Int?
    /// How far the samples of raw frames are shifted up: 6 for 10 bits in the high ones of 16. The default is 0.
    public var sampleShift = 0
    /// Raw frames begin with their lowest row. The default is that they begin with the highest.
    public var isBottomUp = false
    /// How long a pipe may deliver nothing before that is an error. `nil`, the default, waits without a limit.
    public var timeout: Duration?
    /// Which frames are wanted.
    public var selection = FrameReader.Selection()
    /// Whether the receipt has the input's SHA-256.
    public var hasDigest = false

    /// An input with every default.
    public init(_ origin: ByteSource.Origin) { self.origin = origin }

    /// What a reader of media is to know.
    package var mediaOptions: MediaOptions {
        var options = MediaOptions()
        options.acceptPartial = selection.acceptPartial
        (options.startNumber, options.timeout) = (startNumber, timeout)
        return options
    }
}
