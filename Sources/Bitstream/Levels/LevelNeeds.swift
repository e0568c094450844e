package import VideoTypes

/// A level of a codec: what a decoder of this level can do, one row of a table of the codec's standard.
package protocol CodecLevel: Sendable {
    /// The level's number, such as `4.1`.
    var name: String { get }
    /// Every level, each one above the one before it.
    static var all: [Self] { get }
}

/// What a stream needs of its level: the one place that encoders, `inspect` and `probe` ask. One implementation a codec.
package protocol LevelNeeds: Sendable {
    /// The levels of the codec.
    associatedtype Level: CodecLevel
    /// Frames a second; `nil` where only the times tell.
    var framerate: FrameRate? { get set }
    /// Everything that the level bounds, in the order in which it is checked.
    func limits(of level: Level) -> [LevelLimit]
    /// Whether the level exists in the stream's tier.
    func isInTier(_ level: Level) -> Bool
}

extension LevelNeeds {
    package func isInTier(_ level: Level) -> Bool { true }

    /// The first thing that is too much for a level; `nil` if everything fits.
    package func excess(over level: Level) -> LevelLimit? { limits(of: level).first(where: \.isExceeded) }

    /// The lowest level that everything fits into; `nil` if none does.
    package var lowestLevel: Level? { Level.all.first { isInTier($0) && excess(over: $0) == nil } }

    /// The lowest level for the first of several rates that some level holds.
    package func lowestLevel(atFirstOf rates: [FrameRate?]) -> Level? {
        var needs = self
        return rates.lazy.compactMap { rate in
            needs.framerate = rate
            return needs.lowestLevel
        }.first
    }

    /// Throws unless a level holds everything, naming the one to use instead.
    ///
    /// - Parameter codec: The codec string that promises the level.
    package func check(_ level: Level, of codec: some CustomStringConvertible) throws(EncoderConfigError) {
        guard let excess = excess(over: level) else { return }
        let advice = lowestLevel.map { "use level \($0.name)" } ?? "no level allows it"
        throw .unsupported(
            "\(excess.setting) exceeds \(codec) (level \(level.name) allows \(excess.allowed) \(excess.property),"
                + " this has \(excess.actual ?? 0); \(advice))"
        )
    }

    /// Why not even the highest level holds the stream.
    package func refusal(by codec: VideoCodec) -> EncoderConfigError {
        guard let highest = Level.all.last, let excess = excess(over: highest) else {
            return .unsupported("no level of \(codec.name) allows this configuration")
        }
        return .unsupported(
            "no level of \(codec.name) allows \(excess.setting): level \(highest.name) allows \(excess.allowed)"
                + " \(excess.property), this has \(excess.actual ?? 0)"
        )
    }

    /// What decides the bit rate, as text for messages.
    func bitrateSetting(_ bitrate: Int?) -> String { "a bit rate of \(bitrate ?? 0)" }

    /// What decides the buffer, as text for messages.
    func bufferSetting(_ bits: Int?) -> String { "a coded picture buffer of \(bits ?? 0) bits" }

    /// What decides the rate, as text for messages.
    func setting(_ size: PictureSize) -> String {
        "size \(size)\(framerate.map { " at \($0) frames a second" } ?? "")"
    }
}
