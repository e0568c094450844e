package import VideoTypes

/// What a level allows of one property of a stream, and what the stream has.
package struct LevelLimit: Hashable, Sendable {
    /// The property, in the plural: `macroblocks a second`.
    package let property: String
    /// The setting that decides it, with its value: `size 1280x720 at 30 frames a second`.
    package let setting: String
    /// The most that the level allows.
    package let allowed: Int
    /// What the stream has; `nil` where that is unknown, or has no bound.
    package let actual: Int?

    /// A limit. The setting is the property itself unless it has another name.
    package init(_ property: String, _ actual: Int?, atMost allowed: Int, by setting: String? = nil) {
        (self.property, self.allowed, self.actual) = (property, allowed, actual)
        self.setting = setting ?? "\(actual ?? 0) \(property)"
    }

    /// The stream has more than the level allows.
    package var isExceeded: Bool { actual.map { $0 > allowed } ?? false }

    /// What the level allows and what the stream has: `1620, this has 3600`.
    package var numbers: String { "\(allowed), this has \(actual ?? 0)" }
}

extension FrameRate {
    /// Converts a number for each frame to one for each second, rounded up.
    package func perSecond(_ count: Int) -> Int {
        // At most 2^32 samples and 2^31 frames: within Int.
        (count * numerator + denominator - 1) / denominator
    }
}
