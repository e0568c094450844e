internal import Encoders
internal import Jobs
internal import VideoTypes

/// The memory that an encode takes, of one table (``EncoderMemory``): what it needs at the least, below which it is refused
/// (``least(inFlight:)``), and what it is likely to take, by which batches start their jobs (``likely(_:maxBytes:_:)``).
struct MemoryModel {
    /// The row of the encoder.
    let encoder: EncoderMemory
    /// The coded picture.
    let size: PictureSize
    /// Bytes of a picture as the encoder takes it.
    let pictureBytes: Int
    /// Bytes of a picture of the input that has to be decoded; 0, the default, where none is.
    var decodedBytes = 0
    /// Bytes of libavfilter and of the pictures in its graph; 0, the default, without filters.
    var filterBytes = 0

    /// The program and its libraries, as soon as they run.
    private static let program = 40 << 20
    /// Pictures of a decoder: it keeps references, and pictures for each of its threads.
    private static let decoderPictures = 48

    /// The least memory with which the encode is possible. An encode that is refused for it was not possible: the real need is
    /// higher.
    ///
    /// - Parameter inFlight: Bytes of pictures and chunks between the stages.
    func least(inFlight: Int) -> LeastMemory {
        let addresses = inFlight + encoder.leastBytesPerPixel * size.width * size.height
        return LeastMemory(bytes: Self.program + addresses, addresses: addresses)
    }

    /// The memory that the encode is likely to take, on the safe side.
    ///
    /// - Parameters:
    ///   - config: The requested settings.
    ///   - maxBytes: The limit on what waits between the stages; `nil` for the default.
    ///   - spread: How many encoders work side by side.
    func likely(_ config: EncoderConfig, maxBytes: Int?, _ spread: EncoderSpread) -> LikelyMemory {
        let encoderBytes = Self.bytes(encoder.pictures(config), of: pictureBytes)
        let once = encoder.base + decodedBytes * Self.decoderPictures + filterBytes
        // What waits between the stages, with the part of a mapped input that is resident with it.
        guard spread.threadsPerEncoder != nil else {
            let waiting = min(maxBytes ?? PipelineBounds.usualBytes, 18 * pictureBytes) / 2 * 3
            let perThread = config.threads == nil ? Self.bytes(encoder.perThread, of: pictureBytes) : 0
            return LikelyMemory(bytes: once + encoderBytes + waiting, bytesPerThread: perThread)
        }
        let each = encoderBytes + spread.waitingBytes / 2 * 3
        let perThread = spread.threads == nil ? each / (config.threads ?? 1) : 0
        return LikelyMemory(bytes: once + each * spread.encoders, bytesPerThread: perThread)
    }

    private static func bytes(_ pictures: Double, of pictureBytes: Int) -> Int {
        Int(min(pictures * Double(pictureBytes), 1e15))
    }
}

/// The memory that an encode is likely to take.
struct LikelyMemory: Hashable {
    /// Bytes.
    let bytes: Int
    /// Bytes that each thread but the first adds, if the job does not specify their number.
    let bytesPerThread: Int
}
