internal import Bitstream
internal import VideoTypes

/// Chunks in decoding order that wait for their times, where the times come from the order of presentation.
struct MediaQueue {
    /// Where times come from.
    enum Clock {
        /// Frames come at a constant rate.
        case rate(FrameRate)
        /// The file has the times of some pictures, or only decoding times: the first displayed picture is shown when the first
        /// one is decoded, and so on.
        case file
    }

    /// Chunks that may wait: more than any group of pictures holds that are shown before its first.
    private static let limit = 512

    private struct Entry {
        var chunk: AssembledChunk
        /// The file's own time.
        var timestamp: Int64?
        var isTimed = false
    }

    private let clock: Clock
    private var order: PresentationOrder
    private var entries: [Entry] = []
    private var bytes = 0
    /// The number in decoding order of the first chunk that waits.
    private var first = 0
    /// The decoding times of pictures without a time yet, in order.
    private var decodeTimes: [Int64] = []
    private var last: (timestamp: Int64, duration: Int64)?

    /// A queue at the beginning of a stream.
    ///
    /// - Parameters:
    ///   - clock: Where times come from.
    ///   - depth: Pictures that may come before one that they are shown after.
    init(_ clock: Clock, depth: Int) {
        self.clock = clock
        order = PresentationOrder(depth: depth)
    }

    /// Takes the next chunk.
    ///
    /// - Parameters:
    ///   - chunk: The chunk; its timestamp is not read.
    ///   - order: Its place; `nil` where that is where it is in the stream.
    ///   - timestamp: Its time, if the file has it.
    mutating func append(
        _ chunk: AssembledChunk,
        _ order: PictureOrder?,
        timestamp: Int64?
    ) throws(BitstreamError) {
        bytes += chunk.chunk.data.count
        guard entries.count < Self.limit, bytes <= StreamLimit.unitBytes else {
            let what = "\(entries.count) pictures are displayed before one that precedes them"
            throw BitstreamError(.unsupported, what, at: .byte(0), expected: "at most \(Self.limit)")
        }
        // Two pictures in a row with one time: a packet of MPEG-PS holds both, and the time is that of the second.
        if let timestamp, let before = entries.last, before.timestamp == timestamp, !before.isTimed {
            entries[entries.count - 1].timestamp = nil
        }
        decodeTimes.append(decodeTime(chunk.chunk))
        entries.append(Entry(chunk: chunk, timestamp: timestamp))
        let number = first + entries.count
        place(try self.order.append(order ?? .first(number)))
    }

    /// Ends the input.
    mutating func end() { place(order.end()) }

    /// The next chunk whose time is known.
    mutating func next() -> AssembledChunk? {
        guard let entry = entries.first, entry.isTimed else { return nil }
        entries.removeFirst()
        bytes -= entry.chunk.chunk.data.count
        first += 1
        return entry.chunk
    }

    private mutating func place(_ places: [PresentationOrder.Place]) {
        for place in places {
            let index = place.picture - first
            switch clock {
            case .rate(let rate): setTime(index, place, rate)
            case .file: setTime(index)
            }
            entries[index].isTimed = true
        }
    }

    private mutating func setTime(_ index: Int, _ place: PresentationOrder.Place, _ rate: FrameRate) {
        let timestamp = Self.time(place.number, rate)
        entries[index].chunk.chunk.timestamp = timestamp
        entries[index].chunk.chunk.duration = Self.time(place.number + 1, rate) - timestamp
        guard order.depth > 0 else { return }
        entries[index].chunk.chunk.decodeTimestamp = Self.time(place.picture - order.depth, rate)
    }

    /// The time of a frame, which may be one before the first. Times over 63 bits do not occur, nor as many frames.
    private static func time(_ frame: Int, _ rate: FrameRate) -> Int64 {
        let time = rate.timestamp(ofFrame: abs(frame)) ?? .max
        return frame < 0 ? -time : time
    }

    private mutating func setTime(_ index: Int) {
        let decodeTime = decodeTimes.removeFirst()
        let next = last.map { $0.timestamp + $0.duration }
        // A time that contradicts the order of the pictures is another picture's: a packet of MPEG-PS may hold several.
        let own = entries[index].timestamp.flatMap { [last] time in
            last.map { time > $0.timestamp } ?? true ? time : nil
        }
        let hasTimes = hasOwnTimes || own != nil
        let timestamp = own ?? (hasTimes ? next : nil) ?? decodeTime
        let duration = entries[index].chunk.chunk.duration ?? last?.duration ?? 0
        (last, hasOwnTimes) = ((timestamp, duration), hasTimes)
        entries[index].chunk.chunk.timestamp = timestamp
        if hasTimes { return }
        // It is decoded when another one is shown: earlier by the pictures that may come before it.
        entries[index].chunk.chunk.decodeTimestamp = entries[index].chunk.chunk.decodeTimestamp.map {
            $0 - Int64(order.depth) * duration
        }
    }

    /// Some picture had a time of its own.
    private var hasOwnTimes = false

    /// The decoding time of a chunk; without one in the file, it is after the previous chunk's.
    private func decodeTime(_ chunk: EncodedVideoChunk) -> Int64 {
        if let time = chunk.decodeTimestamp { return time }
        guard let before = decodeTimes.last ?? last?.timestamp else { return 0 }
        return before + (chunk.duration ?? last?.duration ?? 0)
    }
}
