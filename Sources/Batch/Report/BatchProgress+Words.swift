extension BatchProgress.Snapshot {
    /// What people read, in one line.
    package var line: String {
        let failures = failed > 0 ? ", \(failed) failed" : ""
        let fps = ClaimedSeconds.rate(of: frames, in: seconds)
        let left = secondsLeft.map { ", \(Quantity.time($0)) left" } ?? ""
        return
            "\(ended)/\(Quantity.count(jobs, "job"))\(failures), \(running.count) running, \(Quantity.count(frames, "frame")), \(Quantity.decimals(fps, 1)) fps"
            + ", \(Quantity.decimals(fraction * 100, 0)) %\(left)"
    }

    /// Running jobs that are shown, at most.
    private static let shown = 16

    /// A bar for each job that runs, and the totals below; no line is wider than the terminal.
    package func table(columns: Int) -> [String] {
        let width = columns > 20 ? columns - 1 : 79
        let name = min(28, max(8, width / 3))
        var lines = running.prefix(Self.shown).map { $0.line(width: width, name: name) }
        if running.count > Self.shown { lines.append("and \(running.count - Self.shown) more") }
        let total = Bar.line(fraction, width: max(6, min(24, width / 4)))
        return lines + [String("\(total) \(line)".prefix(width))]
    }

    private struct Object: Encodable {
        struct Job: Encodable {
            let name: String
            let frames: Int
            let totalFrames: Int?
            let fps: Double
        }
        struct Progress: Encodable {
            let jobs: Int
            let done: Int
            let upToDate: Int
            let failed: Int
            let frames: Int
            let fraction: Double
            let seconds: Double
            let secondsLeft: Double?
            let running: [Job]

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(jobs, forKey: .jobs)
                try container.encode(done, forKey: .done)
                try container.encode(upToDate, forKey: .upToDate)
                try container.encode(failed, forKey: .failed)
                try container.encode(frames, forKey: .frames)
                try container.encode(fraction, forKey: .fraction)
                try container.encode(seconds, forKey: .seconds)
                // Null, not a missing key.
                try container.encode(secondsLeft, forKey: .secondsLeft)
                try container.encode(running, forKey: .running)
            }

            private enum CodingKeys: CodingKey {
                case jobs, done, upToDate, failed, frames, fraction, seconds, secondsLeft, running
            }
        }
        let progress: Progress
    }

    /// What programs read: one object on one line, in which what is not known is null.
    package var json: String {
        let jobs = running.map {
            Object.Job(name: $0.name, frames: $0.frames, totalFrames: $0.totalFrames, fps: $0.framesPerSecond.rounded3)
        }
        let progress = Object.Progress(
            jobs: self.jobs,
            done: done,
            upToDate: upToDate,
            failed: failed,
            frames: frames,
            fraction: fraction.rounded3,
            seconds: seconds.rounded3,
            secondsLeft: secondsLeft.map(\.rounded3),
            running: jobs
        )
        return JSON.text(Object(progress: progress))
    }
}

extension BatchProgress.Running {
    fileprivate func line(width: Int, name: Int) -> String {
        let whole = self.name.printable()
        let label = whole.count > name ? "…" + whole.suffix(name - 1) : whole
        let padded = label + String(repeating: " ", count: name - label.count)
        let bar =
            fraction.map { Bar.line($0, width: max(6, min(24, width / 4))) }
            ?? Bar.unknown(width: max(6, min(24, width / 4)))
        let counted = totalFrames.map { "\(frames)/\($0) frames" } ?? Quantity.count(frames, "frame")
        let rest =
            isChecking
            ? "checking"
            : "\(counted), \(Quantity.decimals(framesPerSecond, 1)) fps, \(Quantity.bytes(bytes))"
        return String("\(bar) \(padded) \(rest)".prefix(width))
    }
}

/// A bar of text.
private enum Bar {
    static func line(_ fraction: Double, width: Int) -> String {
        let full = Int((min(1, max(0, fraction)) * Double(width)).rounded(.down))
        return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    }

    static func unknown(width: Int) -> String { String(repeating: "░", count: width) }
}

extension JobResult {
    /// The result of the job, in one line.
    package var line: String {
        switch status {
        case .done:
            let speed = encoded.map {
                "\(Quantity.count($0.frames, "frame")), \(Quantity.bytes($0.bytes)), \(Quantity.decimals($0.framesPerSecond, 1)) fps"
            }
            return
                "\(job.name): done\(notKept) (\(speed ?? ""), memory \(peakMemory.map(Quantity.memory) ?? "-") of \(Quantity.memory(job.memory)) estimated)"
        case .upToDate: return "\(job.name): up to date\(notKept)"
        case .failed: return "\(job.name): failed: \(failure?.message ?? "")"
        case .interrupted: return "\(job.name): interrupted"
        case .notRun: return "\(job.name): not run: \(failure?.message ?? "")"
        }
    }

    private var notKept: String {
        guard isNotKept, let encoded, let limit = encoded.limit else { return "" }
        return ", not kept: \(encoded.bytes) bytes are not less than the \(limit) of the input"
    }

    /// The event of a job as JSON; unknown values are omitted.
    private struct Event: Encodable {
        let name: String
        let output: String
        var status: Status?
        /// False for a job that is done without an output.
        var kept: Bool?
        var attempts: Int?
        let error: Failure?
        var seconds: Double?
        var delaySeconds: Int64?

        init(_ result: JobResult) {
            (name, output, error) = (result.job.name, result.job.output.name, result.failure)
        }
    }

    /// The same for programs.
    package var json: String {
        var event = Event(self)
        (event.status, event.kept, event.seconds) = (status, encoded?.kept, seconds.rounded3)
        return JSON.text(["job": event])
    }

    /// For programs, that the job will be tried again after a while.
    package func json(retryIn delay: Duration) -> String {
        var event = Event(self)
        (event.attempts, event.delaySeconds) = (attempts, delay.components.seconds)
        return JSON.text(["retry": event])
    }
}
