internal import Bitstream
public import Ingest
internal import Jobs
internal import Logging
public import Media
internal import SystemPackage
internal import Threading
internal import VideoTypes

/// One side of a comparison.
public struct ComparedInput: Sendable {
    /// How frames are laid out in an input.
    public enum Format: String, CaseIterable, Hashable, Sendable {
        /// Found out by the first bytes and the name.
        case auto
        /// Only frames, without headers.
        case raw
        /// YUV4MPEG2.
        case y4m
        /// Compressed: a stream, or a container that libavformat reads.
        case media
    }

    /// Where the frames come from, which are wanted, and how they are laid out if they are raw.
    public var input: InputDescription
    /// How frames are laid out there. The default is to find out.
    public var format = Format.auto
    /// The decoder configuration record (`avcC`, `hvcC`) of a stream in AVCC format. `nil`, the default, for everything else.
    public var description: ByteSource.Origin?

    /// A side with every default.
    public init(_ input: InputDescription) { self.input = input }

    /// Opens it.
    func open(_ interrupt: Interrupt, _ logger: Logger) throws(JobError) -> any ComparedFrames {
        if let description {
            guard [.auto, .media].contains(format) else {
                throw .usage(
                    "a description needs a stream in AVCC format, but \(input.origin.name) is \(format)"
                )
            }
            return try ComparedMediaFrames(input, description: description, interrupt, logger)
        }
        let isSequence = try OpenedMedia.sequence(input.origin, input.mediaOptions) != nil
        guard format != .media, !isSequence else { return try ComparedMediaFrames(input, interrupt, logger) }
        var source = try asJobError { () throws(IngestError) in
            try ByteSource(opening: input.origin, interrupt: interrupt, clock: StageClock())
        }
        let start = try asJobError { () throws(IngestError) in try source.peek(MediaGuess.magicLength) }
        // What is not a regular file cannot be opened again.
        if format == .auto, source.length != nil, isMedia(start) {
            return try ComparedMediaFrames(input, interrupt, logger)
        }
        return try RawFrames(source, described())
    }

    private func described() -> InputDescription {
        var input = input
        input.format = format == .raw ? .raw : format == .y4m ? .y4m : .auto
        return input
    }

    /// The first bytes decide if they are a known signature. Otherwise the input is raw if its name means that, or if its
    /// frames are described and its name does not contradict.
    private func isMedia(_ start: [UInt8]) -> Bool {
        guard !start.starts(with: Y4MHeader.magic), !start.isEmpty else { return false }
        let suffix = input.origin.suffix
        if Self.rawSuffixes.contains(suffix) { return false }
        if Self.isKnown(start) || Self.mediaSuffixes.contains(suffix) { return true }
        return input.size == nil || input.pixelFormat == nil
    }

    /// Bytes that raw frames would begin with only by a rare chance.
    private static func isKnown(_ start: [UInt8]) -> Bool {
        let isMatroska = start.starts(with: [0x1A, 0x45, 0xDF, 0xA3])
        let isMP4 = start.dropFirst(4).starts(with: Array("ftyp".utf8))
        return isMatroska || isMP4 || [.annexb, .ivf, .obu].contains(MediaGuess(beginningWith: start).format)
    }

    private static let rawSuffixes: Set = ["raw", "yuv", "rgb", "rgba", "i420", "nv12", "gray"]
    private static let mediaSuffixes: Set = [
        "h264", "264", "avc", "h265", "265", "hevc", "ivf", "obu", "mp4", "m4v", "mov", "mkv", "webm", "ts", "avi",
        "flv", "m2ts", "mts", "m2t", "mpg", "mpeg", "vob", "asf", "wmv", "nut", "mxf", "3gp", "ogv",
    ]
}

extension ByteSource.Origin {
    /// What is after the last point of a file's name, in small letters.
    fileprivate var suffix: String {
        guard case .path(let path) = self else { return "" }
        return path.extension?.lowercased() ?? ""
    }
}
