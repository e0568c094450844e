internal import Jobs
internal import VideoTypes

/// The times in the lines of frame options: of every frame, or of none.
struct FrameOptionTimes {
    private struct Entry {
        let frame: Int
        let line: Int
        let timestamp: Int64?
        let duration: Int64?
    }

    private var entries: [Entry] = []
    private var hasTimes = false

    mutating func add(_ timestamp: Int64?, lasting duration: Int64?, frame: Int, line: Int) {
        entries.append(Entry(frame: frame, line: line, timestamp: timestamp, duration: duration))
        hasTimes = hasTimes || timestamp != nil || duration != nil
    }

    /// The list; `nil` if there are no times.
    ///
    /// - Parameters:
    ///   - name: What messages call the file.
    ///   - firstFrame: The number in the input of frame 0.
    func list(_ name: String, firstFrame: Int) throws(JobError) -> FrameTimes? {
        guard hasTimes else { return nil }
        let sorted = entries.sorted { $0.frame < $1.frame }
        var (times, durations): ([Int64], [Int: Int64]) = ([], [:])
        for (number, entry) in sorted.enumerated() {
            guard entry.frame == number, let timestamp = entry.timestamp else {
                let line = entry.frame == number ? ":\(entry.line)" : ""
                let rule = "if one frame has a timestamp or a duration, all need a timestamp"
                throw .frameOptions("\(name)\(line): frame \(number) has no timestamp (\(rule))")
            }
            times.append(timestamp)
            durations[number] = entry.duration
        }
        do throws(FrameTimes.Fault) {
            return try FrameTimes(times, durations: durations, firstFrame: firstFrame)
        } catch {
            throw .frameTimes("\(name):\(sorted[error.index].line): \(error.description)")
        }
    }
}
