internal import Sluice

/// The result of a command, as text and as JSON.
protocol CommandResult {
    /// What people get.
    var text: ResultText { get }
    /// An object for programs: one line of JSON, with its line feed.
    var line: [UInt8] { get }
    /// Why the command fails all the same, after its result was written. The default is that it does not.
    var failure: Failure? { get }
}

extension CommandResult {
    var failure: Failure? { nil }
}

/// The form of a result for people.
enum ResultText: Equatable {
    case none
    /// A line on standard error, unless the command is quiet.
    case summary(String)
    /// The requested result, on standard output.
    case report(String)
}

extension Receipt: CommandResult {
    var text: ResultText { .summary(summary) }
}

extension DecodeReceipt: CommandResult {
    var text: ResultText { .summary(summary) }
}
