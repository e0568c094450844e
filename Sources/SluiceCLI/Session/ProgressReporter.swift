internal import ArgumentParser
internal import CPosix
internal import Sluice
internal import SystemPackage

/// Reports the progress of a job at intervals.
struct ProgressReporter: Sendable {
    private enum Form: Equatable {
        case line, plain, json, openjd

        var interval: Duration {
            switch self {
            case .line: .milliseconds(200)
            case .plain: .seconds(10)
            case .json, .openjd: .seconds(1)
            }
        }
    }

    private let form: Form
    private let descriptor: FileDescriptor
    private let progress: JobProgress
    private let diagnostics: Diagnostics
    private let ticker: Ticker

    /// `nil` if progress is not reported.
    init?(_ flags: ReportingFlags, _ progress: JobProgress, _ diagnostics: Diagnostics) {
        descriptor = .named(flags.progressFd)
        switch (flags.progress, cposix_is_terminal(descriptor.rawValue)) {
        case (.none, _): return nil
        case (.auto, _) where flags.quiet: return nil
        case (.auto, true): form = .line
        case (.auto, false), (.plain, _): form = .plain
        case (.json, _): form = .json
        case (.openjd, _): form = .openjd
        }
        (self.progress, self.diagnostics) = (progress, diagnostics)
        ticker = Ticker(every: form.interval) { [form, descriptor] in
            Self.report(progress.snapshot, form, descriptor, diagnostics)
        }
    }

    /// Reports a last time and ends.
    func stop() {
        ticker.stop()
        if form != .plain { Self.report(progress.snapshot, form, descriptor, diagnostics) }
    }

    private static func report(
        _ snapshot: JobProgress.Snapshot,
        _ form: Form,
        _ descriptor: FileDescriptor,
        _ diagnostics: Diagnostics
    ) {
        switch form {
        case .line:
            let columns = Int(cposix_terminal_columns(descriptor.rawValue))
            // A terminal that does not tell its width has most likely the usual one.
            let line = "\r\u{1B}[K" + String(snapshot.line.prefix(max(20, (columns == 0 ? 80 : columns) - 1)))
            diagnostics.show(line)
        case .plain:
            diagnostics.say("sluice: \(snapshot.line)")
        case .json:
            diagnostics.say(ProgressRecord(snapshot).line)
        case .openjd:
            if let line = snapshot.openJobDescription { diagnostics.say(line) }
        }
    }
}

extension JobProgress.Snapshot {
    /// What people read: frames, speed, bit rate, time left, and who everyone waits for.
    var line: String {
        let frames = knownFrames.map { "\(chunksOut)/\($0) frames" } ?? Quantity.count(chunksOut, "frame")
        let rates = "\(framesPerSecond.decimals(1)) fps, \(speed.decimals(2))x, \((bitrate / 1000).decimals(0)) kbit/s"
        let left =
            secondsLeft.map {
                ", \(Int(min($0, 1e9)) / 60):\(Int(min($0, 1e9)) % 60 / 10)\(Int(min($0, 1e9)) % 10) left"
            } ?? ""
        return "\(frames), \(rates)\(left), waiting for the \(bottleneck.name)"
    }

    /// What sessions of Open Job Description read: percent; `nil` while the total is unknown.
    var openJobDescription: String? {
        guard let knownFrames, knownFrames > 0 else { return nil }
        return "openjd_progress: \(min(100, chunksOut * 100 / knownFrames))"
    }
}

extension JobProgress.Stage {
    fileprivate var name: String {
        switch self {
        case .producer: "producer"
        case .ingest: "conversion"
        case .encode: "encoder"
        case .output: "output"
        }
    }
}
