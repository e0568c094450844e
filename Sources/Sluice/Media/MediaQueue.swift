internal import Bitstream
internal import VideoTypes

/// Chunks in decoding order that wait for their times, where the times come from the order of presentation.
struct MediaQueue {
    /// Chunks that may wait: more than any group of pictures holds that are shown before its first.
    private static let limit = 512

    private struct Entry {
        var chunk: EncodedVideoChunk
        var isShown: Bool
        var isTimed: Bool
    }

    private let framerate: FrameRate
    private var order: PresentationOrder
    private var entries: [Entry] = []
    private var bytes = 0
    /// The number in decoding order of the first chunk that waits.
    private var first = 0

    /// A queue of a stream whose frames come at a constant rate.
    ///
    /// - Parameter depth: Pictures that may come before one that they are shown after.
    init(_ framerate: FrameRate, depth: Int) {
        self.framerate = framerate
        order = PresentationOrder(depth: depth)
    }

    /// Takes the next chunk.
    ///
    /// - Parameter order: Its place; `nil` where that is where it stands.
    mutating func append(
        _ chunk: EncodedVideoChunk,
        _ order: PictureOrder?,
        isShown: Bool
    ) throws(BitstreamError) {
        bytes += chunk.data.count
        guard entries.count < Self.limit, bytes <= StreamLimit.unitBytes else {
            let what = "\(entries.count) pictures are shown before one that comes before them"
            throw BitstreamError(.unsupported, what, at: .byte(0), expected: "at most \(Self.limit)")
        }
        entries.append(Entry(chunk: chunk, isShown: isShown, isTimed: false))
        let number = first + entries.count
        place(try self.order.append(order ?? .first(number)))
    }

    /// Nothing follows.
    mutating func end() { place(order.end()) }

    /// The next chunk whose time is known.
    mutating func next() -> (chunk: EncodedVideoChunk, isShown: Bool)? {
        guard let entry = entries.first, entry.isTimed else { return nil }
        entries.removeFirst()
        bytes -= entry.chunk.data.count
        first += 1
        return (entry.chunk, entry.isShown)
    }

    private mutating func place(_ places: [PresentationOrder.Place]) {
        for place in places {
            let index = place.picture - first
            let timestamp = time(place.number)
            entries[index].chunk.timestamp = timestamp
            entries[index].chunk.duration = time(place.number + 1) - timestamp
            if order.depth > 0 { entries[index].chunk.decodeTimestamp = time(place.picture - order.depth) }
            entries[index].isTimed = true
        }
    }

    /// The time of a frame, which may be one before the first; over 63 bits there is none, nor that many frames.
    private func time(_ frame: Int) -> Int64 {
        let time = framerate.timestamp(ofFrame: abs(frame)) ?? .max
        return frame < 0 ? -time : time
    }
}
