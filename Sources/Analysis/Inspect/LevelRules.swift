internal import Bitstream
internal import VideoTypes

/// What one level allows a certain stream.
struct LevelBounds: Sendable {
    let name: String
    /// Bits a second.
    let bitrate: Int
    /// Bits of the coded picture buffer.
    let buffer: Int
    /// What the level allows at a frame rate, apart from bits.
    let limits: @Sendable (FrameRate?) -> [LevelLimit]

    /// The bounds of a level for a stream with these needs, whose bits are counted unit by unit.
    init<Needs: LevelNeeds>(_ level: Needs.Level, _ needs: Needs, bitrate: Int, buffer: Int) {
        (name, self.bitrate, self.buffer) = (level.name, bitrate, buffer)
        limits = { framerate in
            var needs = needs
            needs.framerate = framerate
            return needs.limits(of: level)
        }
    }
}

/// The levels that a stream could have, and the one that it claims.
struct LevelRules: Sendable {
    /// `nil` where the stream claims none.
    var claimed: LevelBounds?
    /// Each one above the one before it.
    let all: [LevelBounds]
    var tier: String?
}

/// A decoder's buffer (H.264 C.1.2 and its like): it begins full, fills at the level's highest rate, and gives up each unit
/// at its decoding time.
struct RateBucket {
    private let bounds: LevelBounds
    private var fullness: Double
    private var lastTime: Int64?

    init(_ bounds: LevelBounds) {
        self.bounds = bounds
        fullness = Double(bounds.buffer)
    }

    /// Takes a unit out.
    ///
    /// - Returns: The available bits, if they were fewer than the unit has.
    mutating func take(bytes: Int, at time: Int64) -> Int? {
        let seconds = Double(max(0, time - (lastTime ?? time))) / 1e6
        lastTime = time
        fullness = min(Double(bounds.buffer), fullness + seconds * Double(bounds.bitrate))
        let (bits, available) = (Double(bytes) * 8, fullness)
        fullness = max(0, fullness - bits)
        return bits > available ? Int(available) : nil
    }
}

/// Whether a stream keeps to its level.
public struct LevelVerdict: Encodable, Sendable {
    /// Something that is too much for the level.
    public struct Excess: Encodable, Sendable {
        /// The thing.
        public let subject: String
        /// What the level allows, and what the stream has.
        public let numbers: String
    }

    /// The level that the stream claims; `nil` where it claims none.
    public let level: String?
    /// The tier, in codecs that have tiers.
    public let tier: String?
    /// The highest bit rate that the level allows, in bits a second.
    public let maxBitrate: Int?
    /// The size of the level's coded picture buffer, in bits.
    public let maxBuffer: Int?
    /// What is too much for the level; empty if the stream keeps to it.
    public let excesses: [Excess]
    /// The lowest level that everything fits into; `nil` if none does, or the codec has no levels.
    public let lowestLevel: String?
}

extension LevelVerdict {
    init(_ rules: LevelRules, framerate: FrameRate?, units: [InspectedUnit]) {
        (level, tier) = (rules.claimed?.name, rules.tier)
        (maxBitrate, maxBuffer) = (rules.claimed?.bitrate, rules.claimed?.buffer)
        excesses = rules.claimed.map { Self.excesses(over: $0, framerate, units) } ?? []
        lowestLevel = rules.all.first { Self.excesses(over: $0, framerate, units).isEmpty }?.name
    }

    private static func excesses(
        over bounds: LevelBounds,
        _ framerate: FrameRate?,
        _ units: [InspectedUnit]
    ) -> [Excess] {
        let exceeded = bounds.limits(framerate).filter(\.isExceeded)
        return exceeded.map { Excess(subject: $0.property, numbers: $0.numbers) }
            + [bucketExcess(over: bounds, units)].compactMap(\.self)
    }

    /// The first unit that exceeds the buffer, and the number of such units.
    private static func bucketExcess(over bounds: LevelBounds, _ units: [InspectedUnit]) -> Excess? {
        var (bucket, first, count) = (RateBucket(bounds), (index: 0, bits: 0, available: 0), 0)
        for unit in units {
            guard let available = bucket.take(bytes: unit.size, at: unit.decodeTimestamp ?? unit.timestamp) else {
                continue
            }
            if count == 0 { first = (unit.index, unit.size * 8, available) }
            count += 1
        }
        guard count > 0 else { return nil }
        return Excess(
            subject: "bits in the coded picture buffer",
            numbers:
                "\(bounds.bitrate) a second and \(bounds.buffer) at once: unit \(first.index) has \(first.bits), but"
                + " only \(first.available) are available\(count > 1 ? ", and \(count - 1) more do not fit" : "")"
        )
    }
}
