/// When chunks are to be decoded, so that none is later than its timestamp: the n-th chunk at the time of the frame
/// that is `delay` before the n-th, as libx264's own `i_dts` has it. The first ones have no such frame, and are as
/// much before their own frame as the first `delay` frames take.
struct DecodeTimes {
    /// How many frames may are laid out before a frame in decoding order and after it in output order
    /// (`max_num_reorder_frames`).
    let delay: Int
    /// The timestamps that are still needed, in output order.
    private var timestamps: [Int64] = []
    private var last: Int64?
    private var chunks = 0
    /// Timestamps that do not grow leave no decode times that do and are not later.
    private var grows = true

    init(delay: Int) { self.delay = delay }

    /// Takes a frame, in output order.
    mutating func accept(timestamp: Int64) {
        grows = grows && last.map { $0 < timestamp } ?? true
        last = timestamp
        if delay > 0, grows { timestamps.append(timestamp) } else { timestamps = [] }
    }

    /// The time of the next chunk; `nil` if it equals the timestamp, or without a next chunk.
    mutating func next() -> Int64? {
        guard delay > 0, grows else { return nil }
        defer { chunks += 1 }
        guard chunks < delay else { return timestamps.removeFirst() }
        // A stream that ends before is too short to be reordered.
        guard timestamps.count > delay else { return timestamps[chunks] }
        let (head, overflow) = timestamps[delay].subtractingReportingOverflow(timestamps[0])
        let (time, underflow) = timestamps[chunks].subtractingReportingOverflow(head)
        return overflow || underflow ? nil : time
    }
}
