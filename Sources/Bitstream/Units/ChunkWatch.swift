package import VideoTypes

/// Checks the chunks of a decoder for damage that it would ignore: chunks without a picture, missing ones as far as the others
/// show it, and pictures that the decoder does not return.
package struct ChunkWatch {
    private var reader: any UnitReading
    /// Pictures that the decoder must return.
    private var expected = 0
    private var delivered = 0

    /// - Parameters:
    ///   - codec: The codec.
    ///   - description: The decoder configuration record; `nil` for a stream without one.
    package init(_ codec: VideoCodec, description: [UInt8]?) throws(DecoderError) {
        var setup = UnitReaderSetup(codec)
        setup.description = description
        setup.mayLackLeading = true
        do throws(BitstreamError) { reader = try setup.makeReader() } catch { throw .corrupt("\(error)") }
    }

    /// Takes the next chunk; throws if it, or one before it, is damaged.
    package mutating func take(_ chunk: EncodedVideoChunk) throws(DecoderError) {
        let summary: UnitSummary
        do throws(BitstreamError) {
            summary = try reader.read(chunk.data)
        } catch {
            throw .corrupt("\(error), in the chunk at \(chunk.timestamp) µs")
        }
        guard summary.hasPicture || !summary.hasUnknown else {
            throw .corrupt("the chunk at \(chunk.timestamp) µs holds no picture")
        }
        if summary.isShown, !summary.isSkipped { expected += 1 }
    }

    /// The size of the pictures, as the bitstream has it up to here; `nil` until it is known.
    package var size: PictureSize? {
        reader.decoderConfig.map { PictureSize(width: $0.codedWidth, height: $0.codedHeight) }
    }

    /// A picture came out.
    package mutating func didDeliver() { delivered += 1 }

    /// Throws if the decoder did not return all pictures by the end. Two fields are a picture, so that there may be half as
    /// many.
    package func checkEnd() throws(DecoderError) {
        let least = reader.mayHaveFields ? (expected + 1) / 2 : expected
        guard delivered < least else { return }
        throw .corrupt(Quantity.part(delivered, of: least, "picture", "was decoded", "were decoded"))
    }
}
