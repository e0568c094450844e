internal import Containers
internal import Muxing

extension OutputFormat {
    /// The format's writer.
    ///
    /// - Parameters:
    ///   - sink: Where the output goes.
    ///   - container: What a container stores about the stream.
    ///   - audio: The audio that goes with it, in a container.
    func writer(
        for sink: borrowing ByteSink,
        _ container: ContainerDescription,
        audio: (any AudioSource)?
    ) throws(SinkError) -> any ChunkWriter {
        if let writer = streamWriter(container) { return writer }
        return try ContainerWriter(for: sink, format: self, description: container, audio: audio)
    }
}
