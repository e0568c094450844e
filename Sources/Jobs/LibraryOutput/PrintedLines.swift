internal import Logging

/// Lines that libraries have printed, bounded in number and length; each different one is logged once.
struct PrintedLines: Sendable {
    private let logger: Logger
    private var rests: [[UInt8]] = [[], []]
    private var logged: Set<[UInt8]> = []
    private var repeated = 0
    private var dropped = 0
    /// The last line that a library calls an error.
    var error: String?

    init(_ logger: Logger) { self.logger = logger }

    /// Takes bytes as they come, from one of the two streams.
    mutating func take(_ bytes: ArraySlice<UInt8>, from stream: Int) {
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                // The rest of a line that is too long is not kept.
                if rests[stream].count < LibraryOutput.lineLength { rests[stream].append(byte) }
                continue
            }
            endLine(stream)
        }
    }

    /// Logs what is left, and how much there was besides.
    mutating func finish() {
        for stream in rests.indices { endLine(stream) }
        if repeated > 0 { logger.warning("codec libraries repeated these lines, \(repeated) in all") }
        if dropped > 0 { logger.warning("codec libraries printed more lines, which are not shown: \(dropped)") }
    }

    private mutating func endLine(_ stream: Int) {
        let line = rests[stream]
        rests[stream].removeAll(keepingCapacity: true)
        guard line.contains(where: { $0 > 0x20 }) else { return }
        let text = String(decoding: line, as: UTF8.self)
        if text.contains("[error]") { error = text }
        guard !logged.contains(line) else {
            repeated += 1
            return
        }
        guard logged.count < LibraryOutput.lineLimit else {
            dropped += 1
            return
        }
        logged.insert(line)
        logger.warning("a codec library printed: \(text)")
    }
}
