import EncoderCore
import VideoTypes

extension EncoderBackend where Self: ~Copyable {
    /// All chunks of some frames, straight from the backend, which is drained then.
    ///
    /// - Parameters:
    ///   - count: The number of frames.
    ///   - options: What a frame is to be, by its number.
    ///   - frame: Makes a frame.
    public mutating func chunks(
        ofFrames count: Int,
        options: [Int: EncodeOptions] = [:],
        _ frame: (Int) throws -> VideoFrame
    ) throws -> [EncodedVideoChunk] {
        var chunks: [EncodedVideoChunk] = []
        for number in 0..<count {
            try submit(frame(number), options: options[number] ?? EncodeOptions())
            while let chunk = try nextChunk() { chunks.append(chunk) }
        }
        try drain()
        while let chunk = try nextChunk() { chunks.append(chunk) }
        return chunks
    }
}
