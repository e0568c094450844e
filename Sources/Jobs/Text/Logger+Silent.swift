public import Logging

extension Logger {
    /// A logger without output.
    public static var silent: Logger { Logger(label: "sluice") { _ in SwiftLogNoOpLogHandler() } }
}
