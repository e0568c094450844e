internal import VideoTypes

/// What is wrong with a chunk, kept until the frames before it have been delivered.
///
/// A decoder with threads reports damage some chunks later, so the first of these may be the damaged one.
struct DecoderDamage {
    /// The first damage; `nil` without any.
    private(set) var error: DecoderError?
    private var limit: Int64?
    /// Times of the chunks that may still be in work, in decoding order.
    private var recent: [Int64] = []
    /// Times of the chunks whose frames the decoder has not returned, in presentation order.
    private var waiting: [Int64] = []
    private let threads: Int
    /// Faults that were met while what is before the first was fetched.
    private var repetitions = 0

    /// More than the frames of any decoder that wait to be shown, and those of its threads.
    private static let mostWaiting = 128

    init(threads: Int) { self.threads = threads }

    /// A chunk has been handed to the decoder.
    mutating func didSubmit(_ timestamp: Int64) {
        waiting.insert(timestamp, at: waiting.firstIndex { $0 > timestamp } ?? waiting.endIndex)
        if waiting.count > Self.mostWaiting { waiting.removeFirst() }
        recent.append(timestamp)
        if recent.count > threads + 1 { recent.removeFirst() }
    }

    /// The decoder has returned a frame.
    mutating func didDeliver(_ timestamp: Int64) { waiting.removeAll { $0 <= timestamp } }

    /// The earliest time of the chunks that may be damaged.
    var earliest: Int64? { recent.min() }

    /// Keeps the first fault.
    mutating func note(_ error: DecoderError, before time: Int64) {
        guard self.error == nil else { return }
        (self.error, limit) = (error, time)
    }

    /// Whether there may be frames after one more fault: each thread can have its own.
    mutating func mayGoOn() -> Bool {
        repetitions += 1
        return repetitions <= 2 * threads
    }

    /// The damage comes after a frame of this time, and no frame is missing before it: a decoder that finds a fault loses the
    /// frame that was due.
    func follows(_ timestamp: Int64) -> Bool { (limit.map { timestamp < $0 } ?? true) && waiting.first == timestamp }
}
