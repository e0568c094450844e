package import Bitstream
package import VideoTypes

/// IVF: a header of 32 bytes, and 12 bytes before each frame.
///
/// At a constant frame rate the time base is one frame, so that the times count frames exactly; else it is a
/// microsecond. The header's frame count is 0, as in every live IVF, until the end.
package struct IVFFraming: ChunkFraming {
    private var header: IVFHeader
    private let clock: ContainerClock

    /// Framing for a stream of VP8, VP9 or AV1.
    ///
    /// - Parameter description: The stream, of which the codec, the size and the frame rate are written.
    package init(_ description: ContainerDescription) {
        clock = ContainerClock(description)
        header = IVFHeader(
            fourCC: Self.fourCC(description.codec),
            size: description.size,
            timeBase: clock.timeBase
        )
    }

    /// The header without a frame count.
    package var streamHeader: [UInt8] { header.bytes }

    /// The header with its frame count.
    package var finalStreamHeader: [UInt8]? { header.bytes }

    /// The chunk after its length and time.
    package mutating func frame(_ chunk: EncodedVideoChunk) throws(BitstreamError) -> FramedChunk {
        header.frameCount += 1
        let frame = IVFFrameHeader(size: chunk.data.count, timestamp: clock.ticks(chunk.timestamp))
        return FramedChunk(header: frame.bytes, payload: chunk.data)
    }

    private static func fourCC(_ codec: VideoCodec) -> String {
        switch codec {
        case .vp8: "VP80"
        case .vp9: "VP90"
        case .av1: "AV01"
        case .h264, .hevc: preconditionFailure("IVF cannot store \(codec.name)")
        }
    }
}
