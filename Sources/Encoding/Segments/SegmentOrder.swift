package import Bitstream
internal import Threading
package import VideoTypes

/// Requirements from one segment to the next, because together they are one stream.
///
/// Thread-safety: one call at a time.
package final class SegmentOrder: Sendable {
    private struct Last {
        var config: DecoderConfig?
        var decodeTimestamp: Int64?
        /// Of H.264 only.
        var idrPictures: IDRPictureIDs?
    }

    private let last: Monitor<Last>

    /// Before the first chunk.
    package init(_ config: EncoderConfig, codec: VideoCodec) {
        let idrPictures = codec == .h264 ? IDRPictureIDs(isLengthPrefixed: config.avcFormat == .avc) : nil
        last = Monitor(Last(idrPictures: idrPictures))
    }

    /// For the stream of a plan.
    package convenience init(_ plan: EncodePlan) { self.init(plan.config.values, codec: plan.config.codec.codec) }

    /// The chunk as it is in the whole stream, where the decoder's configuration is stored once.
    package func checked(_ chunk: EncodedVideoChunk) throws(SegmentMismatch) -> EncodedVideoChunk {
        try last.withLock { last throws(SegmentMismatch) in
            var chunk = chunk
            let time = chunk.decodeTimestamp ?? chunk.timestamp
            if let before = last.decodeTimestamp, time <= before {
                throw .times(before: before, after: time)
            }
            last.decodeTimestamp = time
            if let config = chunk.decoderConfig {
                guard last.config == nil || last.config == config else { throw .configs }
                if last.config != nil { chunk.decoderConfig = nil }
                last.config = config
            }
            do throws(BitstreamError) {
                if let record = chunk.decoderConfig?.description { try last.idrPictures?.take(record: record) }
                chunk.data = try last.idrPictures?.distinct(chunk.data) ?? chunk.data
            } catch {
                throw .unreadable(error)
            }
            return chunk
        }
    }
}

/// Why segments do not make one stream.
package enum SegmentMismatch: Error, CustomStringConvertible {
    /// A chunk would have to be decoded before the one that it follows.
    case times(before: Int64, after: Int64)
    /// A chunk is not one of its codec.
    case unreadable(BitstreamError)
    /// A segment cannot be decoded without those before it.
    case noKeyFrame
    /// A segment is decoded by other parameters than those before it.
    case configs

    package var description: String {
        switch self {
        case .times(let before, let after):
            "a segment's frames leave gaps: a chunk at \(after) µs would follow one at \(before) µs (encode it without \(Setting.parallel))"
        case .unreadable(let error): "a chunk cannot be read: \(error)"
        case .noKeyFrame: "a segment does not begin with a key frame"
        case .configs: "the segments' parameter sets differ"
        }
    }
}
