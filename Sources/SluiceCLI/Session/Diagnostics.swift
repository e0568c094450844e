internal import CPosix
internal import Logging
internal import Sluice
internal import SystemPackage
internal import Threading

/// Messages, written by a separate thread from a bounded buffer: a slow reader loses some of them, and never stalls the encode.
///
/// Thread-safety: all methods may be called from any thread.
final class Diagnostics: Sendable {
    private struct State {
        var lines: [String] = []
        /// A line that the next one of its kind replaces, on a terminal.
        var status: String?
        var dropped = 0
        var isFinished = false

        var hasWork: Bool { !lines.isEmpty || status != nil || isFinished }
    }

    /// Lines that wait, at most.
    private static let limit = 256
    /// How long the end of the program waits for a reader.
    private static let patienceMilliseconds: Int32 = 500

    private let descriptor: FileDescriptor
    private let state = Monitor(State())
    private let thread = Monitor<WorkerThread?>(nil)
    private let wake = try? FileDescriptor.pipe()
    private let isTerminal: Bool

    init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
        isTerminal = cposix_is_terminal(descriptor.rawValue)
        // Without a thread, messages are dropped; the encode continues.
        var started = try? WorkerThread(name: "sluice-words") { [self] in run() }
        thread.withLock { $0 = started.take() }
    }

    /// Queues a line, or counts it as dropped.
    func say(_ line: String) {
        state.withLock { state in
            if state.lines.count < Self.limit {
                state.lines.append(line.printable(keepsLines: true))
            } else {
                state.dropped += 1
            }
        }
    }

    /// Shows a line, or several, in place of what was shown so last.
    func show(_ status: String) { state.withLock { $0.status = status } }

    /// Writes the remaining lines, as far as they are read.
    func finish() {
        state.withLock { $0.isFinished = true }
        _ = try? wake?.writeEnd.writeAll([0])
        guard let thread = thread.withLock({ $0.take() }) else { return }
        thread.join()
    }

    private func run() {
        var statusLines = 0
        while true {
            let work = state.wait(until: { $0.hasWork }) { state in
                defer { (state.lines, state.status, state.dropped) = ([], nil, 0) }
                return state
            }
            var text = ""
            if statusLines > 0, !work.lines.isEmpty || work.status != nil || work.isFinished {
                text += statusLines == 1 ? "\r\u{1B}[K" : "\r\u{1B}[\(statusLines - 1)A\u{1B}[J"
                statusLines = 0
            }
            text += work.lines.map { $0 + "\n" }.joined()
            if work.dropped > 0 { text += "sluice: \(work.dropped) messages were not read in time and were lost\n" }
            if let status = work.status { text += status }
            if let status = work.status { statusLines = status.count { $0 == "\n" } + 1 }
            if work.status != nil, work.isFinished { text += "\n" }
            write(Array(text.utf8))
            if work.isFinished { return }
        }
    }

    /// Writes only when that does not block, and gives up when the program ends without a reader.
    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let isFinished = state.withLock { $0.isFinished }
            let patience = isFinished ? Self.patienceMilliseconds : -1
            let wakeDescriptor = isFinished ? -1 : wake?.readEnd.rawValue ?? -1
            let ready = cposix_wait_writable(descriptor.rawValue, wakeDescriptor, patience)
            guard ready > 0 else { return }
            guard ready & 1 == 1 else { continue }
            guard let count = descriptor.writeReady(rest) else { return }
            rest = rest.dropFirst(count)
        }
    }

    deinit {
        try? wake?.readEnd.close()
        try? wake?.writeEnd.close()
    }
}

/// Passes the libraries' messages to the diagnostics.
struct DiagnosticsLogHandler: LogHandler {
    let diagnostics: Diagnostics
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    init(_ diagnostics: Diagnostics, level: Logger.Level) {
        self.diagnostics = diagnostics
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        diagnostics.say("sluice: \(event.level): \(event.message)")
    }
}
