internal import Sluice

/// What a session reports, and where.
struct SessionReports {
    /// The result, or the failure, is one JSON object.
    var isJSON = false
    /// No summary is written.
    var isQuiet = false
    /// The least serious messages that are shown.
    var level = Logger.Level.warning
    /// How progress is shown. `nil`, the default, shows none.
    var progress: ReportingFlags?
    /// No output is written to standard output, so results can use it.
    var standardOutputIsFree = true
    /// The stream itself is written to standard output, which must not be a terminal then.
    var writesBinary = false

    /// Those of a command that shows no progress.
    init(isJSON: Bool, isQuiet: Bool = false) {
        (self.isJSON, self.isQuiet) = (isJSON, isQuiet)
        level = isQuiet ? .error : .warning
    }

    /// Those that flags ask for.
    init(_ flags: ReportingFlags) {
        (isJSON, isQuiet, progress) = (flags.json, flags.quiet, flags)
        level = flags.quiet ? .error : flags.logLevel.level
    }

    /// The same for a command with these outputs, as far as they have names; the stream is the first.
    func writing(_ stream: String?, besides others: String?...) -> SessionReports {
        var reports = self
        let isStandardOutput = { (name: String?) in name.map(OutputFlags.destination) == .standardOutput }
        reports.writesBinary = isStandardOutput(stream)
        reports.standardOutputIsFree = !reports.writesBinary && !others.contains(where: isStandardOutput)
        return reports
    }
}
