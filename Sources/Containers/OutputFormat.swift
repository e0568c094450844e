public import VideoTypes

/// A format that chunks can be written in. A new one is one case and one row of the table, by which everything else goes.
public enum OutputFormat: String, CaseIterable, Hashable, Sendable {
    /// H.264 or HEVC with start codes and the parameter sets in band (Annex B of either).
    case annexB = "annexb"
    /// H.264 or HEVC with 4-byte lengths and the parameter sets in a record of their own (ISO/IEC 14496-15).
    case avcc
    /// IVF, the container of libvpx and libaom.
    case ivf
    /// AV1 as the low-overhead bitstream format (AV1 5.2).
    case obu
    /// AV1 as the length-delimited bitstream format (AV1 Annex B).
    case obuAnnexB = "obu-annexb"
    /// MP4 (ISO/IEC 14496-14); in fragments if written bytes cannot be replaced.
    case mp4
    /// QuickTime's file format, from which MP4 was made; in fragments likewise.
    case mov
    /// Matroska (RFC 9559).
    case mkv
    /// WebM, the part of Matroska that browsers play.
    case webm
}

/// What is inside a container.
package enum ContainerLayout: Sendable {
    /// Boxes of ISO media files (ISO/IEC 14496-12): times in microseconds, an edit list, fragments.
    case isoBoxes
    /// Elements of Matroska (RFC 9559): times in milliseconds from 0 on.
    case matroska
}

/// A container that libavformat writes.
package struct ContainerTraits: Sendable {
    /// What is inside.
    package let layout: ContainerLayout
    /// libavformat's name of the muxer.
    package let muxer: String
    /// The codecs of audio that players find in it, by libavcodec's names; `nil` for all that the muxer takes.
    package var audioCodecs: Set<String>?
}

/// The properties of a format.
private struct OutputFormatTraits: Sendable {
    /// What people call it.
    let name: String
    /// The file name extensions that mean it, without the dot.
    var extensions: [String] = []
    /// What it can carry.
    let codecs: Set<VideoCodec>
    /// Parameter sets are in a record, not in the chunks.
    var takesRecord = false
    /// It has times, color and the rest of ``ContainerDescription``.
    var container: ContainerTraits?
    /// The writer of a format that is not a container.
    var stream: (@Sendable (ContainerDescription) -> any ChunkWriter)?
    /// Each frame has its time in it.
    var hasTimes = false
    /// It has room for a second stream of transparency.
    var keepsAlpha = false
}

extension OutputFormat {
    private static let table: [OutputFormat: OutputFormatTraits] = [
        .annexB: OutputFormatTraits(
            name: "Annex B",
            extensions: ["annexb"] + codecNames.keys.sorted(),
            codecs: [.h264, .hevc],
            stream: { _ in StreamWriter(ElementaryFraming()) }
        ),
        .avcc: OutputFormatTraits(
            name: "AVCC",
            extensions: ["avcc"],
            codecs: [.h264, .hevc],
            takesRecord: true,
            stream: { _ in StreamWriter(ElementaryFraming()) }
        ),
        .ivf: OutputFormatTraits(
            name: "IVF",
            extensions: ["ivf"],
            codecs: [.vp8, .vp9, .av1],
            stream: { StreamWriter(IVFFraming($0)) },
            hasTimes: true
        ),
        .obu: OutputFormatTraits(
            name: "OBU",
            extensions: ["obu"],
            codecs: [.av1],
            stream: { _ in StreamWriter(LowOverheadFraming()) }
        ),
        .obuAnnexB: OutputFormatTraits(
            name: "OBU Annex B",
            codecs: [.av1],
            stream: { _ in StreamWriter(LengthDelimitedFraming()) }
        ),
        .mp4: OutputFormatTraits(
            name: "MP4",
            extensions: ["mp4", "m4v"],
            codecs: [.h264, .hevc, .vp9, .av1],
            takesRecord: true,
            container: ContainerTraits(
                layout: .isoBoxes,
                muxer: "mp4",
                audioCodecs: ["aac", "mp3", "mp2", "ac3", "eac3", "opus", "flac", "alac", "dts"]
            )
        ),
        .mov: OutputFormatTraits(
            name: "MOV",
            extensions: ["mov", "qt"],
            codecs: [.h264, .hevc],
            takesRecord: true,
            container: ContainerTraits(
                layout: .isoBoxes,
                muxer: "mov",
                audioCodecs: [
                    "aac", "mp3", "ac3", "eac3", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be",
                    "pcm_s32le", "pcm_s32be",
                    "pcm_f32le", "pcm_f32be",
                ]
            )
        ),
        .mkv: OutputFormatTraits(
            name: "MKV",
            extensions: ["mkv"],
            codecs: Set(VideoCodec.allCases),
            takesRecord: true,
            container: ContainerTraits(layout: .matroska, muxer: "matroska"),
            keepsAlpha: true
        ),
        .webm: OutputFormatTraits(
            name: "WebM",
            extensions: ["webm"],
            codecs: [.vp8, .vp9, .av1],
            // The audio is what the WebM guidelines allow.
            container: ContainerTraits(layout: .matroska, muxer: "webm", audioCodecs: ["opus", "vorbis"]),
            keepsAlpha: true
        ),
    ]

