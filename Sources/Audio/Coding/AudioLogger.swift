internal import Logging

extension Logger {
    /// Drops everything: what libraries say of audio becomes the reason of an error.
    static let audio = Logger(label: "sluice.audio") { _ in SwiftLogNoOpLogHandler() }
}
