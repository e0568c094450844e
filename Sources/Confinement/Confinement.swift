internal import CPosix
public import SystemPackage

#if os(Linux)
    internal import CSeccomp
#endif
#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What a process may still reach when it has confined itself, before it hands a media file to libavformat and its decoders.
///
/// On Linux, Landlock leaves it the reading of the files that are named here and of what libraries need (`/usr`, `/lib`,
/// `/etc`, `/proc`, `/sys` and a few devices), and writing in the folders of the outputs that are named here and in those
/// below them. libseccomp refuses new sockets, the start of programs, and changes of owners and permissions by name. What is
/// open already stays open. Elsewhere nothing is confined, and ``SandboxState/reason`` tells why.
///
/// The library never does this by itself: it cannot be undone, and it is the process of somebody else. Thread-safety: called
/// before the process has other threads.
public struct Confinement: Sendable {
    /// Files that are read, and folders that are read with all that is in them. Those that are not there are passed over.
    public var readable: [FilePath] = []
    /// Outputs: where there is a FIFO or a device it is written, else files are made in the output's folder.
    public var outputs: [FilePath] = []
    /// Whether devices that encode may be used, with the drivers' caches. The default is that they may not.
    public var mayUseDevices = false

    /// Nothing but what libraries need.
    public init() {}

    /// Confines the process.
    ///
    /// - Returns: What holds from now on. Nothing is thrown: where the system has no such means, everything is as it was.
    public func enter() -> SandboxState { enter(allThreads: true) }

    /// Confines the calling thread, and those that it starts from now on. What it does in memory reaches the others still.
    ///
    /// - Returns: What holds from now on.
    public func enterOnThisThread() -> SandboxState { enter(allThreads: false) }

    private func enter(allThreads: Bool) -> SandboxState {
        guard !cposix_is_sanitized() else { return SandboxState(reason: "the program is built with a sanitizer") }
        let status = confine(allThreads: allThreads)
        guard status == 0 else { return SandboxState(reason: Self.reason(status)) }
        var state = SandboxState(reason: nil)
        state.landlock = Int(cposix_landlock_version())
        state.takeSeccomp(Self.refuseCalls(allThreads: allThreads))
        return state
    }

    private func confine(allThreads: Bool) -> Int32 {
        let all = Self.systemPlaces + (mayUseDevices ? Self.devicePlaces : []) + places
        let names = all.flatMap(\.name)
        let accesses = all.map(\.access)
        return unsafe cposix_confine(names, accesses, Int32(all.count), allThreads)
    }

    private static func refuseCalls(allThreads: Bool) -> Int32 {
        #if os(Linux)
            return cseccomp_refuse(allThreads)
        #else
            return EOPNOTSUPP
        #endif
    }

    private static func reason(_ status: Int32) -> String {
        switch Errno(rawValue: status) {
        case Errno(rawValue: EOPNOTSUPP): "the kernel has no Landlock"
        case .resourceBusy: "the process has other threads already, and the kernel cannot confine them"
        case let errno: "Landlock: \(errno)"
        }
    }
}
