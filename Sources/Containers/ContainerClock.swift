package import VideoTypes

/// How times are counted in an output: in frames where the frame rate is constant, so that 30000/1001 is exact, else in
/// microseconds, or in another part of a second in which all times are whole numbers.
package struct ContainerClock: Hashable, Sendable {
    /// The rate whose frames are counted; `nil` for parts of a second.
    package let framerate: FrameRate?
    /// Units a second without a rate: a million, or fewer.
    private let ticksPerSecond: Int

    /// A clock for a rate; microseconds without one.
    package init(_ framerate: FrameRate?) { (self.framerate, ticksPerSecond) = (framerate, 1_000_000) }

    /// The clock of an output.
    package init(_ description: ContainerDescription) {
        framerate = description.countsMicroseconds ? nil : description.framerate
        ticksPerSecond = description.framerate == nil ? description.ticksPerSecond : 1_000_000
    }

    /// Seconds of a tick, as a fraction.
    package var timeBase: (numerator: Int, denominator: Int) {
        framerate.map { ($0.denominator, $0.numerator) } ?? (1, ticksPerSecond)
    }

    /// Microseconds of a frame at the rate; 0 without one.
    package var frameDuration: Int64 { framerate?.timestamp(ofFrame: 1) ?? 0 }

    /// Microseconds in ticks, rounded to the nearest; times before zero as well.
    package func ticks(_ microseconds: Int64) -> Int64 {
        let (seconds, perTick) = timeBase
        guard perTick != 1_000_000 || seconds != 1 else { return microseconds }
        let product = microseconds.magnitude.multipliedFullWidth(by: UInt64(perTick))
        let divisor = UInt64(seconds) * 1_000_000
        // 10,000 frames a second for 290,000 years are fewer than 2^63.
        guard product.high < divisor else { return microseconds < 0 ? .min : .max }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        let rounded = Int64(clamping: quotient + (remainder >= divisor - remainder ? 1 : 0))
        return microseconds < 0 ? -rounded : rounded
    }
}
