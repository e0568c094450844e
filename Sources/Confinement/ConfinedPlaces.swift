internal import CPosix
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A place, and what may be done there.
struct ConfinedPlace {
    let path: FilePath
    let access: cposix_access

    init(_ path: FilePath, _ access: cposix_access) { (self.path, self.access) = (path, access) }

    /// The path's bytes, with a NUL.
    var name: [CChar] {
        // SAFETY: a platform string ends with a NUL.
        unsafe path.withPlatformString { unsafe Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1)) }
    }
}

extension Confinement {
    /// Files that the C library, codec libraries and the Swift runtime read, and devices without data.
    static var systemPlaces: [ConfinedPlace] {
        let folders = ["/usr", "/lib", "/lib32", "/lib64", "/etc", "/proc", "/sys", "/nix/store"]
        let readable = ["/dev/random", "/dev/urandom"]
        let writable = ["/dev/null", "/dev/zero", "/dev/full"]
        return (folders + readable).map { ConfinedPlace(FilePath($0), CPOSIX_READ) }
            + writable.map { ConfinedPlace(FilePath($0), CPOSIX_WRITE) }
    }

    /// Graphics devices, and what their drivers keep between runs.
    static var devicePlaces: [ConfinedPlace] {
        let cards = (0..<16).map { "/dev/nvidia\($0)" }
        let devices = ["/dev/dri", "/dev/kfd", "/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools"]
        let others = ["/dev/nvidia-modeset", "/dev/nvidia-caps", "/dev/shm"]
        let home = unsafe getenv("HOME").map { unsafe FilePath(platformString: $0) }
        let caches = home.map { [$0.appending(".cache"), $0.appending(".nv")] } ?? []
        return (cards + devices + others).map { ConfinedPlace(FilePath($0), CPOSIX_USE_DEVICE) }
            + [ConfinedPlace("/run/opengl-driver", CPOSIX_READ), ConfinedPlace("/opt", CPOSIX_READ)]
            + caches.map { ConfinedPlace($0, CPOSIX_CHANGE_FOLDER) }
    }

    /// What is named.
    var places: [ConfinedPlace] { readable.map { ConfinedPlace($0, CPOSIX_READ) } + outputs.map(Self.place(ofOutput:)) }

    /// A link stays a link: what it leads to is written, or replaced in its own folder.
    private static func place(ofOutput path: FilePath) -> ConfinedPlace {
        var status = cposix_status()
        let error = unsafe path.withPlatformString { unsafe cposix_status_of_path($0, &status) }
        guard error == 0, status.kind != CPOSIX_REGULAR else {
            let folder = resolved(path).removingLastComponent()
            return ConfinedPlace(folder.isEmpty ? "." : folder, CPOSIX_CHANGE_FOLDER)
        }
        return ConfinedPlace(path, status.kind == CPOSIX_DIRECTORY ? CPOSIX_CHANGE_FOLDER : CPOSIX_WRITE)
    }

    private static func resolved(_ path: FilePath) -> FilePath {
        guard let real = unsafe path.withPlatformString({ unsafe cposix_resolve($0) }) else { return path }
        defer { unsafe free(real) }
        return unsafe FilePath(platformString: real)
    }
}
