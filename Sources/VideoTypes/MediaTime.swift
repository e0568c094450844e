/// Times of frames, chunks and packets.
package enum MediaTime {
    /// The range of times, in microseconds or samples: 285 years before and after 0, which JSON's numbers represent exactly.
    /// Sums and differences of a few of them never overflow; every time from outside is checked against this range first.
    package static let bounds: ClosedRange<Int64> = -(1 << 53)...(1 << 53)

    /// The first of some times that cannot be; `nil` if all can.
    package static func outOfBounds(_ times: Int64?...) -> Int64? {
        times.compactMap { $0 }.first { !bounds.contains($0) }
    }
}
