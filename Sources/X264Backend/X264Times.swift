internal import VideoTypes

/// The times of the frames that libx264 holds. It is given numbers that only grow; the frames' own timestamps and
/// durations come back exactly as they were.
struct X264Times {
    private var pending: [Int64: (timestamp: Int64, duration: Int64?)] = [:]
    private var count: Int64 = 0
    private var last: Int64?

    /// The number that libx264 is given for a frame.
    mutating func accept(timestamp: Int64, duration: Int64?, countsFrames: Bool) throws(EncoderError) -> Int64 {
        if let last, !countsFrames, timestamp <= last {
            throw .invalidFrame("timestamp \(timestamp) is not greater than the previous one, \(last)")
        }
        let pts = countsFrames ? count : timestamp
        pending[pts] = (timestamp, duration)
        (count, last) = (count + 1, timestamp)
        return pts
    }

    /// The times of the frame that libx264 gives back.
    mutating func release(pts: Int64) throws(EncoderError) -> (timestamp: Int64, duration: Int64?) {
        guard let times = pending.removeValue(forKey: pts) else {
            throw .codec(operation: "x264_encoder_encode gave a frame that it was not given, pts \(pts)", status: -1)
        }
        return times
    }
}