    private var traits: OutputFormatTraits {
        guard let traits = Self.table[self] else { preconditionFailure("\(self) has no row in the table of formats") }
        return traits
    }

    /// What people call it.
    public var name: String { traits.name }

    /// The file name extensions that mean this format, without the dot.
    public var extensions: [String] { traits.extensions }

    /// The codecs that the format can carry.
    public var codecs: Set<VideoCodec> { traits.codecs }

    /// The format stores more about the stream than the chunks do: times, color and the rest of `ContainerDescription`.
    public var isContainer: Bool { container != nil }

    /// How libavformat writes it; `nil` for a format that is not a container.
    package var container: ContainerTraits? { traits.container }

    /// The writer of a format that is not a container; `nil` for a container.
    package func streamWriter(_ description: ContainerDescription) -> (any ChunkWriter)? { traits.stream?(description) }

    /// What its times count in, in microseconds: Matroska in milliseconds (RFC 9559 11.1).
    package var tick: Int64 { container?.layout == .matroska ? 1000 : 1 }

    /// Each frame's time is in it.
    public var hasTimes: Bool { traits.hasTimes || isContainer }

    /// The format can store transparency in addition to the picture.
    public var keepsAlpha: Bool { traits.keepsAlpha }

    /// How the encoder is to frame chunks of H.264 for this format.
    public var avcFormat: AVCFormat { traits.takesRecord ? .avc : .annexB }

    /// How the encoder is to frame chunks of HEVC for this format.
    public var hevcFormat: HEVCFormat { traits.takesRecord ? .hevc : .annexB }

    /// The format that a file name extension means, in either case.
    public init?(extension name: String) {
        guard let format = Self.allCases.first(where: { $0.extensions.contains(name.lowercased()) }) else { return nil }
        self = format
    }

    /// The codec that a file name extension means, in either case, of a format that does not tell it: `h264`, `hevc` and such.
    public static func codec(extension name: String) -> VideoCodec? { codecNames[name.lowercased()] }

    private static let codecNames: [String: VideoCodec] = [
        "h264": .h264, "264": .h264, "avc": .h264, "hevc": .hevc, "h265": .hevc, "265": .hevc,
    ]

    /// Throws if the format cannot carry a codec, and names those that can.
    public func check(_ codec: VideoCodec) throws(EncoderConfigError) {
        guard !codecs.contains(codec) else { return }
        throw .unsupported("\(name) cannot store \(codec.name) (use \(Self.names { $0.codecs.contains(codec) }))")
    }

    /// Throws if the format cannot store the codec, or cannot store metadata of the stream that would be lost.
    package func check(_ description: ContainerDescription) throws(EncoderConfigError) {
        try check(description.codec)
        if description.hasAlpha, !keepsAlpha {
            throw .unsupported("\(name) cannot store transparency (use \(Self.names(where: \.keepsAlpha)))")
        }
        if description.hasAlpha, ![.vp8, .vp9].contains(description.codec) {
            throw .unsupported("\(description.codec.name) does not support transparency (use VP8 or VP9)")
        }
        if description.fragment, container?.layout != .isoBoxes {
            let others = Self.names { $0.container?.layout == .isoBoxes }
            throw .unsupported("\(name) does not support fragments (use \(others))")
        }
        if description.indexAtEnd, !isContainer {
            throw .unsupported(
                "\(name) has no index (use \(Self.names(where: \.isContainer)), or no \(Setting.indexAtEnd))"
            )
        }
        if description.indexAtEnd, description.fragment {
            throw .unsupported(
                "\(Setting.fragment) and \(Setting.indexAtEnd) exclude each other: fragments have no index"
            )
        }
    }

    /// The names of the formats that a condition holds for, for messages.
    ///
    /// - Parameters:
    ///   - other: What does it as well, without being a format.
    ///   - condition: The condition.
    package static func names(or other: String? = nil, where condition: (OutputFormat) -> Bool) -> String {
        let names = allCases.filter(condition).map(\.rawValue) + (other.map { [$0] } ?? [])
        return names.count < 2
            ? names.joined() : "\(names.dropLast().joined(separator: ", ")) or \(names.last ?? "")"
    }
}
