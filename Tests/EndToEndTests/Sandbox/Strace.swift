import Foundation

/// What a command asks of the system, by strace.
struct Strace {
    /// Files that were opened or created, as they were named, other than those of the system's folders. Folders do not count,
    /// nor what was opened as a place only (`O_PATH`, which gives none of its bytes): a sandbox is made of such places.
    let files: Set<String>
    /// Calls that make or use sockets.
    let network: [String]
    /// Programs that were started by the command.
    let programs: [String]

    /// Whether strace is installed, and this process may trace others.
    static let isAllowed: Bool = {
        guard let folder = try? TemporaryFolder(),
            let outcome = try? folder.run("strace -f -qq -o t -e trace=openat true && test -s t")
        else { return false }
        return outcome.ending == .exited(0)
    }()

    static let reason = "strace is not installed, or ptrace is not allowed here"

    /// The prefix of a command that is traced into a file.
    static func command(into trace: String) -> String {
        "strace -f -qq -o \(trace) -e trace=open,openat,openat2,creat,execve,execveat,%network"
    }

    /// Reads a trace.
    init(_ text: String) {
        let calls = text.split(separator: "\n").map { line in
            line.drop { $0.isNumber }.drop { $0 == " " }
        }
        let names = ["open(", "openat(", "openat2(", "creat("]
        let opened = calls.filter { call in
            names.contains { call.hasPrefix($0) } && !call.contains("O_PATH") && !call.contains("O_DIRECTORY")
        }
        files = Set(opened.compactMap(Self.path).filter { !Self.isSystem($0) })
        let sockets = ["socket", "connect", "bind", "listen", "sendto", "sendmsg", "recvfrom", "accept"]
        network = calls.filter { call in sockets.contains { call.hasPrefix($0) } }.map(String.init)
        programs = calls.filter { $0.hasPrefix("execve") }.compactMap(Self.path)
    }

    private static func path(_ call: Substring) -> String? {
        let parts = call.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count > 1 ? String(parts[1]) : nil
    }

    /// Folders that programs and libraries read without being told to, and the program's own.
    private static func isSystem(_ path: String) -> Bool {
        let program = URL(filePath: Program.path)
        // `.build/release` is a link: the loader looks for libraries beside the program, by the name that it has then.
        let own = [program, program.resolvingSymlinksInPath()].map { $0.deletingLastPathComponent().path + "/" }
        let folders = ["/usr/", "/lib/", "/lib64/", "/etc/", "/proc/", "/sys/", "/dev/", "/opt/"] + own
        return folders.contains { path.hasPrefix($0) } || ["/proc", "/sys", "/dev"].contains(path)
    }
}
