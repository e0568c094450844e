public import Logging

extension Logger {
    /// A logger that says nothing.
    public static var silent: Logger { Logger(label: "sluice") { _ in SwiftLogNoOpLogHandler() } }
}
