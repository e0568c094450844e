internal import CPosix

/// The limits on this process's memory, as they are now.
public enum MemoryLimit {
    /// Addresses that the process may use (`ulimit -v`), in bytes; `nil` without a limit.
    package static var addressSpace: Int? { known(cposix_address_space_limit()) }
    /// Addresses that it uses.
    package static var addressSpaceInUse: Int { known(cposix_address_space_used()) ?? 0 }
    /// Memory that its control group may have, in bytes; `nil` without a limit, which some kernels write as a huge number.
    package static var controlGroup: Int? { ControlGroup.ofThisProcess.memory.flatMap { $0 < 1 << 60 ? $0 : nil } }

    /// The limit of memory, for messages about failed libraries; `nil` without a limit.
    public static var description: String? {
        var limits: [String] = []
        if let addressSpace { limits.append("\(megabytes(addressSpace)) (ulimit -v)") }
        if let controlGroup { limits.append("\(megabytes(controlGroup)) (control group)") }
        return limits.isEmpty ? nil : "memory is limited to " + limits.joined(separator: " and ")
    }

    /// Whole megabytes, at least one.
    package static func megabytes(_ bytes: Int) -> String { "\(max(1, (bytes + (1 << 19)) >> 20)) MB" }

    private static func known(_ bytes: Int64) -> Int? { bytes < 0 ? nil : Int(bytes) }
}
