import Foundation

/// The program while it runs, with pipes for all three streams.
final class Running {
    let input: Pipe
    let output: Pipe
    let errors: Pipe
    let child: ChildProcess

    /// Starts `sluice` with these arguments.
    init(_ arguments: String, in folder: TemporaryFolder) throws {
        (input, output, errors) = (try Pipe(), try Pipe(), try Pipe())
        child = try ChildProcess(
            ["sluice"] + arguments.split(separator: " ").map(String.init),
            in: folder.url,
            input: input.readEnd,
            output: output.writeEnd,
            errors: errors.writeEnd
        )
        input.closeReadEnd()
        output.closeWriteEnd()
        errors.closeWriteEnd()
    }

    /// Waits until something holds; the time limit is for the case that it never does.
    func wait(until condition: () -> Bool, atMost seconds: Double = 20) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while !condition() {
            guard Date() < deadline else { return false }
            usleep(2000)
        }
        return true
    }

    /// Waits until the program has written something to standard error.
    ///
    /// - Returns: Everything that it wrote there from this call on.
    func errors(until words: String, atMost seconds: Double = 20) -> String {
        var said: [UInt8] = []
        _ = wait(
            until: {
                said += errors.read(atLeast: 1, patience: 0.05)
                return String(decoding: said, as: UTF8.self).contains(words)
            },
            atMost: seconds
        )
        return String(decoding: said, as: UTF8.self)
    }

    /// Stops a batch with a first signal, and aborts its jobs with a second one.
    func abortBatch(_ signal: Int32) -> Bool {
        child.send(signal)
        let hasAnswered = errors(until: "stop").contains("stop")
        child.send(signal)
        return hasAnswered
    }

    /// An output has been opened that has no name yet.
    var hasUnnamedOutput: Bool { unnamedBytes != nil }

    /// The size of the largest output that has no name yet; `nil` if none is open.
    var unnamedBytes: Int? {
        let open = "/proc/\(child.pid)/fd"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: open)) ?? []
        return files.reduce(nil) { largest, number in
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(open)/\(number)")) ?? ""
            var status = stat()
            guard target.hasSuffix(" (deleted)"), stat("\(open)/\(number)", &status) == 0 else { return largest }
            return max(largest ?? 0, Int(status.st_size))
        }
    }

    /// Bytes in the pipe to stdin that have not been read yet.
    var unread: Int {
        var count: Int32 = 0
        _ = ioctl(input.writeEnd, UInt(FIONREAD), &count)
        return Int(count)
    }
}
