package import VideoTypes

/// When the frames of an input without times of its own are shown: at a constant rate, or as listed.
package struct FrameSchedule: Hashable, Sendable {
    /// When a frame is shown in the output, and for how long, in microseconds.
    package struct Place: Hashable, Sendable {
        package let timestamp: Int64
        package let duration: Int64?
    }

    /// A list, as far as it is for frames that are wanted.
    fileprivate struct Listed: Hashable, Sendable {
        let times: FrameTimes
        /// The list's time that is 0 in the output.
        let origin: Int64
        /// The place in the list of the last wanted frame.
        let last: Int
        let durationOfLast: Int64?
    }

    /// How long the only frame is shown where its duration is unknown: as long as one of 30 a second.
    fileprivate static let loneFrame: Int64 = 33_333

    private let rate: FrameRate?
    private let listed: Listed?
    /// The number in the input of the first wanted frame.
    private let first: Int

    /// Frames come at a constant rate, the first wanted one at 0.
    package init(_ rate: FrameRate, skip: Int) { (self.rate, listed, first) = (rate, nil, skip) }

    /// Frames come as listed.
    ///
    /// - Parameters:
    ///   - times: The list.
    ///   - selection: Which frames are wanted.
    ///   - keepsStart: The first wanted frame has its own time; otherwise it is at 0.
    ///   - durationOfLast: How long the last wanted frame is shown, in microseconds; `nil` leaves it to the list.
    package init(
        _ times: FrameTimes,
        _ selection: FrameReader.Selection,
        keepsStart: Bool,
        durationOfLast: Int64?
    ) {
        let place = max(0, selection.skip - times.firstFrame)
        let available = times.timestamps.count - 1
        let last = selection.count.map { min(available, place.addingClamped($0) - 1) } ?? available
        let origin = keepsStart || place > available ? 0 : times.timestamps[place]
        listed = Listed(times: times, origin: origin, last: last, durationOfLast: durationOfLast)
        (rate, first) = (nil, selection.skip)
    }

    /// The place of a frame; `nil` where the list has none for it, or its time is not representable.
    ///
    /// - Parameter number: Its number in the input.
    package func place(ofFrame number: Int) -> Place? {
        if let listed { return listed.place(number - listed.times.firstFrame) }
        guard let rate, let timestamp = rate.timestamp(ofFrame: number - first) else { return nil }
        return Place(timestamp: timestamp, duration: rate.duration(ofFrame: number - first))
    }

    /// The number in the input of the first frame that is listed.
    package var firstListed: Int { listed?.times.firstFrame ?? 0 }

    /// Frames of the input up to the last that is listed; `nil` at a constant rate.
    package var listedFrames: Int? { listed.map { $0.times.firstFrame + $0.times.timestamps.count } }

    /// The times of the wanted frames; empty at a constant rate.
    package var places: some Sequence<Place> {
        let begin = listed.map { max(0, first - $0.times.firstFrame) } ?? 0
        let end = listed.map { $0.last + 1 } ?? 0
        return (begin..<max(begin, end)).lazy.compactMap { place in listed?.place(place) }
    }

    /// The number in the input of the first wanted frame that a clock gives the time of the one before it; `nil` if there is none.
    ///
    /// - Parameter tick: What the clock counts in, in microseconds.
    package func firstCollision(tick: Int64) -> (frame: Int, distance: Int64)? {
        var (number, last) = (first, Int64?.none)
        for place in places {
            if let last, (place.timestamp + tick / 2) / tick == (last + tick / 2) / tick {
                return (number, place.timestamp - last)
            }
            (number, last) = (number + 1, place.timestamp)
        }
        return nil
    }
}

extension FrameSchedule.Listed {
    fileprivate func place(_ index: Int) -> FrameSchedule.Place? {
        guard times.timestamps.indices.contains(index) else { return nil }
        return FrameSchedule.Place(timestamp: times.timestamps[index] - origin, duration: duration(index))
    }

    /// Until the next frame; the last is shown as long as the one before it.
    private func duration(_ index: Int) -> Int64 {
        if index == last, let durationOfLast { return durationOfLast }
        if let own = times.durations[index] { return own }
        let all = times.timestamps
        if index + 1 < all.count { return all[index + 1] - all[index] }
        return index > 0 ? all[index] - all[index - 1] : FrameSchedule.loneFrame
    }
}

extension Int {
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}

extension FrameSchedule {
    /// The error of an input with another number of frames than are listed.
    ///
    /// - Parameters:
    ///   - frames: Frames of the input; `nil` for more than are listed.
    ///   - listed: Frames of the input up to the last that is listed.
    package func wrongNumber(_ frames: Int?, _ listed: Int) -> IngestError {
        .wrongNumberOfTimes(
            frames: frames.map { max(0, $0 - firstListed) },
            times: listed - firstListed,
            skipped: firstListed
        )
    }
}
