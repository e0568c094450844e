import Foundation

/// The built program: what `SLUICE_PROGRAM` names, else `sluice` beside the test bundle.
enum Program {
    static let path: String = {
        if let named = ProcessInfo.processInfo.environment["SLUICE_PROGRAM"] { return named }
        let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "sluice")
            .path
    }()

    /// Scripts call the program by its name, as users do.
    static let environment: [String] = {
        var values = ProcessInfo.processInfo.environment
        let folder = URL(filePath: path).deletingLastPathComponent().path
        values["PATH"] = "\(folder):\(values["PATH"] ?? "/usr/bin:/bin")"
        values["LC_ALL"] = "C"
        values["NO_COLOR"] = "1"
        return values.map { "\($0.key)=\($0.value)" }
    }()
}

/// Something went wrong with the test itself.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// How a process ended.
enum Ending: Equatable, CustomStringConvertible {
    case exited(Int32)
    case signaled(Int32)
    /// It did not end in time and was killed.
    case timedOut

    init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signaled(signal)
    }

    var description: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .signaled(let signal): "signal \(signal)"
        case .timedOut: "time limit"
        }
    }
}

/// What a command did.
struct Outcome: Sendable {
    let ending: Ending
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [Substring] { text.split(separator: "\n") }
}

extension Ending: Sendable {}
