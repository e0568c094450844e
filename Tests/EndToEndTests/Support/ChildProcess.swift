import Foundation
import Synchronization

/// A process of our own: in a group of its own, with default signals, and with no descriptor but the three it is given.
///
/// Foundation's `Process` is not used: signals that are blocked on the testing threads would be blocked in the child too.
final class ChildProcess: Sendable {
    /// Held while a child is started, and while descriptors are made that it must not have.
    static let spawning = Mutex(())

    let pid: pid_t
    private let state = Mutex<Ending?>(nil)

    /// Starts a command; `-1` closes a descriptor in the child.
    init(_ command: [String], in folder: URL, input: Int32, output: Int32, errors: Int32) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in [(0, input), (1, output), (2, errors)] as [(Int32, Int32)] {
            if source < 0 {
                posix_spawn_file_actions_addclose(&actions, target)
            } else {
                posix_spawn_file_actions_adddup2(&actions, source, target)
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        pid = try Self.spawn(["env", "-C", folder.path] + command, actions, attributes)
    }

    private static func spawn(
        _ command: [String],
        _ actions: posix_spawn_file_actions_t,
        _ attributes: posix_spawnattr_t
    ) throws -> pid_t {
        var (actions, attributes, pid) = (actions, attributes, pid_t())
        var arguments = command.map { strdup($0) } + [nil]
        var environment = Program.environment.map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        let status = spawning.withLock { _ in
            posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, &environment)
        }
        guard status == 0 else {
            throw TestFailure("\(command) cannot be started: \(String(cString: strerror(status)))")
        }
        return pid
    }

    /// Waits for the end; after the time limit the whole group is killed.
    func wait(atMost seconds: Double = 60) -> Ending {
        if let ending = state.withLock({ $0 }) { return ending }
        let deadline = Date(timeIntervalSinceNow: seconds)
        var status: Int32 = 0
        var pause: useconds_t = 500
        while waitpid(pid, &status, WNOHANG) == 0 {
            guard Date() < deadline else {
                kill(-pid, SIGKILL)
                waitpid(pid, &status, 0)
                return end(.timedOut)
            }
            usleep(pause)
            pause = min(pause * 2, 10_000)
        }
        return end(Ending(waitStatus: status))
    }

    private func end(_ ending: Ending) -> Ending {
        // Processes that a script leaves in its group must not survive.
        kill(-pid, SIGKILL)
        state.withLock { $0 = ending }
        return ending
    }

    /// A process that has ended has no memory, even if it was not waited for yet.
    var isRunning: Bool { memory("VmRSS") != nil }

    func send(_ signal: Int32) { kill(pid, signal) }

    /// A line of `/proc/PID/status` in bytes, such as `VmRSS`; `nil` once the process has ended.
    func memory(_ field: String) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("\(field):") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return kilobytes * 1024
    }

    deinit { if state.withLock({ $0 }) == nil { _ = wait(atMost: 0) } }
}
