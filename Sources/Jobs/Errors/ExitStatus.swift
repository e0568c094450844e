/// How the program ends: all of its exit statuses, those of sysexits.h where it has them.
///
/// 33 and 137 are not used: render farms take them for a machine that ran out of memory.
package enum ExitStatus: Int32, CaseIterable, Codable, Sendable {
    case done = 0
    case usage = 64
    case badInput = 65
    case missingInput = 66
    case unavailable = 69
    case defect = 70
    case cannotCreate = 73
    case transferFailed = 74
    case temporary = 75
    case gateFailed = 76
    case badManifest = 78
    /// The system's loader ends the program with it, before a line of ours has run.
    case missingLibrary = 127
    case hangup = 129
    case interrupted = 130
    case terminated = 143

    /// What the process that started the program gets.
    package var code: Int32 { rawValue }

    /// A signal has ended the program.
    package var isSignal: Bool { code > 128 }

    /// Another try may succeed.
    package var isRetryable: Bool { self == .temporary || isSignal }

    /// What has happened.
    package var meaning: String {
        switch self {
        case .done: "done: the output contains everything that was requested"
        case .usage: "the command line is invalid"
        case .badInput:
            "the input is invalid: empty, truncated, damaged, or without the expected number of frames; or a job's command failed"
        case .missingInput: "the input cannot be opened"
        case .unavailable:
            "codec or encoder unavailable, the configuration unsupported, or memory or threads refused"
        case .defect: "a defect in Sluice"
        case .cannotCreate: "the output exists or cannot be created"
        case .transferFailed:
            "reading or writing failed: disk full, I/O error, closed pipe, or no input within the time limit"
        case .temporary: "temporary: a lock, a time limit, a process that was killed"
        case .gateFailed: "a check failed: verification, or the minimum PSNR or SSIM"
        case .badManifest: "a manifest or plan is invalid"
        case .missingLibrary:
            "a library that Sluice is linked with is missing; the message comes from the loader, without JSON"
        case .hangup: "ended by SIGHUP after finishing the frames it had; the signal is re-raised"
        case .interrupted: "ended by SIGINT after finishing the frames it had; the signal is re-raised"
        case .terminated: "ended by SIGTERM after finishing the frames it had; the signal is re-raised"
        }
    }
}
