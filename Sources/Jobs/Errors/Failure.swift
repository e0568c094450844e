/// A failure as it is reported: the exit status, a name for programs, and a message for people.
///
/// It is the `error` object of `--json` and of a batch's reports, which is written and read by this type alone.
package struct Failure: Error, Hashable, Sendable {
    /// How the program ends for it.
    package var status: ExitStatus
    /// A name for programs.
    package var name: String
    /// The thing, its value, and what would have been right.
    package var message: String
    /// Another try may succeed.
    package var isRetryable: Bool
    /// The number of the frame that is at fault, where one is.
    package var frame: Int?
    /// The shards that are at fault, where some are.
    package var shards: UnusableShards?

    /// A failure, which is as retryable as its status.
    package init(
        _ status: ExitStatus,
        name: String,
        message: String,
        frame: Int? = nil,
        shards: UnusableShards? = nil
    ) {
        (self.status, self.name, self.message, self.frame) = (status, name, message, frame)
        (self.shards, isRetryable) = (shards, status.isRetryable)
    }

    /// The command line is wrong.
    package static func usage(_ message: String) -> Failure { Failure(.usage, name: "usage", message: message) }
}

extension Failure: Codable {
    private enum CodingKeys: String, CodingKey {
        case status = "code"
        case name, message
        case isRetryable = "retryable"
        case frame, shards
    }
}

extension Failure {
    /// The object that programs get.
    package struct Object: Codable {
        /// The only key.
        package let error: Failure
    }

    /// The failure as one line of JSON.
    package var line: [UInt8] { JSON.line(Object(error: self)) }
}
