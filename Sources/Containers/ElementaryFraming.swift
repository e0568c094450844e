public import Bitstream
public import VideoTypes

/// Nothing around chunks: Annex B carries its own start codes, and AVCC its own lengths.
public struct ElementaryFraming: ChunkFraming {
    /// No framing.
    public init() {}

    /// The chunk as it is.
    public func frame(_ chunk: EncodedVideoChunk) throws(BitstreamError) -> FramedChunk {
        FramedChunk(payload: chunk.data)
    }
}
