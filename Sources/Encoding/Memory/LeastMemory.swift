internal import Jobs
internal import VideoTypes

/// The least memory with which an encode is possible.
struct LeastMemory: Hashable {
    /// Bytes of memory.
    let bytes: Int
    /// Addresses, beyond those that are in use.
    let addresses: Int

    /// Throws if a limit on this process's memory is below what is needed.
    func check() throws(JobError) {
        try check(
            memory: MemoryLimit.controlGroup,
            addressSpace: MemoryLimit.addressSpace,
            inUse: MemoryLimit.addressSpaceInUse
        )
    }

    /// Throws if a limit is below what is needed.
    ///
    /// - Parameters:
    ///   - memory: The limit of a control group in bytes; `nil` without one.
    ///   - addressSpace: The limit on addresses in bytes; `nil` without one.
    ///   - inUse: Addresses that are in use.
    func check(memory: Int?, addressSpace: Int?, inUse: Int) throws(JobError) {
        if let memory, memory < bytes {
            let needed = MemoryLimit.megabytes(bytes)
            throw Self.tooLittle("at least \(needed)", "\(MemoryLimit.megabytes(memory)) (control group)")
        }
        if let addressSpace, addressSpace < inUse + addresses {
            let needed = MemoryLimit.megabytes(inUse + addresses)
            throw Self.tooLittle(
                "addresses for about \(needed)",
                "\(MemoryLimit.megabytes(addressSpace)) (ulimit -v)"
            )
        }
    }

    private static func tooLittle(_ needed: String, _ limit: String) -> JobError {
        .config(.insufficientResources("this encode needs \(needed) of memory, and the limit is \(limit)"))
    }
}
