/// A flag of the command that runs jobs.
package struct JobFlag: Hashable, Sendable {
    /// Its long name, without the dashes.
    package let name: String
    /// It has no value: a job has `true` or `false` for it.
    package let isSwitch: Bool
    /// It may be given again: a job may have a list for it.
    package let isRepeatable: Bool
    /// Its value is the name of a file.
    package let isFile: Bool

    /// A flag.
    package init(name: String, isSwitch: Bool, isRepeatable: Bool, isFile: Bool) {
        (self.name, self.isSwitch, self.isRepeatable, self.isFile) = (name, isSwitch, isRepeatable, isFile)
    }
}

/// The command that runs jobs: it reads a job's flags exactly as those of its own command line.
package protocol JobCommand: Sendable {
    /// The flags that a job may have.
    var flags: [JobFlag] { get }
    /// What the arguments mean, without anything being opened but what they name as options for single frames.
    func job(_ arguments: [String]) throws(JobRefusal) -> EncodeJob
    /// A failure of a job as the command reports it.
    func refusal(_ error: JobError) -> JobRefusal
}

/// Why the command refuses a job, with the messages for its own command line.
package struct JobRefusal: Error, Hashable, Sendable {
    /// What is wrong.
    package let message: String
    /// The exit status that the command would have.
    package let status: ExitStatus
    /// The failure's name for programs.
    package let name: String
    /// The system gave no descriptor: the job may be right, and cannot be checked.
    package let isShortage: Bool

    /// A refusal.
    package init(_ message: String, status: ExitStatus = .usage, name: String = "usage", isShortage: Bool = false) {
        (self.message, self.status, self.name, self.isShortage) = (message, status, name, isShortage)
    }
}
