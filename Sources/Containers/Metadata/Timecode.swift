package import VideoTypes

/// The time of day, or of a tape, that a frame is labeled with (SMPTE ST 12-1).
public struct Timecode: Hashable, Sendable {
    /// Hours, 0 to 23.
    public let hours: Int
    /// Minutes, 0 to 59.
    public let minutes: Int
    /// Seconds, 0 to 59.
    public let seconds: Int
    /// The number of the frame in its second.
    public let frames: Int
    /// Numbers are left out so that 30000/1001 frames a second keep pace with the clock: the first two of each minute, except for
    /// every tenth.
    public let isDropFrame: Bool

    /// Reads `01:00:00:00`, or `01:00:00;00` with dropped numbers; `nil` if it is neither.
    public init?(_ text: String) {
        let parts = text.split(omittingEmptySubsequences: false) { [":", ";", "."].contains($0) }
        let separators = text.filter { [":", ";", "."].contains($0) }
        guard parts.count == 4, separators.hasPrefix("::"),
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == 4, numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else { return nil }
        (hours, minutes, seconds, frames) = (numbers[0], numbers[1], numbers[2], numbers[3])
        isDropFrame = separators.last != ":"
    }

    private init(hours: Int, minutes: Int, seconds: Int, frames: Int, isDropFrame: Bool) {
        (self.hours, self.minutes, self.seconds, self.frames) = (hours, minutes, seconds, frames)
        self.isDropFrame = isDropFrame
    }

    /// Throws if frames of a rate are not labeled so.
    package func check(_ rate: FrameRate?) throws(EncoderConfigError) {
        guard let rate else {
            throw .conflict("the timecode \(self) needs frames at a constant rate (use \(Setting.framerateOfOutput))")
        }
        let base = Self.base(rate)
        guard (1...99).contains(base) else {
            throw .conflict("the timecode \(self) needs 1 to 99 frames a second, not \(rate)")
        }
        guard frames < base else {
            throw .conflict(
                "the timecode \(self) has frame \(frames), but \(rate) frames a second are numbered to \(base - 1)"
            )
        }
        guard isDropFrame else { return }
        guard rate.denominator == 1001, [30_000, 60_000].contains(rate.numerator) else {
            throw .conflict(
                "the timecode \(self) drops numbers, which 30000/1001 and 60000/1001 frames a second need, not \(rate) (use :)"
            )
        }
        guard minutes % 10 == 0 || seconds != 0 || frames >= base / 15 else {
            throw .conflict(
                "the timecode \(self) is one of the numbers that are dropped (use \(advanced(by: 0, at: rate)))"
            )
        }
    }

    /// The label of a later frame. It begins again after 24 hours.
    package func advanced(by count: Int, at rate: FrameRate) -> Timecode {
        let base = max(1, Self.base(rate))
        let dropped = isDropFrame ? max(1, base / 15) : 0
        let minute = base * 60 - dropped
        let tenMinutes = minute * 10 + dropped
        var number = ((hours * 60 + minutes) * 60 + seconds) * base + frames
        if isDropFrame {
            // The frame of a dropped number is the one after it.
            let skipped = minutes % 10 != 0 && seconds == 0 && frames < dropped ? dropped - frames : 0
            let all = hours * 60 + minutes
            number += skipped - dropped * (all - all / 10)
        }
        number = (number + count % (tenMinutes * 144)) % (tenMinutes * 144)
        if isDropFrame {
            let (tens, rest) = number.quotientAndRemainder(dividingBy: tenMinutes)
            number += dropped * (9 * tens + (rest < dropped ? 0 : (rest - dropped) / minute))
        }
        return Timecode(
            hours: number / (base * 3600) % 24,
            minutes: number / (base * 60) % 60,
            seconds: number / base % 60,
            frames: number % base,
            isDropFrame: isDropFrame
        )
    }

    /// Frames that are numbered in a second.
    private static func base(_ rate: FrameRate) -> Int { (rate.numerator + rate.denominator / 2) / rate.denominator }
}

extension Timecode: CustomStringConvertible {
    /// `01:00:00:00`, with a semicolon where numbers are dropped.
    public var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(hours)):\(two(minutes)):\(two(seconds))\(isDropFrame ? ";" : ":")\(two(frames))"
    }
}
