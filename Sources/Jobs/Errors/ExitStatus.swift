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
        case .done: "done: everything asked for is in the output"
        case .usage: "the command line is wrong"
        case .badInput:
            "the input is wrong: empty, cut off, damaged, another number of frames than expected; or a job's command failed"
        case .missingInput: "the input cannot be opened"
        case .unavailable:
            "codec or encoder unavailable, the configuration unsupported, or memory or threads refused"
        case .defect: "a defect in Sluice"
        case .cannotCreate: "the output exists or cannot be created"
        case .transferFailed:
            "reading or writing failed: disk full, I/O error, closed pipe, or nothing to read within the input's time limit"
        case .temporary: "temporary: a lock, a time limit, a process that was killed"
        case .gateFailed: "a gate failed: verification, or the lowest PSNR or SSIM to succeed with"
        case .badManifest: "a manifest or plan is wrong"
        case .missingLibrary:
            "a library that Sluice is linked with is missing; the message is the loader's, and no JSON"
        case .hangup: "ended by SIGHUP after finishing what it had; the signal is re-raised"
        case .interrupted: "ended by SIGINT after finishing what it had; the signal is re-raised"
        case .terminated: "ended by SIGTERM after finishing what it had; the signal is re-raised"
        }
    }
}
