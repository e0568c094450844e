import Foundation
import TestSupport
import Testing

/// The folder that all tests use: those of the program run scripts in it.
typealias TemporaryFolder = TestSupport.TemporaryFolder

extension TemporaryFolder {
    func bytes(_ name: String) throws -> [UInt8] { try bytes(of: name) }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// Runs a script; its streams go to files, so that no pipe can fill up. A pipe's status is that of its last command
    /// that failed.
    func run(_ script: String, input: [UInt8]? = nil, timeLimit: Double = 60) throws -> Outcome {
        let names = Self.streamNames(["in", "out", "err"])
        if let input { try write(input, to: names[0]) }
        let source = open(input == nil ? "/dev/null" : file(names[0]).path, O_RDONLY | O_CLOEXEC)
        let sinks = names.dropFirst().map { open(file($0).path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) }
        defer { for descriptor in [source] + sinks { close(descriptor) } }
        let child = try ChildProcess(
            ["/bin/bash", "-c", "set -o pipefail; \(script)"],
            in: url,
            input: source,
            output: sinks[0],
            errors: sinks[1]
        )
        let ending = child.wait(atMost: timeLimit)
        let outcome = Outcome(
            ending: ending,
            output: try Data(contentsOf: file(names[1])),
            errors: try text(names[2])
        )
        for name in names { try? FileManager.default.removeItem(at: file(name)) }
        return outcome
    }

    /// Runs a script that has to succeed.
    @discardableResult
    func succeed(
        _ script: String,
        input: [UInt8]? = nil,
        timeLimit: Double = 60,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try run(script, input: input, timeLimit: timeLimit)
        try #require(
            outcome.ending == .exited(0),
            "\(script): \(outcome.ending): \(outcome.errors)",
            sourceLocation: sourceLocation
        )
        return outcome
    }

    /// Runs a script that has to fail with this status and words in what it says.
    @discardableResult
    func fail(
        _ script: String,
        status: Int32,
        saying words: String...,
        input: [UInt8]? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try run(script, input: input)
        #expect(
            outcome.ending == .exited(status),
            "\(script): \(outcome.ending): \(outcome.errors)",
            sourceLocation: sourceLocation
        )
        for word in words {
            #expect(outcome.errors.contains(word), "\(script): \(outcome.errors)", sourceLocation: sourceLocation)
        }
        return outcome
    }
}
