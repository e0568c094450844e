internal import Bitstream
package import Jobs
internal import Media
internal import VideoTypes

/// What a container tells of a stream of a codec that Sluice decodes, but whose packets it does not read.
public struct ContainerReport: Encodable, Sendable {
    /// The version of this object's shape.
    public let version = 1
    /// The path, or "standard input".
    public let name: String
    /// How the stream is framed: `media`, a container.
    public let format: String
    /// libavcodec's name of the codec, such as `prores`.
    public let codec: String
    /// Samples in a row of a picture; `nil` where the container does not tell.
    public let width: Int?
    /// Rows of a picture; `nil` where the container does not tell.
    public let height: Int?
    /// FFmpeg's name of the pixel format, such as `yuv422p10le`; `nil` where the container does not tell.
    public let samples: String?
    /// The color.
    let colorSpace: ColorSpaceObject?
    private let colorWords: String?
    /// Packets, each of a picture.
    public let frames: Int
    /// Those that decoding can start with, according to the container.
    public let keyFrames: Int
    /// Bytes of all packets.
    public let bytes: Int
    /// Microseconds that the container claims the stream to last; `nil` where it claims nothing.
    public let duration: Int64?
    /// Frames a second on average; `nil` where only the times tell.
    public let framerate: Double?
    /// Streams that are not read: their kinds and codecs.
    public let otherStreams: [String]

    init(_ survey: PacketSurvey) {
        let info = survey.info
        (name, format, codec) = (info.name, info.format.rawValue, info.codec)
        (width, height, samples) = (info.codedSize?.width, info.codedSize?.height, survey.pixelFormat)
        colorSpace = survey.colorSpace.map { ColorSpaceObject($0) }
        colorWords = survey.colorSpace?.words
        (frames, keyFrames, bytes) = (survey.packets, survey.keyPackets, survey.bytes)
        (duration, framerate) = (info.duration, info.framerate?.approximate)
        otherStreams = info.otherStreams.map { "\($0.kind) (\($0.codec))" }
    }

    /// The object as one line of JSON, with its line feed.
    public var line: [UInt8] { JSON.line(self) }

    /// The facts, a line each.
    public var table: String {
        let picture = [codedSize, samples, colorWords].compactMap(\.self).joined(separator: ", ")
        let rate = framerate.map { ", \(Quantity.decimals($0, 3)) a second" } ?? ""
        let time = duration.map { " in \(Quantity.time(Double($0) / 1e6, digits: 3))" } ?? ""
        var lines = [
            "\(name.printable()): \(format.printable()), \(codec.printable())",
            "  picture  \(picture)",
            "  frames   \(frames), \(keyFrames) key\(rate)",
            "  size     \(Quantity.bytes(bytes))\(time)",
        ]
        if !otherStreams.isEmpty { lines.append("  others   \(otherStreams.joined(separator: ", ").printable())") }
        return lines.map { "\($0)\n" }.joined()
            + "Sluice decodes \(codec.printable()) by libavcodec and does not analyze its packets.\n"
    }

    private var codedSize: String? {
        guard let width, let height else { return nil }
        return "\(width)x\(height)"
    }

    private enum CodingKeys: String, CodingKey {
        case version, name, format, codec, width, height, samples, colorSpace, frames, keyFrames, bytes, duration
        case framerate, otherStreams
    }
}

/// What an inspection finds.
public enum InspectionReport: Sendable {
    /// A stream whose packets Sluice reads.
    case stream(StreamReport)
    /// A stream of another codec: what its container tells.
    case container(ContainerReport)

    /// The stream's report.
    ///
    /// - Throws: ``Jobs/JobError`` where there is only the container's.
    package func streamReport() throws(JobError) -> StreamReport {
        switch self {
        case .stream(let report): return report
        case .container(let report): throw Inspection.unread(report.name, report.codec)
        }
    }

    /// The report as text.
    public var table: String {
        switch self {
        case .stream(let report): report.table
        case .container(let report): report.table
        }
    }

    /// The report as one line of JSON, with its line feed.
    public var line: [UInt8] {
        switch self {
        case .stream(let report): report.line
        case .container(let report): report.line
        }
    }
}
