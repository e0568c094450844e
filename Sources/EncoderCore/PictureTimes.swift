package import VideoTypes

/// The times of the pictures that an encoder holds. The encoder gets the pictures' numbers; the original timestamps and
/// durations are restored exactly, and decoding times are derived from them.
package struct PictureTimes {
    private struct Entry {
        var timestamp: Int64
        var duration: Int64?
    }

    private var pending: [Int64: Entry] = [:]
    /// Timestamps that are still needed for decoding times, from picture `firstKept` on.
    private var kept: [Int64] = []
    private var firstKept = 0
    private var accepted: Int64 = 0
    private var released = 0
    private var last: Int64?
    private var first: Int64 = 0
    private var interval: Int64?

    /// Times of no pictures yet.
    package init() {}

    /// A picture has been given.
    package var haveBegun: Bool { accepted > 0 }

    /// The number that the encoder is given for a picture.
    ///
    /// - Parameters:
    ///   - timestamp: In microseconds.
    ///   - duration: In microseconds.
    ///   - mustGrow: Pictures may be reordered, which timestamps that do not grow would not survive.
    package mutating func accept(
        timestamp: Int64,
        duration: Int64?,
        mustGrow: Bool
    ) throws(EncoderError) -> Int64 {
        if let last {
            guard !mustGrow || timestamp > last else {
                throw .invalidFrame("timestamp \(timestamp) is not greater than the previous one, \(last)")
            }
            if interval == nil { interval = max(1, timestamp &- last) }
        } else {
            first = timestamp
        }
        let number = accepted
        pending[number] = Entry(timestamp: timestamp, duration: duration)
        kept.append(timestamp)
        (accepted, last) = (accepted + 1, timestamp)
        return number
    }

    /// The times of the next picture in decoding order.
    ///
    /// - Parameters:
    ///   - pts: The number that the encoder was given.
    ///   - reordered: Pictures that may come before another one in decoding order and after it in output order
    ///     (`sps_max_num_reorder_pics`).
    ///   - nominalInterval: Microseconds between two pictures, for a stream with only one.
    /// - Returns: The decoding time is `nil` without reordering. The n-th picture that is decoded is at most `reordered`
    ///   pictures ahead in output order, so that it is decoded when the picture that many before it is shown.
    package mutating func release(
        pts: Int64,
        reordered: Int,
        nominalInterval: Int64
    ) throws(EncoderError) -> (timestamp: Int64, duration: Int64?, decode: Int64?) {
        guard let entry = pending.removeValue(forKey: pts) else {
            throw .codec(
                operation: "avcodec_receive_packet returned an unknown picture, pts \(pts)",
                status: -1
            )
        }
        let number = released - reordered
        released += 1
        guard reordered > 0 else {
            discard(before: released)
            return (entry.timestamp, entry.duration, nil)
        }
        guard number >= 0 else {
            return (entry.timestamp, entry.duration, first &+ Int64(number) &* (interval ?? nominalInterval))
        }
        discard(before: number)
        return (entry.timestamp, entry.duration, kept.first)
    }

    private mutating func discard(before number: Int) {
        let count = min(max(0, number - firstKept), kept.count)
        kept.removeFirst(count)
        firstKept += count
    }
}
