internal import SystemPackage

/// What confines a process, as a receipt has it.
public struct SandboxState: Codable, Hashable, Sendable {
    /// The version of Landlock that confines what files it reaches; `nil` if none does.
    public internal(set) var landlock: Int?
    /// Whether new sockets and the start of programs are refused.
    public internal(set) var seccomp = false
    /// Why one of the two is missing; `nil` if neither is.
    public internal(set) var reason: String?
    /// Whether both hold.
    public private(set) var held = false

    /// The process is not confined.
    ///
    /// - Parameter reason: Why not.
    public init(reason: String?) { self.reason = reason }

    /// - Parameter status: 0, or an errno value.
    mutating func takeSeccomp(_ status: Int32) {
        seccomp = status == 0
        held = seccomp && landlock != nil
        if !seccomp { reason = "seccomp: \(Errno(rawValue: status))" }
    }

    /// The text for a log.
    public var description: String {
        let parts = [landlock.map { "Landlock \($0)" }, seccomp ? "seccomp" : nil].compactMap(\.self)
        let what = parts.isEmpty ? "the process is not confined" : "confined by \(parts.joined(separator: " and "))"
        return what + (reason.map { " (\($0))" } ?? "")
    }
}
