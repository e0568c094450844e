import Confinement
import Foundation

/// Confines itself by the program's own call, and tries to get out. Prints what holds, and a line for each attempt: its name,
/// and `refused` or `allowed`, as the system has it.
///
///     confinement-escape READABLE OUTPUT SECRET
///
/// The first two are named to the confinement, the third is not.
@main
struct ConfinementEscape {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { fatalError("confinement-escape READABLE OUTPUT SECRET") }
        var confinement = Confinement()
        confinement.readable = [.init(arguments[1])]
        confinement.outputs = [.init(arguments[2])]
        let state = confinement.enter()
        print("state \(state.description)")
        guard state.held else { exit(77) }
        #if os(Linux)
            reach(readable: arguments[1], output: arguments[2], secret: arguments[3])
        #endif
    }

    /// Reports what a call returned: a negative number is a refusal.
    private static func attempt(_ name: String, _ body: () -> Int32) {
        let result = body()
        if result >= 0, result < 1000 { close(result) }
        print("\(name) \(result < 0 ? "refused" : "allowed")")
    }

    /// As ``attempt(_:_:)``, of a call that returns no descriptor.
    private static func call(_ name: String, _ body: () -> Int32) { attempt(name) { body() == 0 ? 1000 : -1 } }

    #if os(Linux)
        private static func reach(readable: String, output: String, secret: String) {
            let folder = (output as NSString).deletingLastPathComponent
            allowed(readable, output)
            files(readable, folder, secret)
            others(secret)
            // What is started later is as confined as the first thread.
            let thread = Thread {
                attempt("read-in-thread") { open(secret, O_RDONLY) }
                attempt("socket-in-thread") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
                exit(0)
            }
            thread.start()
            while true { pause() }
        }

        private static func allowed(_ readable: String, _ output: String) {
            attempt("read-named") { open(readable, O_RDONLY) }
            attempt("read-library") { open("/etc/passwd", O_RDONLY) }
            attempt("write-nothing") { open("/dev/null", O_WRONLY) }
            attempt("write-output") { open(output, O_RDWR | O_CREAT, 0o600) }
            call("rename-output") { rename(output, output + ".2") }
            call("remove-output") { unlink(output + ".2") }
        }

        private static func files(_ readable: String, _ folder: String, _ secret: String) {
            let beside = (secret as NSString).deletingLastPathComponent
            attempt("read-elsewhere") { open(secret, O_RDONLY) }
            attempt("read-by-proc") { open("/proc/self/cwd/" + secret, O_RDONLY) }
            attempt("list-elsewhere") { open(beside, O_RDONLY | O_DIRECTORY) }
            attempt("write-named") { open(readable, O_WRONLY) }
            call("truncate-named") { truncate(readable, 0) }
            attempt("write-elsewhere") { open(secret, O_WRONLY) }
            attempt("create-beside") { open(beside + "/new", O_WRONLY | O_CREAT, 0o600) }
            call("rename-into-output") { rename(secret, folder + "/stolen") }
            call("link-into-output") { link(secret, folder + "/linked") }
            call("remove-elsewhere") { unlink(secret) }
            call("permissions-elsewhere") { chmod(secret, 0o777) }
            call("owner-elsewhere") { chown(secret, 1, 1) }
        }

        private static func others(_ secret: String) {
            attempt("internet-socket") { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
            attempt("datagram-socket") { socket(AF_INET6, Int32(SOCK_DGRAM.rawValue), 0) }
            attempt("local-socket") { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }
            call("execute") {
                var pid = pid_t()
                var words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
                return posix_spawn(&pid, "/usr/bin/true", nil, nil, &words, nil)
            }
        }
    #endif
}
