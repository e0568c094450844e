internal import Containers
internal import LibAV
internal import SystemPackage
internal import VideoTypes

/// A writer of some format, whichever it is: protocols of noncopyable types have no existentials.
protocol OpenedOutput: AnyObject {
    func write(_ chunk: EncodedVideoChunk) throws(SinkError) -> [Range<Int>]
    func end() throws(SinkError) -> [Range<Int>]
    var byteCount: Int { get }
    var isRewritten: Bool { get }
    /// The path of the output until it is renamed into place; `nil` if bytes are written in place.
    var unnamedFile: FilePath? { get }
    func readBack(_ body: (RawSpan) -> Void) throws(SinkError)
    func sync() throws(SinkError)
    func checkName() throws(SinkError)
    /// Renames the output into place. This ends the writer.
    func finish(suffix: String, in publication: Publication) throws(SinkError)
}

/// The owner of a writer.
final class OpenedWriter<Writer: ChunkWriter & ~Copyable>: OpenedOutput {
    /// `nil` after the output is renamed into place.
    private var writer: Writer?

    init(_ writer: consuming Writer) { self.writer = consume writer }

    func write(_ chunk: EncodedVideoChunk) throws(SinkError) -> [Range<Int>] { try writer?.write(chunk) ?? [] }

    func end() throws(SinkError) -> [Range<Int>] { try writer?.end() ?? [] }

    var byteCount: Int { writer?.byteCount ?? 0 }

    var isRewritten: Bool { writer?.isRewritten ?? false }

    var unnamedFile: FilePath? { writer?.unnamedFile }

    func readBack(_ body: (RawSpan) -> Void) throws(SinkError) { try writer?.readBack(body) }

    func sync() throws(SinkError) { try writer?.sync() }

    func checkName() throws(SinkError) { try writer?.checkName() }

    func finish(suffix: String, in publication: Publication) throws(SinkError) {
        if let writer = writer.take() { try writer.finish(suffix: suffix, in: publication) }
    }
}

extension OutputFormat {
    /// Opens the format's writer.
    ///
    /// - Parameters:
    ///   - sink: The destination of the output.
    ///   - container: What a container shall store about the stream.
    ///   - audio: What is to be heard with it, in a container.
    func open(
        _ sink: consuming ByteSink,
        _ container: ContainerDescription,
        audio: (any AudioSource)?
    ) throws(SinkError) -> any OpenedOutput {
        switch self {
        case .annexB, .avcc: return OpenedWriter(StreamWriter(sink, ElementaryFraming()))
        case .ivf: return OpenedWriter(StreamWriter(sink, IVFFraming(container)))
        case .obu: return OpenedWriter(StreamWriter(sink, LowOverheadFraming()))
        case .obuAnnexB: return OpenedWriter(StreamWriter(sink, LengthDelimitedFraming()))
        case .mp4, .mkv, .webm:
            return OpenedWriter(try ContainerWriter(sink, format: self, description: container, audio: audio))
        }
    }
}
