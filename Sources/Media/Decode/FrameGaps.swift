/// Notices where frames are missing, by their times: frames that come at one rate but for a few steps of twice as long or more.
///
/// If times vary in another way, gaps cannot be detected.
struct FrameGaps {
    private var last: Int64?
    /// The usual step in microseconds.
    private var step: Int64?
    private var frames = 0
    private var usualSteps = 0
    private var gaps = 0
    private var first: (frame: Int, length: Int64)?
    private var isVariable = false

    /// Takes the time of the next frame in order of presentation, in microseconds.
    mutating func add(_ time: Int64) {
        defer { (last, frames) = (time, frames + 1) }
        guard let last, !isVariable else { return }
        let length = time - last
        guard length > 0 else { return isVariable = true }
        take(length)
    }

    private mutating func take(_ length: Int64) {
        guard let step else { return step = length }
        if isMultiple(length, of: step, from: 1, upTo: 1) {
            usualSteps += 1
        } else if isMultiple(length, of: step, from: 2, upTo: 1000) {
            note(frames, length)
        } else if usualSteps == 0, gaps == 0, isMultiple(step, of: length, from: 2, upTo: 1000) {
            // The very first step was the gap.
            note(1, step)
            (self.step, usualSteps) = (length, 1)
        } else {
            isVariable = true
        }
    }

    private mutating func note(_ frame: Int, _ length: Int64) {
        gaps += 1
        first = first ?? (frame, length)
    }

    /// Containers round to milliseconds.
    private func isMultiple(_ length: Int64, of step: Int64, from least: Int64, upTo most: Int64) -> Bool {
        let factor = (length + step / 2) / step
        return (least...most).contains(factor) && (length - factor * step).magnitude <= 1500 + step.magnitude / 50
    }

    /// The message; `nil` without gaps, or with so many that they are normal for this stream.
    var notice: String? {
        guard let first, let step, !isVariable, gaps * 10 <= usualSteps else { return nil }
        let lengths = "\(first.length / 1000) ms after the previous one, others after \(step / 1000) ms"
        return "frame \(first.frame) comes \(lengths)" + (gaps > 1 ? " (\(gaps) such gaps)" : "")
    }
}
