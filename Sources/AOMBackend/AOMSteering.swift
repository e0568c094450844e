/// Holds libaom's VBR to its bit rate by asking it for less, or for more, than what is to come out.
///
/// With a lookahead, libaom plans the bits of groups of frames by what it sees of them, and hardly makes up for what they have cost
/// beyond that: noise and changes of scene bring it to a third above its rate for good. What has been spent too much, or saved, is
/// taken back within ``horizon``. By its constant bit rate it would keep the rate too, at the price of a decibel.
struct AOMSteering {
    /// Seconds within which what was spent too much is to be saved again.
    private static let horizon = 6.0
    /// Seconds of bits that may be made up for at most, where frames did not need theirs.
    private static let credit = 0.5
    /// What libaom is asked for at least and at most, as parts of the rate.
    private static let parts = 0.4...1.4
    /// Seconds between two changes.
    private static let interval = 0.25

    private let bitrate: Double
    /// Bits that came out beyond the rate.
    private var excess = 0.0
    private var sinceChange = 0.0

    /// - Parameter bitrate: Bits a second that are to come out.
    init(bitrate: Int) { self.bitrate = Double(bitrate) }

    /// Takes a frame that came out.
    ///
    /// - Returns: Bits a second to request from libaom from now on; `nil` for no change yet.
    mutating func take(byteCount: Int, seconds: Double) -> Int? {
        excess = max(-Self.credit * bitrate, excess + Double(byteCount) * 8 - seconds * bitrate)
        sinceChange += seconds
        guard sinceChange >= Self.interval else { return nil }
        sinceChange = 0
        let part = 1 - excess / (Self.horizon * bitrate)
        return Int(bitrate * min(max(part, Self.parts.lowerBound), Self.parts.upperBound))
    }
}
