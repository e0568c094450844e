internal import Threading

/// What codec libraries print, where the program reads it: some tell only there why they cannot be opened.
///
/// Thread-safety: all functions may be called from any thread.
package enum LibraryWords {
    private static let reader = Monitor<(@Sendable () -> String?)?>(nil)

    /// From here on, the output of libraries is read.
    ///
    /// - Parameter lastError: Returns the last error that was printed since its last call; `nil` ends the reading.
    package static func read(_ lastError: (@Sendable () -> String?)?) { reader.withLock { $0 = lastError } }

    /// Whether the output of libraries is read.
    package static var areRead: Bool { reader.withLock { $0 != nil } }

    /// The last error that a library printed since the last call, without its name; `nil` without one.
    package static func takeError() -> String? {
        let lastError = reader.withLock { $0 }
        guard let line = lastError?(), let mark = line.firstRange(of: "[error]") else { return nil }
        return String(line[mark.upperBound...].drop { $0 == ":" || $0 == " " })
    }
}
