internal import VideoTypes

/// The time base that libvpx is given.
struct VPXClock: Equatable {
    /// Seconds of a tick, as a fraction.
    let numerator: Int
    let denominator: Int
    private let framerate: FrameRate?

    /// A tick is a frame where the frame rate is known, so that fractions are exact; else a microsecond. libvpx's own
    /// arithmetic has room for neither very large numerators nor denominators; such rates are counted in microseconds.
    init(_ framerate: FrameRate?) {
        self.framerate = framerate
        let isSimple = framerate.map { $0.numerator <= 1_000_000_000 && $0.denominator <= 10_000 } ?? false
        (numerator, denominator) = isSimple ? (framerate?.denominator ?? 1, framerate?.numerator ?? 1) : (1, 1_000_000)
        isFrame = isSimple
    }

    private let isFrame: Bool

    /// The frames' timestamps become ticks, and must grow.
    var followsTimestamps: Bool { framerate == nil }

    /// The tick at which a frame begins.
    func ticks(ofFrame number: Int) -> Int64? {
        isFrame ? Int64(number) : framerate?.timestamp(ofFrame: number)
    }

    /// The last tick that libvpx can count: it multiplies by its own ten million ticks a second, in 64 bits.
    var limit: Int64 { Int64.max / Int64(isFrame ? numerator * 10_000_000 : 10) / 2 }

    /// The frames whose ticks libvpx can count, where frames are counted; the last one's end counts as well.
    var mostFrames: Int? {
        guard let framerate else { return nil }
        guard !isFrame else { return Int(limit) - 1 }
        return framerate.frames(within: limit)
    }

    /// A duration in whole microseconds, rounded up.
    func microseconds(_ ticks: Int64) -> UInt {
        let product = UInt(ticks).multipliedFullWidth(by: UInt(numerator) * 1_000_000)
        guard product.high < UInt(denominator) else { return .max }
        return UInt(denominator).dividingFullWidth(product).quotient + 1
    }
}
