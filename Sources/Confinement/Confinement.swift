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
/// On Linux, Landlock allows reading the files that are named here and those that libraries need (`/usr`, `/lib`, `/etc`,
/// `/proc`, `/sys` and a few devices), and writing in the folders of the outputs that are named here and in those below them.
/// libseccomp refuses new sockets, the start of programs, and changes of owners and permissions by name. Open descriptors stay
/// open. On other systems nothing is confined, and ``SandboxState/reason`` has the reason.
///
/// The library never does this by itself: it cannot be undone, and the process belongs to the caller. Thread-safety: called
/// before the process has other threads.
public struct Confinement: Sendable {
    /// Files that are read, and folders that are read with all that is in them. Those that are not there are passed over.
    public var readable: [FilePath] = []
    /// Outputs: a FIFO or a device is written, otherwise files are made in the output's folder.
    public var outputs: [FilePath] = []
    /// Whether devices that encode may be used, with the drivers' caches. The default is that they may not.
    public var mayUseDevices = false

    /// Only the places that libraries need.
    public init() {}

    /// Confines the process.
    ///
    /// - Returns: The active parts from now on. It does not throw: on a system without support, nothing changes.
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
