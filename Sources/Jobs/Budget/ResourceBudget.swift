internal import CPosix

/// How many threads and how much memory a process may use: what a scheduler has given it, else what its cgroup allows, else
/// what the machine has.
public struct ResourceBudget: Hashable, Sendable {
    /// A number, and who says it.
    public struct Share: Hashable, Sendable {
        /// Threads, or bytes.
        public var amount: Int
        /// Its source, such as `SLURM_CPUS_PER_TASK` or `the machine`.
        public var source: String

        /// A number, and who says it.
        public init(_ amount: Int, _ source: String) { (self.amount, self.source) = (amount, source) }
    }

    /// Threads that may work at once, 1 or more.
    public var threads: Share
    /// Bytes of memory.
    public var memory: Share

    /// A budget.
    public init(threads: Share, memory: Share) { (self.threads, self.memory) = (threads, memory) }

    /// The budget of this process.
    ///
    /// - Parameter environment: The environment's variables, by name.
    public static func ofThisProcess(environment: [String: String]) -> ResourceBudget {
        let machine = Machine(cores: Int(cposix_core_count()), memory: Int(cposix_physical_memory()))
        return ResourceBudget(environment: environment, machine: machine, control: ControlGroup.ofThisProcess)
    }

    /// What a machine has.
    struct Machine {
        let cores: Int
        let memory: Int
    }

    /// Chooses between the sources.
    init(environment: [String: String], machine: Machine, control: ControlGroup) {
        let threads = Self.scheduledThreads(environment) ?? Self.threads(machine, control)
        self.threads = threads
        memory = Self.scheduledMemory(environment, threads: threads.amount) ?? Self.memory(machine, control)
    }

    private static func scheduledThreads(_ environment: [String: String]) -> Share? {
        for name in ["SLURM_CPUS_PER_TASK", "CUE_THREADS"] {
            if let count = environment[name].flatMap({ Int($0) }), count > 0 { return Share(count, name) }
        }
        return nil
    }

    /// A quota of one and a half processors is worth two threads.
    private static func threads(_ machine: Machine, _ control: ControlGroup) -> Share {
        let quota = control.processors.map { Int($0.rounded(.up)) } ?? .max
        guard quota < machine.cores else { return Share(max(1, machine.cores), "the machine") }
        return Share(max(1, quota), "the cgroup")
    }

    /// Slurm counts in MiB; 0 means all of the node.
    private static func scheduledMemory(_ environment: [String: String], threads: Int) -> Share? {
        func mebibytes(_ name: String) -> Int? {
            guard let count = environment[name].flatMap({ Int($0) }), count > 0, count < 1 << 30 else { return nil }
            return count << 20
        }
        if let bytes = mebibytes("SLURM_MEM_PER_NODE") { return Share(bytes, "SLURM_MEM_PER_NODE") }
        guard let bytes = mebibytes("SLURM_MEM_PER_CPU") else { return nil }
        let (product, overflows) = bytes.multipliedReportingOverflow(by: threads)
        return Share(overflows ? .max : product, "SLURM_MEM_PER_CPU")
    }

    private static func memory(_ machine: Machine, _ control: ControlGroup) -> Share {
        let most = machine.memory > 0 ? machine.memory : 4 << 30
        guard let limit = control.memory, limit < most else {
            return Share(most / 4 * 3, "three quarters of the machine")
        }
        return Share(limit, "the cgroup")
    }
}
