package import VideoTypes

/// One line of `--chunks`: what a browser needs, in addition to the stream itself, to feed WebCodecs' `VideoDecoder`.
///
/// `alphaSize` is the size of the chunk's transparency, which is in the container only and has no place of its own.
package struct ChunkLine: Encodable {
    package let index: Int
    package let type: String
    package let timestamp: Int64
    package let duration: Int64?
    /// The position of the chunk; `nil` until the container reports it.
    private var offset: Int?
    private var size: Int?
    package let alphaSize: Int?
    package let temporalLayerId: Int
    package let quantizer: Int?
    package let qindex: Int?
    package let decoderConfig: DecoderConfigObject?

    package init(_ chunk: EncodedVideoChunk, index: Int) {
        self.index = index
        type = chunk.type.rawValue
        timestamp = chunk.timestamp
        duration = chunk.duration
        alphaSize = chunk.alphaData?.count
        temporalLayerId = chunk.temporalLayerId
        quantizer = chunk.quantizer
        qindex = chunk.quantizerIndex
        decoderConfig = chunk.decoderConfig.map(DecoderConfigObject.init)
    }

    /// The complete line.
    package func placed(at range: Range<Int>) -> ChunkLine {
        var line = self
        (line.offset, line.size) = (range.lowerBound, range.count)
        return line
    }
}
