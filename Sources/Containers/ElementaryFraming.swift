package import Bitstream
package import VideoTypes

/// No framing around chunks: Annex B carries its own start codes, and AVCC its own lengths.
package struct ElementaryFraming: ChunkFraming {
    /// No framing.
    package init() {}

    /// The chunk as it is.
    package func frame(_ chunk: EncodedVideoChunk) throws(BitstreamError) -> FramedChunk {
        FramedChunk(payload: chunk.data)
    }
}
